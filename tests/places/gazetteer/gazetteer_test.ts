import { assertEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import { Block } from "../../../lib/block.ts";
import { escapedBytes, escapeTo } from "../../../lib/log/escape.ts";
import {
  Gazetteer,
  loadGazetteer,
  loadingGazetteer,
} from "../../../lib/places/gazetteer/gazetteer.ts";
import { placeOfFeature } from "../../../lib/places/gazetteer/geojson_feature.ts";
import { placeId } from "../../../lib/places/gazetteer/place_id.ts";
import type { Place } from "../../../lib/places/gazetteer/place_records.ts";
import { PlaceTable } from "../../../lib/places/gazetteer/place_table.ts";
import { PlacesFileError } from "../../../lib/places/gazetteer/places_file.ts";
import { MemoryClock } from "../../memory_clock.ts";
import type { Question } from "../../../lib/places/places.ts";
import { question, textOf } from "../google_context.ts";
import { latitudesTried, longitudesTried, referenceAnswer } from "./reference.ts";

function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, permissions: "none", fn });
}

const royce = {
  name: "Royce Hall",
  latitude: 34.0729,
  longitude: -118.4422,
  types: ["university", "point_of_interest"],
  vicinity: "10745 Dickson Court, Los Angeles",
};

function gazetteerOf(...places: Place[]): Gazetteer {
  const table = new PlaceTable();
  for (const place of places) table.add(place);
  for (const _ of table.index());
  return new Gazetteer(table);
}

test("Gazetteer.ask() answers in Google's legacy shape, and invents nothing", async () => {
  const answer = await gazetteerOf(royce).ask(question);
  assertEquals(answer.status, "OK");
  assertEquals(answer.count, 1);
  assertEquals(
    textOf(answer),
    `{
   "html_attributions" : [],
   "results" : [
      {
         "geometry" : {
            "location" : {
               "lat" : 34.0729,
               "lng" : -118.4422
            }
         },
         "name" : "Royce Hall",
         "place_id" : "herd.${placeId({ ...royce, twins: 0 })}",
         "types" : [ "university", "point_of_interest" ],
         "vicinity" : "10745 Dickson Court, Los Angeles"
      }
   ],
   "status" : "OK"
}`,
  );
});

test("Gazetteer.ask() takes the radius in metres", async () => {
  const gazetteer = gazetteerOf(royce);
  // Royce Hall is 517 m from the question's point.
  assertEquals((await gazetteer.ask({ ...question, radiusM: 530 })).status, "OK");
  assertEquals((await gazetteer.ask({ ...question, radiusM: 500 })).status, "ZERO_RESULTS");
});

test("Gazetteer.ask() gives each place an ID of its own, twins too", async () => {
  const other = { ...royce, name: "Powell Library" };
  const answer = await gazetteerOf(royce, other, royce, { ...royce, types: [] }).ask(question);
  const ids = JSON.parse(textOf(answer)).results.map((result: { place_id: string }) =>
    result.place_id
  );
  assertEquals(new Set(ids).size, 4);
  assertEquals(ids[0], `herd.${placeId({ ...royce, twins: 0 })}`);
});

/** Holds what is on the wire and in the log against the plainest way to make it. */
async function assertAnswers(gazetteer: Gazetteer, places: Place[], question: Question) {
  const { json } = await referenceAnswer(places, question);
  const answer = gazetteer.answerAtOnce(question);
  const target = new Block(3 + answer.bytes + answer.shownBytesMax);
  const end = answer.writeTo(target, 3);
  const written = new TextDecoder().decode(target.bytes.subarray(3, end));
  assertEquals(written, new TextDecoder().decode(json));
  assertEquals(end, 3 + answer.bytes);
  const shown = new Block(json.length * escapedBytes);
  const shownEnd = escapeTo(json, 0, json.length, shown, 0);
  const logged = target.bytes.subarray(end, answer.writeShownTo(target, end));
  assertEquals(logged, shown.bytes.subarray(0, shownEnd));
  assertEquals((await gazetteer.ask(question)).json, json);
}

