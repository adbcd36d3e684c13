// Where places come from besides Google's legacy API: the gazetteer, which needs no key, and Places API
// (New), answered in the legacy API's shape.

import { assert, assertEquals } from "@std/assert";
import { chapter, processes } from "../process/chapter.ts";
import { RunningHerd } from "../process/running_herd.ts";
import { startWithGoogle, whatsatAnswer } from "./herd_with_google.ts";

Deno.test({
  name: "Without a key, both of the assignment's questions are answered on one connection",
  ...processes,
  async fn() {
    await using herd = await RunningHerd.start({ servers: ["Clark"] });
    const answer = await herd.ask(
      "Clark",
      "IAMAT kiwi.cs.ucla.edu +34.068930-118.445127 1621464827.959498503\n" +
        "WHATSAT kiwi.cs.ucla.edu 10 5\n",
    );
    const [at, ...rest] = answer.split("\n");
    const near = whatsatAnswer(rest.join("\n"));
    assertEquals(near.at, at);
    assertEquals([near.json.status, near.json.results.length], ["OK", 5]);
    for (const { name, place_id, geometry, types, vicinity } of near.json.results) {
      const { lat, lng } = geometry.location;
      assert(Math.abs(lat - 34.06893) < 0.1 && Math.abs(lng + 118.445127) < 0.12, name);
      assert(name && place_id && types.length > 0 && vicinity);
    }
  },
});

const says = chapter("Google's new API is answered as its legacy one", async () => {
  const world = await startWithGoogle("google", { servers: ["Clark"] });
  return { ...world, at: await world.herd.report("Clark", "kiwi") };
});

says("The question goes to Google whole, the key in a header", async ({ herd, google }) => {
  google.reset();
  await herd.ask("Clark", "WHATSAT kiwi 12.5 7\n");
  const [asked] = google.asked;
  assertEquals([asked?.method, asked?.url.href], ["POST", google.newUrl]);
  assertEquals(JSON.parse(asked!.body), {
    maxResultCount: 7,
    locationRestriction: {
      circle: { center: { latitude: 34.06893, longitude: -118.445127 }, radius: 12500 },
    },
  });
  const mask = asked?.headers.get("x-goog-fieldmask") ?? "";
  assert(mask.startsWith("places.") && !/[ *]/.test(mask), mask);
});

says("The places come in the legacy shape, as many as the bound lets", async ({ herd, at }) => {
  const answer = whatsatAnswer(await herd.ask("Clark", "WHATSAT kiwi 10 3\n"));
  assertEquals(answer.at, at);
  assertEquals(Object.keys(answer.json), ["html_attributions", "results", "status"]);
  assertEquals(answer.json.status, "OK");
  assertEquals(answer.json.results.length, 3);
  const { name, geometry, place_id, types, vicinity } = answer.json.results[1];
  assertEquals({ name, geometry, place_id, types, vicinity }, {
    name: "Place 1",
    geometry: { location: { lat: 34.0699, lng: -118.4452 } },
    place_id: "ChIJ-stand-in-1",
    types: ["restaurant", "food", "point_of_interest", "establishment"],
    vicinity: "1 Westwood Plaza, Los Angeles",
  });
});

says("No places are an answer too", async ({ herd, google }) => {
  google.next("zero");
  const { json } = whatsatAnswer(await herd.ask("Clark", "WHATSAT kiwi 10 3\n"));
  assertEquals(json, { html_attributions: [], results: [], status: "ZERO_RESULTS" });
});

says(
  "It is printed as Google prints it: three spaces, a space before the colon",
  async ({ herd }) => {
    const { text } = whatsatAnswer(await herd.ask("Clark", "WHATSAT kiwi 10 1\n"));
    assert(text.startsWith('{\n   "html_attributions" : [],\n   "results" : [\n      {\n'), text);
    assert(text.endsWith('\n      }\n   ],\n   "status" : "OK"\n}'), text);
    assert(!text.includes("\n\n"));
  },
);
