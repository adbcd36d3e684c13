/**
 * How long to wait before the next try: twice as long each time up to a bound, and a random part of
 * that, so that servers that lost a neighbour together do not come back together ("full jitter" with a
 * floor; Exponential Backoff And Jitter, AWS Architecture Blog, 2015).
 *
 * @module
 */

/** Bounds of the wait, in milliseconds, and a source of numbers from 0 to 1. */
export interface BackoffOptions {
  readonly msMin: number;
  readonly msMax: number;
  readonly fraction: () => number;
}

/**
 * Waits, one after the other.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const backoff = new Backoff({ msMin: 50, msMax: 2000, fraction: () => 1 });
 * assertEquals([backoff.nextMs(), backoff.nextMs(), backoff.nextMs()], [50, 100, 200]);
 * ```
 */
export class Backoff {
  readonly #options: BackoffOptions;
  #ceilingMs: number;

  constructor(options: BackoffOptions) {
    this.#options = options;
    this.#ceilingMs = options.msMin;
  }

  /** @returns milliseconds to wait before the next try: half of the ceiling at least */
  nextMs(): number {
    const ceilingMs = this.#ceilingMs;
    this.#ceilingMs = Math.min(ceilingMs * 2, this.#options.msMax);
    return ceilingMs / 2 + (ceilingMs / 2) * this.#options.fraction();
  }

  /** Begins again with the shortest wait; after a success. */
  reset(): void {
    this.#ceilingMs = this.#options.msMin;
  }
}
