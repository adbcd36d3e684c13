import { assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { ApiKey } from "../../../lib/places/google/api_key.ts";
import { google, googleEndpoint, type GoogleOptions } from "../../../lib/places/google/google.ts";
import { keyText, question, type TestContext, testContext, textOf } from "../google_context.ts";

function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, permissions: "none", fn });
}

const key = new ApiKey(keyText);

function reply(status: number, body: unknown): () => Response {
  return () => new Response(JSON.stringify(body), { status });
}

/** Asks once; time passes as far as the second try needs. */
async function ask(context: TestContext, options: GoogleOptions = {}) {
  const answering = google(key, { ...options, ...context }).ask(question);
  await context.clock.run(1000);
  return await answering;
}

function error(code: number, status: string, reason?: string, metadata: unknown = {}) {
  const details = reason === undefined
    ? []
    : [{ "@type": "type.googleapis.com/google.rpc.Help" }, { reason, metadata }];
  return reply(code, { error: { code, message: "Google's words.", status, details } });
}

test("google() asks as Places API (New) wants it, the key in a header only", async () => {
  const context = testContext(reply(200, {}));
  await ask(context);
  const [{ url, init } = { url: "", init: {} }] = context.calls;
  assertEquals(url, googleEndpoint);
  assertEquals(init.method, "POST");
  assertEquals(init.headers, {
    "Content-Type": "application/json",
    "X-Goog-Api-Key": keyText,
    "X-Goog-FieldMask":
      "places.id,places.displayName,places.location,places.viewport,places.types," +
      "places.shortFormattedAddress,places.formattedAddress,places.businessStatus," +
      "places.plusCode,places.iconMaskBaseUri,places.iconBackgroundColor,places.photos," +
      "places.attributions",
  });
  assertEquals(JSON.parse(String(init.body)), {
    maxResultCount: 5,
    locationRestriction: {
      circle: { center: { latitude: 34.06893, longitude: -118.445127 }, radius: 10_000 },
    },
  });
});

test("google() asks at the endpoint that it is given", async () => {
  const context = testContext(reply(200, {}));
  await ask(context, { endpoint: "http://127.0.0.1:9/x" });
  assertEquals(context.calls[0]?.url, "http://127.0.0.1:9/x");
});

test("google() answers in the legacy shape", async () => {
  const places = [{
    id: "ChIJ1",
    displayName: { text: "Royce Hall" },
    location: { latitude: 34.0729, longitude: -118.4422 },
    types: ["university", "point_of_interest"],
    shortFormattedAddress: "10745 Dickson Court, Los Angeles",
    attributions: [{ provider: "P", providerUri: "https://p.example/" }],
  }];
  const answer = await ask(testContext(reply(200, { places })));
  assertEquals(answer.status, "OK");
  assertEquals(answer.count, 1);
  assertEquals(
    textOf(answer),
    `{
   "html_attributions" : [ "\\u003ca href=\\"https://p.example/\\"\\u003eP\\u003c/a\\u003e" ],
   "results" : [
      {
         "geometry" : {
            "location" : {
               "lat" : 34.0729,
               "lng" : -118.4422
            }
         },
         "name" : "Royce Hall",
         "place_id" : "ChIJ1",
         "reference" : "ChIJ1",
         "scope" : "GOOGLE",
         "types" : [ "university", "point_of_interest" ],
         "vicinity" : "10745 Dickson Court, Los Angeles"
      }
   ],
   "status" : "OK"
}`,
  );
});

test("google() answers ZERO_RESULTS when Google names no places", async () => {
  for (const body of [{}, { places: [] }]) {
    assertEquals((await ask(testContext(reply(200, body)))).status, "ZERO_RESULTS");
  }
});

test("google() gives no more places than the bound, though Google did", async () => {
  const places = Array.from({ length: 9 }, (_, index) => ({ id: `${index}` }));
  assertEquals((await ask(testContext(reply(200, { places })))).count, 5);
});

