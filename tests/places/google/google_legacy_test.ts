import { assertEquals, assertStringIncludes } from "@std/assert";
import fc from "fast-check";
import { ApiKey } from "../../../lib/places/google/api_key.ts";
import { googleLegacy, googleLegacyEndpoint } from "../../../lib/places/google/google_legacy.ts";
import type { Question } from "../../../lib/places/places.ts";
import { legacyText } from "../../spec/google_replies.ts";
import { keyText, question, type TestContext, testContext, textOf } from "../google_context.ts";

function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, permissions: "none", fn });
}

const key = new ApiKey(keyText);

function reply(body: string | Uint8Array<ArrayBuffer>, status = 200): () => Response {
  return () => new Response(body, { status });
}

/** Asks once; time passes as far as the second try needs. */
async function ask(context: TestContext, asked: Partial<Question> = {}) {
  const answering = googleLegacy(key, context).ask({ ...question, ...asked });
  await context.clock.run(1000);
  return await answering;
}

test("googleLegacy() asks as Places API (Legacy) wants it", async () => {
  const context = testContext(reply(legacyText({ places: 1 })));
  await ask(context);
  const [{ url, init } = { url: "", init: {} }] = context.calls;
  assertEquals(init.method, "GET");
  assertEquals(url.split("?")[0], googleLegacyEndpoint);
  assertEquals([...new URL(url).searchParams], [
    ["location", "34.06893,-118.445127"],
    ["radius", "10000"],
    ["key", keyText],
  ]);
});

test("googleLegacy() writes numbers without exponents, and zero without a sign", async () => {
  const context = testContext(reply(legacyText({ places: 1 })));
  await ask(context, { latitude: 1e-7, longitude: -1e-12, radiusM: 0.5 });
  const asked = new URL(context.calls[0]?.url ?? "").searchParams;
  assertEquals([asked.get("location"), asked.get("radius")], ["0.0000001,0", "0.5"]);
});

test("googleLegacy() keeps what the endpoint brings in its query", async () => {
  const context = testContext(reply(legacyText({ places: 1 })));
  const endpoint = "http://127.0.0.1:9/json?language=fr";
  await googleLegacy(key, { ...context, endpoint }).ask(question);
  assertStringIncludes(context.calls[0]?.url ?? "", `${endpoint}&location=`);
});

test("googleLegacy() answers with Google's own text, cut to the bound", async () => {
  const answer = await ask(testContext(reply(legacyText({ places: 8 }))));
  assertEquals(answer.status, "OK");
  assertEquals(answer.count, 5);
  assertEquals(textOf(answer), legacyText({ places: 5 }).trimEnd());
});

test("googleLegacy() folds newlines, and leaves Google's newer style and every number", async () => {
  const text = legacyText({ behaviour: "style b", places: 3 });
  assertEquals(text.includes("\n\n") && text.includes('"types" : [ '), true);
  const answer = await ask(testContext(reply(text)));
  assertEquals(textOf(answer), text.replace(/\n+/g, "\n").replace(/\n$/, ""));
  assertStringIncludes(textOf(answer), "-118.4452000");
});

test("googleLegacy() keeps a byte order mark, carriage returns and a next_page_token", async () => {
  const text = `\uFEFF${legacyText({ places: 20 }).replaceAll("\n", "\r\n")}`;
  const answer = await ask(testContext(reply(text)), { bound: 20 });
  assertEquals(answer.json, new TextEncoder().encode(text.replace(/\n$/, "")));
  assertStringIncludes(text, "next_page_token");
});

for (
  const { word, status, calls } of [
    { word: "ZERO_RESULTS", status: "ZERO_RESULTS", calls: 1 },
    { word: "INVALID_REQUEST", status: "INVALID_REQUEST", calls: 1 },
    { word: "OVER_QUERY_LIMIT", status: "OVER_QUERY_LIMIT", calls: 1 },
    { word: "OVER_DAILY_LIMIT", status: "OVER_QUERY_LIMIT", calls: 1 },
    { word: "REQUEST_DENIED", status: "REQUEST_DENIED", calls: 1 },
    { word: "UNKNOWN_ERROR", status: "UNKNOWN_ERROR", calls: 2 },
    { word: "A_NEW_WORD", status: "UNKNOWN_ERROR", calls: 2 },
  ]
) {
  test(`googleLegacy() passes Google's ${word} on, after ${calls} calls`, async () => {
    const text = `{ "error_message" : "Why.", "results" : [], "status" : "${word}" }`;
    const context = testContext(reply(`${text}\n`));
    const answer = await ask(context);
    assertEquals(textOf(answer), text);
    assertEquals(answer.status, status);
    assertEquals(answer.trouble, status === "ZERO_RESULTS" ? undefined : `${word} Why.`);
    assertEquals(context.calls.length, calls);
  });
}

