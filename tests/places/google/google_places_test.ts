import { assertEquals, assertStringIncludes } from "@std/assert";
import {
  placesBodyBytesMax,
  placesBudgetLogMs,
  placesCallsMax,
  placesRetryMs,
  placesTimeoutMs,
} from "../../../lib/limits.ts";
import { placesAnswer } from "../../../lib/places/answer.ts";
import { ApiKey } from "../../../lib/places/google/api_key.ts";
import { Budget } from "../../../lib/places/google/budget.ts";
import { type Dialect, GooglePlaces } from "../../../lib/places/google/google_places.ts";
import type { Question } from "../../../lib/places/places.ts";
import { type Reply, unknownError } from "../../../lib/places/google/reply.ts";
import { keyText, question, silence, testContext, textOf } from "../google_context.ts";

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
        isTransient: false,
      }
      : unknownError(`HTTP ${httpStatus}`, { isTransient: httpStatus >= 500 }),
};

function withBudget(perMinute: number, reply: () => Response | Promise<Response>) {
  const context = testContext(reply);
  const { clock } = context;
  return { ...context, budget: new Budget({ perMinute, perDay: 1_000, clock }) };
}

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

test("GooglePlaces.ask() makes one call, does not follow redirects, and may abort it", async () => {
  const context = testContext(ok);
  const answer = await new GooglePlaces(dialect, context).ask(question);
  assertEquals(answer.count, 3);
  assertEquals(context.calls.length, 1);
  const [call] = context.calls;
  assertEquals(call?.init.redirect, "manual");
  assertEquals(call?.init.headers, { "X-Test": "1" });
  assertEquals(call?.init.signal instanceof AbortSignal, true);
  assertEquals(context.clock.timers, 0);
  assertEquals(context.logged, []);
});

for (const [trouble, reply] of [["a broken network", broken], ["HTTP 500", failure]] as const) {
  test(`GooglePlaces.ask() tries once more after ${trouble}, later`, async () => {
    const context = testContext(reply, ok);
    const answering = new GooglePlaces(dialect, context).ask(question);
    await context.clock.run(placesRetryMs * 0.75 - 1);
    assertEquals(context.calls.length, 1);
    await context.clock.run(1);
    assertEquals(context.calls.length, 2);
    assertEquals((await answering).status, "OK");
    assertEquals(context.clock.timers, 0);
    assertEquals(context.logged.length, 1);
    assertEquals(context.logged.join().includes(keyText), false);
  });

  test(`GooglePlaces.ask() tries no third time after ${trouble}`, async () => {
    const context = testContext(reply);
    const answering = new GooglePlaces(dialect, context).ask(question);
    await context.clock.run(placesTimeoutMs);
    assertEquals((await answering).status, "UNKNOWN_ERROR");
    assertEquals(context.calls.length, 2);
  });
}

test("GooglePlaces.ask() waits from half to all of placesRetryMs, as chance has it", async () => {
  for (const fraction of [0, 0.999]) {
    const context = { ...testContext(failure, ok), random: { fraction: () => fraction } };
    const answering = new GooglePlaces(dialect, context).ask(question);
    await context.clock.run(placesRetryMs * (1 + fraction) / 2 - 0.001);
    assertEquals(context.calls.length, 1);
    await context.clock.run(0.001);
    assertEquals(context.calls.length, 2);
    await answering;
  }
});

test("GooglePlaces.ask() does not try again what will not pass", async () => {
  const context = testContext(refusal, ok);
  const answer = await new GooglePlaces(dialect, context).ask(question);
  assertEquals(answer.trouble, "HTTP 403");
  assertEquals(context.calls.length, 1);
});

test("GooglePlaces.ask() answers for a broken network without the key, whatever fetch says", async () => {
  const context = testContext(broken);
  const answering = new GooglePlaces(dialect, context).ask(question);
  await context.clock.run(placesTimeoutMs);
  const answer = await answering;
  assertEquals(answer.status, "UNKNOWN_ERROR");
  assertStringIncludes(textOf(answer), '"error_message" : "Google Places could not be reached."');
  assertStringIncludes(answer.trouble ?? "", "fetch failed: error sending request for url");
  assertStringIncludes(answer.trouble ?? "", "?key=[key]");
});

