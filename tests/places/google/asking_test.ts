import { assertEquals, assertStringIncludes } from "@std/assert";
import { placesBodyBytesMax, placesCallsMax, placesTimeoutMs } from "../../../lib/limits.ts";
import { placesAnswer } from "../../../lib/places/answer.ts";
import { ApiKey } from "../../../lib/places/google/api_key.ts";
import { Asking, type Dialect, retryMs } from "../../../lib/places/google/asking.ts";
import type { Question } from "../../../lib/places/places.ts";
import { type Reply, unknownError } from "../../../lib/places/google/reply.ts";
import { keyText, question, settle, silence, testMeans, textOf } from "../means.ts";

function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, permissions: "none", fn });
}

/** 200 is places, as many as the body says; anything else is trouble, which 5xx may get over. */
const dialect: Dialect = {
  provider: "test",
  key: new ApiKey(keyText),
  request: ({ latitude }: Question) => ({
    url: `https://google.example/?key=${keyText}&latitude=${latitude}`,
    init: { method: "GET", headers: { "X-Test": "1" } },
  }),
  read: ({ httpStatus, body }: Reply) =>
    httpStatus === 200
      ? {
        answer: placesAnswer(
          Array.from({ length: Number(new TextDecoder().decode(body)) }, () => ({})),
        ),
        mayPass: false,
      }
      : unknownError(`HTTP ${httpStatus}`, { mayPass: httpStatus >= 500 }),
};

const ok = () => new Response("3");
const failure = () => new Response("", { status: 500 });
const refusal = () => new Response("", { status: 403 });
const broken = () => {
  throw new TypeError("fetch failed", {
    cause: new Error(
      `error sending request for url (https://x/?key=${encodeURIComponent(keyText)})`,
    ),
  });
};

test("Asking.ask() makes one call, does not follow redirects, and may abort it", async () => {
  const means = testMeans(ok);
  const answer = await new Asking(dialect, means).ask(question);
  assertEquals(answer.count, 3);
  assertEquals(means.calls.length, 1);
  const [call] = means.calls;
  assertEquals(call?.init.redirect, "manual");
  assertEquals(call?.init.headers, { "X-Test": "1" });
  assertEquals(call?.init.signal instanceof AbortSignal, true);
  assertEquals(means.clock.timers, 0);
  assertEquals(means.logged, []);
});

for (const [trouble, reply] of [["a broken network", broken], ["HTTP 500", failure]] as const) {
  test(`Asking.ask() tries once more after ${trouble}, later`, async () => {
    const means = testMeans(reply, ok);
    const answering = new Asking(dialect, means).ask(question);
    await means.clock.advance(retryMs * 0.75 - 1);
    assertEquals(means.calls.length, 1);
    await means.clock.advance(1);
    assertEquals(means.calls.length, 2);
    assertEquals((await answering).status, "OK");
    assertEquals(means.clock.timers, 0);
    assertEquals(means.logged.length, 1);
    assertEquals(means.logged.join().includes(keyText), false);
  });

  test(`Asking.ask() tries no third time after ${trouble}`, async () => {
    const means = testMeans(reply);
    const answering = new Asking(dialect, means).ask(question);
    await means.clock.advance(placesTimeoutMs);
    assertEquals((await answering).status, "UNKNOWN_ERROR");
    assertEquals(means.calls.length, 2);
  });
}

test("Asking.ask() waits from half to all of retryMs, as chance has it", async () => {
  for (const fraction of [0, 0.999]) {
    const means = { ...testMeans(failure, ok), random: { fraction: () => fraction } };
    const answering = new Asking(dialect, means).ask(question);
    await means.clock.advance(retryMs * (1 + fraction) / 2 - 0.001);
    assertEquals(means.calls.length, 1);
    await means.clock.advance(0.001);
    assertEquals(means.calls.length, 2);
    await answering;
  }
});

test("Asking.ask() does not try again what will not pass", async () => {
  const means = testMeans(refusal, ok);
  const answer = await new Asking(dialect, means).ask(question);
  assertEquals(answer.trouble, "HTTP 403");
  assertEquals(means.calls.length, 1);
});

test("Asking.ask() answers for a broken network without the key, whatever fetch says", async () => {
  const means = testMeans(broken);
  const answering = new Asking(dialect, means).ask(question);
  await means.clock.advance(placesTimeoutMs);
  const answer = await answering;
  assertEquals(answer.status, "UNKNOWN_ERROR");
  assertStringIncludes(textOf(answer), '"error_message" : "Google Places could not be reached."');
  assertStringIncludes(answer.trouble ?? "", "fetch failed: error sending request for url");
  assertStringIncludes(answer.trouble ?? "", "?key=[key]");
});

