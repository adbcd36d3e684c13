/**
 * Time in memory: it passes when the test says so.
 *
 * @module
 */

import type { Clock, Instant, Timer } from "../lib/transport/transport.ts";

interface Waiting {
  readonly atMs: number;
  readonly callback: () => void;
}

/** Lets every promise go on as far as it can. */
export async function settled(): Promise<void> {
  // A turn of the event loop comes only when no promise has anything left to do.
  await new Promise((resolve) => setImmediate(resolve));
}

/** A clock that stands still until it is told how much time has passed. */
export class MemoryClock implements Clock {
  readonly #timers = new Set<Waiting>();
  #soon: (() => void)[] = [];
  #wallMs: number;
  #steadyMs = 0;

  /** @param startMs what the wall clock shows first, in milliseconds since 1970 */
  constructor(startMs = 1_621_464_828_000) {
    this.#wallMs = startMs;
  }

  now(instant: Instant): void {
    const ms = this.#wallMs + this.#steadyMs;
    instant.seconds = Math.floor(ms / 1000);
    instant.nanoseconds = Math.floor((ms - instant.seconds * 1000) * 1_000_000);
  }

  steadyMs(): number {
    return this.#steadyMs;
  }

  after(ms: number, callback: () => void): Timer {
    const timer = { atMs: this.#steadyMs + ms, callback };
    this.#timers.add(timer);
    return { cancel: () => this.#timers.delete(timer) };
  }

  soon(callback: () => void): void {
    this.#soon.push(callback);
  }

  /** How many timers run. */
  get timers(): number {
    return this.#timers.size;
  }

  /** Sets the wall clock; timers do not notice. */
  step(ms: number): void {
    this.#wallMs += ms;
  }

  /** Lets time pass and calls what falls due, in order, without letting a promise go on between. */
  advance(ms: number): void {
    const endMs = this.#steadyMs + ms;
    do this.#callSoon(); while (this.#fireNext(endMs));
    this.#steadyMs = endMs;
  }

  /** Lets time pass; promises go on as far as they can before each timer. */
  async run(ms: number): Promise<void> {
    const endMs = this.#steadyMs + ms;
    do await this.settle(); while (this.#fireNext(endMs));
    this.#steadyMs = endMs;
  }

  /** Lets every promise, and every timer that is due, go on as far as it can: no time passes. */
  async settle(): Promise<void> {
    do {
      this.#callSoon();
      await settled();
    } while (this.#soon.length > 0 || this.#fireNext(this.#steadyMs));
  }

  #callSoon(): void {
    while (this.#soon.length > 0) {
      const due = this.#soon;
      this.#soon = [];
      for (const callback of due) callback();
    }
  }

  /** Fires the timer that is due first; of those due together the one that was set first. */
  #fireNext(endMs: number): boolean {
    let next: Waiting | null = null;
    for (const timer of this.#timers) {
      if (timer.atMs <= endMs && (next === null || timer.atMs < next.atMs)) next = timer;
    }
    if (next === null) return false;
    this.#timers.delete(next);
    this.#steadyMs = Math.max(this.#steadyMs, next.atMs);
    next.callback();
    return true;
  }
}
