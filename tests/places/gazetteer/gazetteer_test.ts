import { assertEquals, assertMatch, assertNotEquals, assertRejects } from "@std/assert";
import fc from "fast-check";
import {
  Gazetteer,
  loadGazetteer,
  loadingGazetteer,
  placeId,
} from "../../../lib/places/gazetteer/gazetteer.ts";
import { PlaceTable } from "../../../lib/places/gazetteer/place_table.ts";
import { PlacesFileError } from "../../../lib/places/gazetteer/places_file.ts";
import { MemoryClock } from "../../memory_clock.ts";
import { question, textOf } from "../google_context.ts";

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

function gazetteerOf(...places: (typeof royce)[]): Gazetteer {
  const table = new PlaceTable();
  for (const place of places) table.add(place);
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
         "place_id" : "${await placeId({ place: royce, twins: 0 })}",
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
  assertEquals(ids[0], await placeId({ place: royce, twins: 0 }));
});

test("placeId() is the same for ever", async () => {
  assertEquals(await placeId({ place: royce, twins: 0 }), "herd.mVFbHupTdbdYUIIofxXh");
});

test("placeId() depends on name and position, and on nothing else", async () => {
  const id = await placeId({ place: royce, twins: 0 });
  assertEquals(await placeId({ place: { ...royce, types: [], vicinity: "" }, twins: 0 }), id);
  for (const change of [{ name: "Royce" }, { latitude: 34 }, { longitude: -118 }]) {
    assertNotEquals(await placeId({ place: { ...royce, ...change }, twins: 0 }), id);
  }
  assertNotEquals(await placeId({ place: royce, twins: 1 }), id);
});

test("placeId() is one word of 25 characters for any name", async () => {
  await fc.assert(fc.asyncProperty(fc.string({ unit: "binary" }), async (name) => {
    assertMatch(await placeId({ place: { ...royce, name }, twins: 0 }), /^herd\.[\w-]{20}$/);
  }));
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
  const answering = places.ask(question);
  await new MemoryClock().settle();
  assertEquals(await Promise.race([answering, places.ready, "waiting"]), "waiting");
  loading.resolve(gazetteerOf(royce));
  await places.ready;
  assertEquals((await answering).count, 1);
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
