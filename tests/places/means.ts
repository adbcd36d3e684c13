/**
 * The means of a Google provider as a test gives them: time that stands still until it is moved,
 * chance that is known, and a fetch that the test writes.
 *
 * @module
 */

import type { Means } from "../../lib/places/google/asking.ts";

/** A clock that a test moves. */
export class StillClock {
  #nowMs = 0;
  readonly #timers = new Set<{ readonly atMs: number; readonly callback: () => void }>();

  /** How many timers have neither fired nor been cancelled. */
  get timers(): number {
    return this.#timers.size;
  }

  after(ms: number, callback: () => void): { cancel(): void } {
    const timer = { atMs: this.#nowMs + ms, callback };
    this.#timers.add(timer);
    return { cancel: () => this.#timers.delete(timer) };
  }

  soon(callback: () => void): void {
    queueMicrotask(callback);
  }

  /** Lets what is ready run, and then the timers of the next `ms` milliseconds, one after another. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.#nowMs + ms;
    for (;;) {
      await settle();
      const [first] = [...this.#timers].filter(({ atMs }) => atMs <= untilMs)
        .sort((a, b) => a.atMs - b.atMs);
      if (!first) break;
      this.#nowMs = first.atMs;
      this.#timers.delete(first);
      first.callback();
    }
    this.#nowMs = untilMs;
  }
}

/** Lets all that waits for nothing but promises go on. */
export async function settle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 0));
}

/** A call of a test's fetch. */
export interface Call {
  readonly url: string;
  readonly init: RequestInit;
}

/** The means of a test, and what was done with them. */
export interface TestMeans extends Means {
  readonly clock: StillClock;
  readonly calls: Call[];
  readonly logged: string[];
}

/**
 * @param replies what fetch does, call by call; the last goes on for ever
 */
export function testMeans(
  ...replies: readonly ((call: Call) => Response | Promise<Response>)[]
): TestMeans {
  const calls: Call[] = [];
  const logged: string[] = [];
  return {
    calls,
    logged,
    clock: new StillClock(),
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