const perMinute = { quota_limit: "SearchNearbyRequestPerMinutePerProject" };
const perDay = { quota_limit: "SearchNearbyRequestPerDayPerProject" };
const troubles = [
  { reply: error(400, "INVALID_ARGUMENT"), status: "INVALID_REQUEST", calls: 1 },
  { reply: error(400, "INVALID_ARGUMENT", "API_KEY_INVALID"), status: "REQUEST_DENIED", calls: 1 },
  { reply: error(403, "PERMISSION_DENIED"), status: "REQUEST_DENIED", calls: 1 },
  {
    reply: error(403, "PERMISSION_DENIED", "SERVICE_DISABLED"),
    status: "REQUEST_DENIED",
    calls: 1,
  },
  { reply: error(403, "X", "BILLING_DISABLED"), status: "REQUEST_DENIED", calls: 1 },
  { reply: error(400, "X", "API_KEY_IP_ADDRESS_BLOCKED"), status: "REQUEST_DENIED", calls: 1 },
  { reply: error(401, "UNAUTHENTICATED"), status: "REQUEST_DENIED", calls: 1 },
  { reply: error(429, "RESOURCE_EXHAUSTED"), status: "OVER_QUERY_LIMIT", calls: 1 },
  {
    reply: error(429, "RESOURCE_EXHAUSTED", "RATE_LIMIT_EXCEEDED", perDay),
    status: "OVER_QUERY_LIMIT",
    calls: 1,
  },
  {
    reply: error(429, "RESOURCE_EXHAUSTED", "RATE_LIMIT_EXCEEDED", perMinute),
    status: "OVER_QUERY_LIMIT",
    calls: 2,
  },
  {
    reply: error(429, "X", "RATE_LIMIT_EXCEEDED", { quota_unit: "1/min/{project}" }),
    status: "OVER_QUERY_LIMIT",
    calls: 2,
  },
  { reply: error(500, "INTERNAL"), status: "UNKNOWN_ERROR", calls: 2 },
  { reply: error(503, "UNAVAILABLE"), status: "UNKNOWN_ERROR", calls: 2 },
  { reply: error(504, "DEADLINE_EXCEEDED"), status: "UNKNOWN_ERROR", calls: 2 },
  { reply: reply(403, "no object"), status: "REQUEST_DENIED", calls: 1 },
  { reply: reply(429, {}), status: "OVER_QUERY_LIMIT", calls: 1 },
  { reply: () => new Response("<h1>502</h1>", { status: 502 }), status: "UNKNOWN_ERROR", calls: 2 },
  { reply: () => new Response(null, { status: 302 }), status: "UNKNOWN_ERROR", calls: 1 },
  { reply: () => new Response("<html>"), status: "UNKNOWN_ERROR", calls: 2 },
  { reply: () => new Response(""), status: "UNKNOWN_ERROR", calls: 2 },
  { reply: () => new Response(Uint8Array.of(0x22, 0xff, 0x22)), status: "UNKNOWN_ERROR", calls: 2 },
  { reply: reply(200, { places: "none" }), status: "UNKNOWN_ERROR", calls: 2 },
  { reply: reply(200, []), status: "UNKNOWN_ERROR", calls: 2 },
];

for (const [index, { reply, status, calls }] of troubles.entries()) {
  const { status: httpStatus, body } = await described(reply());
  test(`google() answers ${status} after ${calls} calls to ${httpStatus} ${index} ${body}`, async () => {
    const context = testContext(reply);
    const answer = await ask(context);
    assertEquals(answer.status, status);
    assertEquals(answer.count, 0);
    assertEquals(context.calls.length, calls);
    const shape = JSON.parse(textOf(answer));
    assertEquals(Object.keys(shape), ["error_message", "html_attributions", "results", "status"]);
    assertEquals(shape.status, status);
    assertEquals(typeof answer.trouble, "string");
  });
}

async function described(response: Response): Promise<{ status: number; body: string }> {
  return { status: response.status, body: (await response.text()).slice(0, 150) };
}

test("google() passes Google's message on, and says more in the log", async () => {
  const answer = await ask(testContext(error(403, "PERMISSION_DENIED", "SERVICE_DISABLED")));
  assertStringIncludes(textOf(answer), `"error_message" : "Google's words."`);
  assertEquals(answer.trouble, "HTTP 403 PERMISSION_DENIED SERVICE_DISABLED: Google's words.");
});

test("google() takes the key out of whatever Google says", async () => {
  const spelled = [keyText, encodeURIComponent(keyText), JSON.stringify(keyText)];
  const body = {
    error: { code: 400, message: spelled.join(), status: keyText, details: [{ reason: keyText }] },
  };
  for (const context of [testContext(reply(400, body)), testContext(reply(503, body))]) {
    const answer = await ask(context);
    const seen = [textOf(answer), answer.trouble ?? "", ...context.logged].join("\n");
    assertEquals(seen.includes(keyText) || seen.includes(encodeURIComponent(keyText)), false, seen);
    assertStringIncludes(seen, "[key]");
  }
});

test("google() answers whatever Google sends, and never rejects", async () => {
  const body = fc.oneof(
    fc.uint8Array(),
    fc.json().map((text) => new TextEncoder().encode(text)),
    fc.record({ places: fc.jsonValue(), error: fc.jsonValue() }).map((value) =>
      new TextEncoder().encode(JSON.stringify(value))
    ),
  );
  const httpStatus = fc.constantFrom(200, 203, 302, 400, 403, 429, 500);
  await fc.assert(
    fc.asyncProperty(httpStatus, body, async (status, body) => {
      const context = testContext(() => new Response(body.slice(), { status }));
      const answering = google(key, context).ask(question);
      await context.clock.settle();
      await context.clock.run(1000);
      assertEquals(JSON.parse(textOf(await answering)).status, (await answering).status);
    }),
    { numRuns: 50 },
  );
});

test("google() shows the key in no view of it", async () => {
  const places = google(key, testContext(reply(200, {})));
  await places.ask(question);
  for (
    const view of [Deno.inspect(places, { showHidden: true, depth: 9 }), JSON.stringify(places)]
  ) {
    assertEquals(view.includes(keyText), false, view);
  }
});