test("GooglePlaces.ask() gives up at the deadline, though fetch does not heed the signal", async () => {
  const context = testContext(silence);
  const answering = new GooglePlaces(dialect, context).ask(question);
  await context.clock.run(placesTimeoutMs - 1);
  assertEquals(await Promise.race([answering, "waiting"]), "waiting");
  await context.clock.run(1);
  const answer = await answering;
  assertEquals(answer.status, "UNKNOWN_ERROR");
  assertStringIncludes(textOf(answer), "no answer within 5 s");
  assertEquals(context.calls[0]?.init.signal?.aborted, true);
  assertEquals(context.calls.length, 1);
  assertEquals(context.clock.timers, 0);
});

test("GooglePlaces.ask() counts the body against the deadline", async () => {
  const endless = new ReadableStream({
    start: (controller) => controller.enqueue(new Uint8Array(1)),
  });
  const context = testContext(() => new Response(endless));
  const answering = new GooglePlaces(dialect, context).ask(question);
  await context.clock.run(placesTimeoutMs);
  assertStringIncludes(textOf(await answering), "no answer within 5 s");
});

test("GooglePlaces.ask() counts the second try against the deadline", async () => {
  const context = testContext(failure, silence);
  const answering = new GooglePlaces(dialect, context).ask(question);
  await context.clock.run(placesTimeoutMs);
  assertStringIncludes(textOf(await answering), "no answer within 5 s");
  assertEquals(context.calls.length, 2);
});

test("GooglePlaces.ask() reads a body of placesBodyBytesMax and no longer one", async () => {
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
    const context = testContext(() => new Response(body));
    const answer = await new GooglePlaces(dialect, context).ask(question);
    assertEquals(answer.status, fits ? "OK" : "UNKNOWN_ERROR");
    assertEquals(cancelled, !fits);
    assertEquals(context.calls.length, 1);
  }
});

test("GooglePlaces.ask() asks the same once while it is under way, and anew afterwards", async () => {
  const reply = Promise.withResolvers<Response>();
  const context = testContext(() => reply.promise, ok);
  const places = new GooglePlaces(dialect, context);
  const answers = [places.ask(question), places.ask({ ...question }), places.ask(question)];
  await context.clock.settle();
  assertEquals(context.calls.length, 1);
  reply.resolve(ok());
  assertEquals((await Promise.all(answers)).map(({ count }) => count), [3, 3, 3]);
  await places.ask(question);
  assertEquals(context.calls.length, 2);
});

test("GooglePlaces.ask() does not take questions for the same that differ in anything", async () => {
  const context = testContext(ok);
  const places = new GooglePlaces(dialect, context);
  await Promise.all([
    places.ask(question),
    places.ask({ ...question, latitude: 1 }),
    places.ask({ ...question, longitude: 1 }),
    places.ask({ ...question, radiusM: 1 }),
    places.ask({ ...question, bound: 1 }),
  ]);
  assertEquals(context.calls.length, 5);
});

test("GooglePlaces.ask() has at most placesCallsMax calls under way; the rest wait in order", async () => {
  const replies: (() => void)[] = [];
  const context = testContext(() => new Promise((resolve) => replies.push(() => resolve(ok()))));
  const places = new GooglePlaces(dialect, context);
  const answers = Array.from(
    { length: placesCallsMax + 2 },
    (_, index) => places.ask({ ...question, latitude: index / 10 }),
  );
  await context.clock.settle();
  assertEquals(context.calls.length, placesCallsMax);
  for (const next of [0, 1]) {
    replies[next]?.();
    await context.clock.settle();
    assertEquals(context.calls.length, placesCallsMax + next + 1);
    const latitude = (placesCallsMax + next) / 10;
    assertEquals(context.calls.at(-1)?.url.endsWith(`latitude=${latitude}`), true);
  }
  for (const reply of replies) reply();
  assertEquals((await Promise.all(answers)).every(({ status }) => status === "OK"), true);
});

