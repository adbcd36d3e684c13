import { assertEquals, assertRejects, assertThrows } from "@std/assert";
import { PlacesConfigurationError } from "../../../lib/places/google/api_key.ts";
import { PlacesFileError } from "../../../lib/places/gazetteer/places_file.ts";
import { placesPerDay, placesPerMinute } from "../../../lib/limits.ts";
import { choosePlaces } from "../../../lib/cli/serve/choose_places.ts";
import { keyText, question, testContext } from "../../places/google_context.ts";

function test(name: string, fn: () => Promise<void> | void): void {
  Deno.test({ name, permissions: "none", fn });
}

const zero = () => new Response('{ "results" : [], "status" : "ZERO_RESULTS" }');

for (
  const [wishes, provider] of [
    [{}, "gazetteer"],
    [{ key: "" }, "gazetteer"],
    [{ key: " \n" }, "gazetteer"],
    [{ key: keyText }, "google"],
    [{ key: ` ${keyText}\n` }, "google"],
    [{ provider: "gazetteer", key: keyText }, "gazetteer"],
    [{ provider: "google", key: keyText }, "google"],
    [{ provider: "google-legacy", key: keyText }, "google-legacy"],
  ] as const
) {
  const said = JSON.stringify(wishes).replace(keyText, "KEY");
  test(`choosePlaces() takes ${provider} for ${said}`, async () => {
    const places = choosePlaces({ ...testContext(zero), ...wishes });
    assertEquals(places.provider, provider);
    await places.ready;
  });
}

for (const provider of ["google", "google-legacy"] as const) {
  test(`choosePlaces() rejects ${provider} without a key`, () => {
    for (const key of [undefined, "", " "]) {
      assertThrows(
        () => choosePlaces({ ...testContext(), provider, key }),
        PlacesConfigurationError,
        `places.provider: "${provider}": needs a key in GOOGLE_PLACES_API_KEY`,
      );
    }
  });

  test(`choosePlaces() asks ${provider} at its endpoint, with the key as it should be`, async () => {
    const context = testContext(zero);
    const endpoint = "http://127.0.0.1:9/here";
    const places = choosePlaces({ ...context, provider, endpoint, key: ` ${keyText}\n` });
    await places.ask(question);
    const [{ url, init } = { url: "", init: {} }] = context.calls;
    assertEquals(url.split("?")[0], endpoint);
    const sent = new Headers(init.headers).get("x-goog-api-key") ??
      new URL(url).searchParams.get("key");
    assertEquals(sent, keyText);
  });
}

test("choosePlaces() gives Google the operator's budget, or the usual one, and counts", async () => {
  const budgets = [
    [{}, placesPerMinute],
    [{ perMinute: 3 }, 3],
    [{ perDay: 2 }, 2],
    [{ perMinute: placesPerDay + 1 }, placesPerDay],
  ] as const;
  for (const [wishes, calls] of budgets) {
    const context = testContext(zero);
    const places = choosePlaces({ ...context, ...wishes, key: keyText });
    for (let latitude = 0; latitude < calls; latitude++) {
      await places.ask({ ...question, latitude });
    }
    assertEquals((await places.ask(question)).status, "OVER_QUERY_LIMIT");
    assertEquals([places.calls?.taken, places.calls?.refused], [calls, 1]);
    assertEquals(context.calls.length, calls);
  }
  assertEquals(choosePlaces(testContext()).calls, undefined);
});

test("choosePlaces() rejects a key with a line end inside, and does not quote it", () => {
  const error = assertThrows(
    () => choosePlaces({ ...testContext(), key: "AIza\nsecret" }),
    PlacesConfigurationError,
  ) as Error;
  assertEquals(error.message.includes("secret"), false);
});

test("choosePlaces() rejects an endpoint that is no http URL", () => {
  for (const endpoint of ["", "places", "file:///etc/passwd", "http://"]) {
    assertThrows(
      () => choosePlaces({ ...testContext(), key: keyText, endpoint }),
      PlacesConfigurationError,
      "places.endpoint",
    );
  }
});

test("choosePlaces() does not wait for the file, and ready rejects when it is wrong", async () => {
  const places = choosePlaces({ ...testContext(), file: "places.txt" });
  assertEquals((await places.ask(question)).status, "UNKNOWN_ERROR");
  await assertRejects(() => places.ready, PlacesFileError, "places.txt");
});

test("choosePlaces() gives out nothing that shows the key", () => {
  const places = choosePlaces({ ...testContext(zero), key: keyText });
  for (
    const view of [Deno.inspect(places, { showHidden: true, depth: 9 }), JSON.stringify(places)]
  ) {
    assertEquals(view.includes(keyText), false, view);
  }
});
