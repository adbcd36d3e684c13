/**
 * The Google providers over real HTTP, against the stand-in.
 *
 * @module
 */

import { assertEquals, assertStringIncludes } from "@std/assert";
import type { Answer } from "../../../lib/places/places.ts";
import { choosePlaces, type PlacesOptions } from "../../../lib/cli/serve/choose_places.ts";
import type { Behaviour } from "../../spec/google_replies.ts";
import { GoogleStandIn } from "../../spec/google_stand_in.ts";
import { needs } from "../../needs.ts";
import { keyText, question, textOf } from "../google_context.ts";

const net = await needs("net");
const providers = ["google", "google-legacy"] as const;

/** A clock that passes a second try's wait at once, and never the deadline. */
const clock = {
  after(ms: number, callback: () => void) {
    if (ms < 1000) queueMicrotask(callback);
    return { cancel: () => {} };
  },
  soon: queueMicrotask,
  steadyMs: () => 0,
};

/** A clock by which the deadline passes at once when it is told. */
class DeadlineClock {
  #deadline = () => {};
  readonly soon = queueMicrotask;
  readonly steadyMs = () => 0;
  after(ms: number, callback: () => void) {
    if (ms > 1000) this.#deadline = callback;
    return { cancel: () => {} };
  }
  pass(): void {
    this.#deadline();
  }
}

function choose(
  standIn: GoogleStandIn,
  provider: typeof providers[number],
  time: PlacesOptions["clock"] = clock,
) {
  const logged: string[] = [];
  const places = choosePlaces({
    provider,
    endpoint: provider === "google" ? standIn.newUrl : standIn.legacyUrl,
    key: keyText,
    fetch: globalThis.fetch,
    clock: time,
    random: { fraction: () => 0 },
    logTrouble: (trouble) => logged.push(trouble),
  });
  return { places, logged };
}

const expected: [Behaviour, Record<typeof providers[number], [status: string, calls: number]>][] = [
  ["normal", { "google": ["OK", 1], "google-legacy": ["OK", 1] }],
  ["style b", { "google": ["OK", 1], "google-legacy": ["OK", 1] }],
  ["slow", { "google": ["OK", 1], "google-legacy": ["OK", 1] }],
  ["zero", { "google": ["ZERO_RESULTS", 1], "google-legacy": ["ZERO_RESULTS", 1] }],
  ["500", { "google": ["UNKNOWN_ERROR", 2], "google-legacy": ["UNKNOWN_ERROR", 2] }],
  ["403", { "google": ["REQUEST_DENIED", 1], "google-legacy": ["REQUEST_DENIED", 1] }],
  ["429 minute", { "google": ["OVER_QUERY_LIMIT", 2], "google-legacy": ["OVER_QUERY_LIMIT", 1] }],
  ["429 day", { "google": ["OVER_QUERY_LIMIT", 1], "google-legacy": ["OVER_QUERY_LIMIT", 1] }],
  ["denied", { "google": ["REQUEST_DENIED", 1], "google-legacy": ["REQUEST_DENIED", 1] }],
  ["key echo", { "google": ["REQUEST_DENIED", 1], "google-legacy": ["REQUEST_DENIED", 1] }],
  ["redirect", { "google": ["UNKNOWN_ERROR", 1], "google-legacy": ["UNKNOWN_ERROR", 1] }],
  ["reset", { "google": ["UNKNOWN_ERROR", 2], "google-legacy": ["UNKNOWN_ERROR", 2] }],
  ["not json", { "google": ["UNKNOWN_ERROR", 2], "google-legacy": ["UNKNOWN_ERROR", 2] }],
  ["not utf-8", { "google": ["UNKNOWN_ERROR", 2], "google-legacy": ["UNKNOWN_ERROR", 2] }],
  ["huge", { "google": ["UNKNOWN_ERROR", 1], "google-legacy": ["UNKNOWN_ERROR", 1] }],
];

for (const [behaviour, outcomes] of expected) {
  for (const provider of providers) {
    const [status, calls] = outcomes[provider];
    Deno.test({
      name:
        `${provider} answers ${status} to "${behaviour}", after ${calls} calls, without the key`,
      ...net,
      fn: async () => {
        await using standIn = new GoogleStandIn();
        standIn.always(behaviour, { delayMs: 20 });
        const { places, logged } = choose(standIn, provider);
        const answer = await places.ask(question);
        assertEquals(answer.status, status);
        assertEquals(standIn.asked.length, calls);
        assertEquals(standIn.asked.every(({ key }) => key === keyText), true);
        assertShape(answer);
        const seen = [textOf(answer), answer.trouble ?? "", ...logged].join("\n");
        for (const spelled of [keyText, encodeURIComponent(keyText), "%41%49%7a%61"]) {
          assertEquals(seen.includes(spelled), false, seen);
        }
      },
    });
  }
}

function assertShape(answer: Answer): void {
  const shape = JSON.parse(textOf(answer));
  assertEquals(shape.status, answer.status);
  assertEquals(shape.results.length, answer.count);
  assertEquals(answer.count <= question.bound, true);
  assertEquals(shape.html_attributions, []);
  assertEquals(textOf(answer).includes("\n\n") || textOf(answer).endsWith("\n"), false);
}

for (const provider of providers) {
  Deno.test({
    name: `${provider} gets over a broken connection, and logs it`,
    ...net,
    fn: async () => {
      await using standIn = new GoogleStandIn();
      standIn.next("reset");
      const { places, logged } = choose(standIn, provider);
      assertEquals((await places.ask(question)).count, 5);
      assertEquals(logged.length, 1);
      assertStringIncludes(logged[0] ?? "", "asking once more");
    },
  });

  Deno.test({
    name: `${provider} gives a silent Google up when the deadline passes`,
    ...net,
    fn: async () => {
      await using standIn = new GoogleStandIn();
      standIn.always("silent");
      const time = new DeadlineClock();
      const { places } = choose(standIn, provider, time);
      const answering = places.ask(question);
      while (standIn.asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
      time.pass();
      assertStringIncludes((await answering).trouble ?? "", "no answer within 5 s");
    },
  });

  Deno.test({
    name: `${provider} answers when nobody listens, without the key`,
    ...net,
    fn: async () => {
      const standIn = new GoogleStandIn();
      const { places, logged } = choose(standIn, provider);
      await standIn.close();
      const answer = await places.ask(question);
      assertEquals(answer.status, "UNKNOWN_ERROR");
      const seen = [textOf(answer), answer.trouble ?? "", ...logged].join("\n");
      assertStringIncludes(seen, "could not be reached");
      assertEquals(seen.includes(keyText) || seen.includes(encodeURIComponent(keyText)), false);
    },
  });
}
