/**
 * What a Google provider needs, as a test gives it: time that stands still until it is moved,
 * chance that is known, and a fetch that the test writes.
 *
 * @module
 */

import { Budget } from "../../lib/places/google/budget.ts";
import type { GoogleContext } from "../../lib/places/google/google_places.ts";
import { MemoryClock } from "../memory_clock.ts";

/** A call of a test's fetch. */
export interface Call {
  readonly url: string;
  readonly init: RequestInit;
}

/** A context, and what was done with it. */
export interface TestContext extends GoogleContext {
  readonly clock: MemoryClock;
  readonly calls: Call[];
  readonly logged: string[];
}

/**
 * @param replies what fetch does, call by call; the last goes on for ever
 */
export function testContext(
  ...replies: readonly ((call: Call) => Response | Promise<Response>)[]
): TestContext {
  const calls: Call[] = [];
  const logged: string[] = [];
  const clock = new MemoryClock();
  return {
    calls,
    logged,
    clock,
    budget: new Budget({ perMinute: 1_000, perDay: 1_000, clock }),
    random: { fraction: () => 0.5 },
    logTrouble: (trouble) => void logged.push(trouble),
    fetch: async (url, init) => {
      const call = { url, init };
      calls.push(call);
      const reply = replies[Math.min(calls.length, replies.length) - 1];
      if (!reply) throw new Error("this test wants no call");
      return await reply(call);
    },
  };
}

/** A fetch that never answers and never fails, as with a network that swallows packets. */
export function silence(): Promise<Response> {
  return new Promise(() => {});
}

/** A question, 5 places within 10 km of UCLA. */
export const question = { latitude: 34.06893, longitude: -118.445127, radiusM: 10_000, bound: 5 };

/** A key like Google's: 39 characters, with those in it that a URL escapes. */
export const keyText = "AIzaSyD-9t/Srke72+I6n8ZUq_7a=jQpG2wXyZ1";

/** The text of an answer. */
export function textOf(answer: { readonly json: Uint8Array }): string {
  return new TextDecoder("utf-8", { fatal: true }).decode(answer.json);
}