test("Asking.ask() gives up at the deadline, though fetch does not heed the signal", async () => {
  const means = testMeans(silence);
  const answering = new Asking(dialect, means).ask(question);
  await means.clock.advance(placesTimeoutMs - 1);
  assertEquals(await Promise.race([answering, "waiting"]), "waiting");
  await means.clock.advance(1);
  const answer = await answering;
  assertEquals(answer.status, "UNKNOWN_ERROR");
  assertStringIncludes(textOf(answer), "no answer within 5 s");
  assertEquals(means.calls[0]?.init.signal?.aborted, true);
  assertEquals(means.calls.length, 1);
  assertEquals(means.clock.timers, 0);
});

test("Asking.ask() counts the body against the deadline", async () => {
  const endless = new ReadableStream({
    start: (controller) => controller.enqueue(new Uint8Array(1)),
  });
  const means = testMeans(() => new Response(endless));
  const answering = new Asking(dialect, means).ask(question);
  await means.clock.advance(placesTimeoutMs);
  assertStringIncludes(textOf(await answering), "no answer within 5 s");
});

test("Asking.ask() counts the second try against the deadline", async () => {
  const means = testMeans(failure, silence);
  const answering = new Asking(dialect, means).ask(question);
  await means.clock.advance(placesTimeoutMs);
  assertStringIncludes(textOf(await answering), "no answer within 5 s");
  assertEquals(means.calls.length, 2);
});

test("Asking.ask() reads a body of placesBodyBytesMax and no longer one", async () => {
  for (
    const [bytes, fits] of [[placesBodyBytesMax, true], [placesBodyBytesMax + 1, false]] as const
  ) {
    let cancelled = false;
    const pieces = [new Uint8Array(bytes - 1).fill(0x20), new TextEncoder().encode("3")];
    const body = new ReadableStream({
      pull(controller) {
        const piece = pieces.shift();
        if (piece) controller.enqueue(piece);
        else controller.close();
      },
      cancel() {
        cancelled = true;
      },
    }, { highWaterMark: 0 });
    const means = testMeans(() => new Response(body));
    const answer = await new Asking(dialect, means).ask(question);
    assertEquals(answer.status, fits ? "OK" : "UNKNOWN_ERROR");
    assertEquals(cancelled, !fits);
    assertEquals(means.calls.length, 1);
  }
});

test("Asking.ask() asks the same once while it is under way, and anew afterwards", async () => {
  const reply = Promise.withResolvers<Response>();
  const means = testMeans(() => reply.promise, ok);
  const asking = new Asking(dialect, means);
  const answers = [asking.ask(question), asking.ask({ ...question }), asking.ask(question)];
  await settle();
  assertEquals(means.calls.length, 1);
  reply.resolve(ok());
  assertEquals((await Promise.all(answers)).map(({ count }) => count), [3, 3, 3]);
  await asking.ask(question);
  assertEquals(means.calls.length, 2);
});

test("Asking.ask() does not take questions for the same that differ in anything", async () => {
  const means = testMeans(ok);
  const asking = new Asking(dialect, means);
  await Promise.all([
    asking.ask(question),
    asking.ask({ ...question, latitude: 1 }),
    asking.ask({ ...question, longitude: 1 }),
    asking.ask({ ...question, radiusM: 1 }),
    asking.ask({ ...question, bound: 1 }),
  ]);
  assertEquals(means.calls.length, 5);
});

test("Asking.ask() has at most placesCallsMax calls under way; the rest wait in order", async () => {
  const replies: (() => void)[] = [];
  const means = testMeans(() => new Promise((resolve) => replies.push(() => resolve(ok()))));
  const asking = new Asking(dialect, means);
  const answers = Array.from(
    { length: placesCallsMax + 2 },
    (_, index) => asking.ask({ ...question, latitude: index / 10 }),
  );
  await settle();
  assertEquals(means.calls.length, placesCallsMax);
  for (const next of [0, 1]) {
    replies[next]?.();
    await settle();
    assertEquals(means.calls.length, placesCallsMax + next + 1);
    const latitude = (placesCallsMax + next) / 10;
    assertEquals(means.calls.at(-1)?.url.endsWith(`latitude=${latitude}`), true);
  }
  for (const reply of replies) reply();
  assertEquals((await Promise.all(answers)).every(({ status }) => status === "OK"), true);
});

test("Asking.ask() does not charge a question for its waiting", async () => {
  const means = testMeans(...Array.from({ length: placesCallsMax }, () => silence), ok);
  const asking = new Asking(dialect, means);
  const ask = (index: number) => asking.ask({ ...question, latitude: index / 10 });
  const early = Array.from({ length: placesCallsMax }, (_, index) => ask(index));
  const waited = ask(placesCallsMax);
  await means.clock.advance(placesTimeoutMs);
  assertEquals((await Promise.all(early)).every(({ status }) => status !== "OK"), true);
  assertEquals((await waited).status, "OK");
});

test("Asking shows the key in no view of it", () => {
  const asking = new Asking(dialect, testMeans(ok));
  for (
    const view of [Deno.inspect(asking, { showHidden: true, depth: 9 }), JSON.stringify(asking)]
  ) {
    assertEquals(view.includes(keyText), false, view);
  }
  return Promise.resolve();
});