for (
  const { name, body, httpStatus = 200, status, calls } of [
    { name: "HTML", body: "<html>", status: "UNKNOWN_ERROR", calls: 2 },
    { name: "nothing", body: "", status: "UNKNOWN_ERROR", calls: 2 },
    { name: "half an answer", body: '{ "results" : [', status: "UNKNOWN_ERROR", calls: 2 },
    {
      name: "a comment in it",
      body: '{ /**/ "results" : [], "status" : "OK" }',
      status: "UNKNOWN_ERROR",
      calls: 2,
    },
    {
      name: "a trailing comma",
      body: '{ "results" : [1,], "status" : "OK" }',
      status: "UNKNOWN_ERROR",
      calls: 2,
    },
    { name: "no results", body: '{ "status" : "OK" }', status: "UNKNOWN_ERROR", calls: 2 },
    { name: "no status", body: '{ "results" : [] }', status: "UNKNOWN_ERROR", calls: 2 },
    { name: "an array", body: "[]", status: "UNKNOWN_ERROR", calls: 2 },
    { name: "HTTP 500", body: "<h1>", httpStatus: 500, status: "UNKNOWN_ERROR", calls: 2 },
    { name: "HTTP 403", body: "<h1>", httpStatus: 403, status: "REQUEST_DENIED", calls: 1 },
    { name: "HTTP 429", body: "<h1>", httpStatus: 429, status: "OVER_QUERY_LIMIT", calls: 1 },
    { name: "HTTP 400", body: "{}", httpStatus: 400, status: "INVALID_REQUEST", calls: 1 },
  ]
) {
  test(`googleLegacy() answers ${status} to ${name}, after ${calls} calls`, async () => {
    const context = testContext(reply(body, httpStatus));
    const answer = await ask(context);
    assertEquals(answer.status, status);
    assertEquals(context.calls.length, calls);
    const shape = JSON.parse(textOf(answer));
    assertEquals(Object.keys(shape), ["error_message", "html_attributions", "results", "status"]);
  });
}

test("googleLegacy() answers UNKNOWN_ERROR to a byte that no UTF-8 has", async () => {
  const text = new TextEncoder().encode('{ "results" : ["?"], "status" : "OK" }');
  const answer = await ask(testContext(reply(text.map((byte) => byte === 0x3f ? 0xff : byte))));
  assertEquals(answer.status, "UNKNOWN_ERROR");
});

test("googleLegacy() passes on nesting that is deeper than any recursion", async () => {
  const deep = `${"[".repeat(200_000)}${"]".repeat(200_000)}`;
  const answer = await ask(testContext(reply(`{ "results" : [${deep}], "status" : "OK" }`)));
  assertEquals(answer.status, "OK");
});

test("googleLegacy() takes the key out of Google's own text and out of HTTP errors", async () => {
  const message = `Bad key ${keyText}, ${encodeURIComponent(keyText)}.`;
  const text = JSON.stringify({ error_message: message, results: [], status: "REQUEST_DENIED" });
  for (const context of [testContext(reply(text)), testContext(reply(text, 500))]) {
    const answer = await ask(context);
    assertEquals(JSON.parse(textOf(answer)).error_message, "Bad key [key], [key].");
    const logged = [answer.trouble ?? "", ...context.logged].join("\n");
    assertEquals(logged.includes(keyText), false, logged);
  }
});

test("googleLegacy() answers whatever Google sends, and never rejects", async () => {
  const body = fc.oneof(
    fc.string(),
    fc.json(),
    fc.record({ results: fc.jsonValue(), status: fc.jsonValue() }).map((v) => JSON.stringify(v)),
  );
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(200, 302, 404, 500), body, async (status, body) => {
      const answer = await ask(testContext(reply(body, status)));
      JSON.parse(textOf(answer));
      assertEquals(textOf(answer).includes("\n\n"), false);
    }),
    { numRuns: 50 },
  );
});

test("googleLegacy() shows the key in no view of it", async () => {
  const places = googleLegacy(key, testContext(reply(legacyText({ places: 1 }))));
  await places.ask(question);
  for (
    const view of [Deno.inspect(places, { showHidden: true, depth: 9 }), JSON.stringify(places)]
  ) {
    assertEquals(view.includes(keyText), false, view);
  }
});
