/**
 * The answers that wait for the disk. A report is acknowledged when it is there, in the order in which
 * reports came; while the disk fails nobody gets an answer, and who has waited too long gets none.
 *
 * @module
 */

import { acknowledgeMsMax } from "../limits.ts";
import type { Clock, Timer } from "../transport/transport.ts";

/** A report is not on disk, and its client is not to be told otherwise. */
export class UnsavedError extends Error {
  override readonly name = "UnsavedError";
}

interface Waiting {
  /** How many records must have been saved, counted from the beginning. */
  target: number;
  readonly endMs: number;
  readonly resolve: () => void;
  readonly reject: (error: UnsavedError) => void;
}

/** Answers that wait for the disk. */
export class Acknowledgements {
  readonly #clock: Clock;
  readonly #onGivenUp: (count: number) => void;
  #waiting: Waiting[] = [];
  #timer: Timer | null = null;

  /** @param onGivenUp is told how many have waited for {@linkcode acknowledgeMsMax} in vain */
  constructor(clock: Clock, onGivenUp: (count: number) => void) {
    this.#clock = clock;
    this.#onGivenUp = onGivenUp;
  }

  /** How many wait. */
  get size(): number {
    return this.#waiting.length;
  }

  /**
   * @param target how many records must have been saved, not less than any target before
   * @returns what is resolved when they are
   * @throws {UnsavedError} when they are not after {@linkcode acknowledgeMsMax}
   */
  wait(target: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const endMs = this.#clock.steadyMs() + acknowledgeMsMax;
      this.#waiting.push({ target, endMs, resolve, reject });
      if (this.#timer === null) this.#schedule();
    });
  }

  /** So many records have been saved by now. */
  reached(saved: number): void {
    const left = this.#waiting.findIndex(({ target }) => target > saved);
    const reached = this.#waiting.splice(0, left < 0 ? this.#waiting.length : left);
    for (const { resolve } of reached) resolve();
    if (this.#waiting.length === 0) this.#stopTimer();
  }

  /** What could not be saved waits behind all else: all who wait, wait for so many at least. */
  postpone(target: number): void {
    for (const waiting of this.#waiting) waiting.target = Math.max(waiting.target, target);
  }

  /** None of those that wait will be saved. */
  close(): void {
    this.#stopTimer();
    this.#reject(this.#waiting.length);
  }

  #schedule(): void {
    const first = this.#waiting[0];
    if (first === undefined) return;
    const ms = Math.max(0, first.endMs - this.#clock.steadyMs());
    this.#timer = this.#clock.after(ms, () => {
      this.#timer = null;
      const nowMs = this.#clock.steadyMs();
      const late = this.#waiting.findIndex(({ endMs }) => endMs > nowMs);
      this.#reject(late < 0 ? this.#waiting.length : late);
      this.#schedule();
    });
  }

  #reject(count: number): void {
    if (count === 0) return;
    for (const { reject } of this.#waiting.splice(0, count)) {
      reject(new UnsavedError("the report is not on disk"));
    }
    this.#onGivenUp(count);
  }

  #stopTimer(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }
}
