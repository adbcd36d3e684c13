/**
 * The machine's own clock and randomness; the only place that asks for them.
 *
 * @module
 */

import type { Clock, Instant, Random, Timer } from "./transport.ts";

/**
 * A wall clock with microseconds. `Date.now()` counts milliseconds only; `performance.now()` is
 * finer, but does not follow when the wall clock steps or drifts. So the first gives the
 * millisecond, and the second how far into it we are.
 *
 * It is read once for all that is ready at the same time, as many event loops do: a look at the
 * clock costs as much as scanning a line.
 */
class SystemClock implements Clock {
  /** What the fine clock must be added to. */
  #offsetMs = -Infinity;
  readonly #read: Instant = { seconds: 0, nanoseconds: 0 };
  #isFresh = false;
  readonly #age = () => {
    this.#isFresh = false;
  };

  now(instant: Instant): void {
    if (!this.#isFresh) {
      this.#look();
      this.#isFresh = true;
      queueMicrotask(this.#age);
    }
    instant.seconds = this.#read.seconds;
    instant.nanoseconds = this.#read.nanoseconds;
  }

  #look(): void {
    const steady = performance.now();
    const told = Date.now();
    let wall = this.#offsetMs + steady;
    if (!(wall >= told && wall < told + 1)) {
      // A little ahead is drift; anything else is a step, or a beginning.
      wall = wall >= told + 1 && wall < told + 2 ? told + 0.999 : told;
      this.#offsetMs = wall - steady;
    }
    this.#read.seconds = Math.floor(wall / 1000);
    this.#read.nanoseconds = Math.floor((wall - this.#read.seconds * 1000) * 1_000_000);
  }

  steadyMs(): number {
    return performance.now();
  }

  after(ms: number, callback: () => void): Timer {
    const id = setTimeout(callback, ms);
    return { cancel: () => clearTimeout(id) };
  }

  soon(callback: () => void): void {
    setImmediate(callback);
  }
}

/** The machine's clock. */
export const systemClock: Clock = new SystemClock();

/** The machine's randomness. */
export const systemRandom: Random = {
  fraction: () => Math.random(),
  bytes: (count) => crypto.getRandomValues(new Uint8Array(count)),
};