test("Gazetteer.answerAtOnce() prints every place that comes with the server as ever", async () => {
  const gazetteer = await loadGazetteer();
  const { default: collection } = await import(
    "../../../lib/places/gazetteer/gazetteer.json",
    { with: { type: "json" } }
  );
  const places = collection.features.map((feature) => placeOfFeature(feature, ""));
  for (const { latitude, longitude } of places) {
    await assertAnswers(gazetteer, places, { latitude, longitude, radiusM: 3_000, bound: 10 });
  }
});

test("Gazetteer.answerAtOnce() prints any place as ever, in the log too", async () => {
  const text = fc.oneof(
    fc.string({ unit: "binary", minLength: 1 }),
    fc.constantFrom("Café", "<b>", 'a "b" \\', "\\u003c", "\u202e", "line\nend", "東京 😀"),
  );
  const place = fc.record({
    name: text,
    latitude: fc.oneof(
      fc.constantFrom(...latitudesTried),
      fc.double({ min: 0, max: 0.2, noNaN: true }),
    ),
    longitude: fc.oneof(
      fc.constantFrom(...longitudesTried),
      fc.double({ min: 0, max: 0.2, noNaN: true }),
    ),
    types: fc.array(fc.oneof(text, fc.constant("a_rather_long_type_of_place"))),
    vicinity: text,
  });
  const asked = fc.record({
    latitude: fc.constantFrom(...latitudesTried),
    longitude: fc.constantFrom(...longitudesTried),
    radiusM: fc.integer({ min: 1, max: 50_000 }),
    bound: fc.integer({ min: 1, max: 20 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(place), fc.array(asked), async (places, questions) => {
      // Twins, too.
      const all = [...places, ...places.map((place) => ({ ...place }))];
      const gazetteer = gazetteerOf(...all);
      for (const question of questions) await assertAnswers(gazetteer, all, question);
    }),
    { numRuns: 300 },
  );
});

test("loadGazetteer() has places of its own, and needs no permission for them", async () => {
  const gazetteer = await loadGazetteer();
  assertEquals(gazetteer.provider, "gazetteer");
  assertEquals(gazetteer.size > 0, true);
});

test("loadGazetteer() rejects a file that it may not read", async () => {
  await assertRejects(
    () => loadGazetteer({ path: "places.txt", clock: { soon: queueMicrotask } }),
    PlacesFileError,
    "places.txt: cannot be",
  );
});

test("loadingGazetteer() can be asked before it is ready", async () => {
  const loading = Promise.withResolvers<Gazetteer>();
  const places = loadingGazetteer(loading.promise);
  assertEquals(places.answerAtOnce?.(question), null);
  const answering = places.ask(question);
  await new MemoryClock().settle();
  assertEquals(await Promise.race([answering, places.ready, "waiting"]), "waiting");
  loading.resolve(gazetteerOf(royce));
  await places.ready;
  assertEquals((await answering).count, 1);
  assertEquals(places.answerAtOnce?.(question)?.bytes, (await answering).json.length);
  assertEquals((await places.ask(question)).count, 1);
});

test("loadingGazetteer() answers with trouble when it does not load, and ready says why", async () => {
  const error = new PlacesFileError("places.txt: line 2: what is wrong");
  const places = loadingGazetteer(Promise.reject(error));
  const answer = await places.ask(question);
  assertEquals(answer.status, "UNKNOWN_ERROR");
  assertEquals(answer.trouble, "places.txt: line 2: what is wrong");
  assertEquals(JSON.parse(textOf(answer)).error_message, "The gazetteer did not load.");
  await assertRejects(() => places.ready, PlacesFileError, "line 2");
});

test("loadingGazetteer() leaves no rejection unheard when nobody waits", async () => {
  loadingGazetteer(Promise.reject(new PlacesFileError("unheard")));
  await new MemoryClock().settle();
});
