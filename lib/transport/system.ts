/**
 * The machine's own clock and randomness; the only place that asks for them.
 *
 * @module
 */

import type { Clock, Instant, Random, Timer } from "./transport.ts";

/** How often the wall clock is asked again, in milliseconds. */
const anchorMs = 1_000;

/** A steady clock that is further than this from the wall clock was overtaken by a step of it. */
const stepMs = 2;

/**
 * A wall clock with microseconds. `Date.now()` has milliseconds only, `performance.now()` is fine but
 * knows nothing of steps: so the fine one runs from an anchor that is compared to the other.
 */
class SystemClock implements Clock {
  #wallMs = Date.now();
  #anchorMs = performance.now();

  now(instant: Instant): void {
    const steady = performance.now();
    let wall = this.#wallMs + steady - this.#anchorMs;
    if (steady - this.#anchorMs > anchorMs) wall = this.#anchor(wall, steady);
    const seconds = Math.floor(wall / 1000);
    instant.seconds = seconds;
    instant.nanoseconds = Math.floor((wall - seconds * 1000) * 1_000_000);
  }

  #anchor(wall: number, steady: number): number {
    const told = Date.now();
    if (wall < told - stepMs || wall > told + 1 + stepMs) wall = told;
    this.#wallMs = wall;
    this.#anchorMs = steady;
    return wall;
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
