/**
 * Time that passes only when a test says so.
 *
 * @module
 */

import type { Clock, Instant, Random, Timer } from "../../lib/transport/transport.ts";

/** A clock that stands still until {@linkcode advance}. */
export class FakeClock implements Clock {
  #nowMs = 1_000;
  readonly #timers = new Map<Timer, { atMs: number; callback: () => void }>();

  /** @param seconds what the wall clock shows */
  constructor(readonly seconds = 1_700_000_000, readonly nanoseconds = 5) {}

  now(instant: Instant): void {
    instant.seconds = this.seconds;
    instant.nanoseconds = this.nanoseconds;
  }

  steadyMs(): number {
    return this.#nowMs;
  }

  after(ms: number, callback: () => void): Timer {
    const timer = { cancel: () => void this.#timers.delete(timer) };
    this.#timers.set(timer, { atMs: this.#nowMs + ms, callback });
    return timer;
  }

  soon(callback: () => void): void {
    queueMicrotask(callback);
  }

  /** How many timers are under way. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Lets time pass, timer after timer, and has what they start come to rest. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    await settled();
    for (let next; (next = this.#nextBefore(endMs)) !== undefined;) {
      this.#timers.delete(next.timer);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.callback();
      await settled();
    }
    this.#nowMs = endMs;
  }

  #nextBefore(endMs: number) {
    return [...this.#timers]
      .map(([timer, { atMs, callback }]) => ({ timer, atMs, callback }))
      .filter(({ atMs }) => atMs <= endMs)
      .sort((one, other) => one.atMs - other.atMs)[0];
  }
}

/** Chance that is always the same. */
export function fixedRandom(fraction: number): Random {
  return { fraction: () => fraction, bytes: (count) => new Uint8Array(count) };
}

/** Waits until promises that can be kept are kept; no time passes. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 50; i++) await Promise.resolve();
}