test("GooglePlaces.ask() does not charge a question for its waiting", async () => {
  const context = testContext(...Array.from({ length: placesCallsMax }, () => silence), ok);
  const places = new GooglePlaces(dialect, context);
  const ask = (index: number) => places.ask({ ...question, latitude: index / 10 });
  const early = Array.from({ length: placesCallsMax }, (_, index) => ask(index));
  const waited = ask(placesCallsMax);
  await context.clock.run(placesTimeoutMs);
  assertEquals((await Promise.all(early)).every(({ status }) => status !== "OK"), true);
  assertEquals((await waited).status, "OK");
});

test("GooglePlaces.ask() answers OVER_QUERY_LIMIT beyond the budget, and calls nobody", async () => {
  const context = withBudget(2, ok);
  const places = new GooglePlaces(dialect, context);
  const ask = (latitude: number) => places.ask({ ...question, latitude });
  assertEquals([(await ask(1)).status, (await ask(2)).status], ["OK", "OK"]);
  const answer = await ask(3);
  assertEquals([answer.status, answer.count, answer.isLogged], ["OVER_QUERY_LIMIT", 0, true]);
  const { error_message: message, ...shape } = JSON.parse(textOf(answer));
  assertStringIncludes(message, "budget");
  assertEquals(shape, { html_attributions: [], results: [], status: "OVER_QUERY_LIMIT" });
  assertEquals(context.calls.length, 2);
  assertEquals([places.calls.taken, places.calls.refused], [2, 1]);
  await context.clock.run(60_000);
  assertEquals((await ask(3)).status, "OK");
});

test("GooglePlaces.ask() charges the budget for a second try, and makes none without", async () => {
  for (const [perMinute, calls] of [[2, 2], [1, 1]] as const) {
    const context = withBudget(perMinute, failure);
    const places = new GooglePlaces(dialect, context);
    const answering = places.ask(question);
    await context.clock.run(placesRetryMs);
    assertEquals((await answering).trouble, "HTTP 500");
    assertEquals([context.calls.length, places.calls.taken], [calls, perMinute]);
    assertEquals((await places.ask(question)).status, "OVER_QUERY_LIMIT");
  }
});

test("GooglePlaces.ask() charges the budget once for the same question asked at once", async () => {
  const places = new GooglePlaces(dialect, withBudget(1, ok));
  const answers = await Promise.all([1, 2, 3].map(() => places.ask(question)));
  assertEquals(answers.map(({ status }) => status), ["OK", "OK", "OK"]);
  assertEquals([places.calls.taken, places.calls.refused], [1, 0]);
});

test("GooglePlaces.ask() logs at most once a minute that the budget is used up", async () => {
  const context = withBudget(1, silence);
  const places = new GooglePlaces(dialect, context);
  const refuse = async (times: number) => {
    for (let latitude = 1; latitude <= times; latitude++) {
      await places.ask({ ...question, latitude });
    }
  };
  places.ask(question);
  await refuse(50);
  assertEquals(context.logged, [
    "test is not asked: as many calls were made as places.perMinute allows; " +
    "since the start 1 were made and 1 refused",
  ]);
  await context.clock.run(placesBudgetLogMs - 1);
  await refuse(50);
  assertEquals(context.logged.length, 1);
  await context.clock.run(1);
  places.ask(question);
  await refuse(50);
  assertEquals(context.logged.slice(1), [
    "test is not asked: as many calls were made as places.perMinute allows; " +
    "since the start 2 were made and 101 refused",
  ]);
});

test("GooglePlaces shows the key in no view of it", () => {
  const places = new GooglePlaces(dialect, testContext(ok));
  for (
    const view of [Deno.inspect(places, { showHidden: true, depth: 9 }), JSON.stringify(places)]
  ) {
    assertEquals(view.includes(keyText), false, view);
  }
  return Promise.resolve();
});
