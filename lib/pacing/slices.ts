/**
 * Long work in slices, between which everything else has its turn.
 *
 * @module
 */

import { sliceMs } from "../limits.ts";
import { letOthers } from "./let_others.ts";
import type { Clock } from "../transport/transport.ts";

/** Pieces of work, one after the other, each a generator that yields where it may be interrupted. */
export class Slices {
  readonly #clock: Clock;
  readonly #ms: number;
  #waiting: Iterator<void>[] = [];
  #isRunning = false;

  /** @param ms how long one slice is */
  constructor(clock: Clock, ms = sliceMs) {
    this.#clock = clock;
    this.#ms = ms;
  }

  /** Does a piece of work when those before it are done. */
  add(work: Iterator<void>): void {
    this.#waiting.push(work);
    if (this.#isRunning) return;
    this.#isRunning = true;
    this.#clock.soon(() => this.#run());
  }

  /** Drops what was not done yet. */
  stop(): void {
    this.#waiting = [];
  }

  #run(): void {
    const endMs = this.#clock.steadyMs() + this.#ms;
    while (this.#waiting.length > 0) {
      if (this.#waiting[0]!.next().done) this.#waiting.shift();
      else if (this.#clock.steadyMs() >= endMs) return letOthers(this.#clock, () => this.#run());
    }
    this.#isRunning = false;
  }
}
