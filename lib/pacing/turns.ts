/**
 * Whose turn it is: a session that was sent many lines at once takes them in turns with the others, so
 * that a hundred clients that flood hold nobody up.
 *
 * @module
 */

import { turnsMs } from "../limits.ts";
import { letOthers } from "./let_others.ts";
import type { Clock } from "../transport/transport.ts";

/** Gives turns, in the order in which they are asked for. */
export class Turns {
  readonly #clock: Clock;
  readonly #waiting: (() => void)[] = [];
  #isGiving = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @returns what is resolved when it is one's turn */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      if (this.#isGiving) return;
      this.#isGiving = true;
      this.#clock.soon(() => this.#give());
    });
  }

  /** Gives turns for a while to those that wait; what has come meanwhile is then read first. */
  async #give(): Promise<void> {
    const endMs = this.#clock.steadyMs() + turnsMs;
    for (let left = this.#waiting.length; left > 0; left--) {
      this.#waiting.shift()!();
      // The turn is taken before this goes on.
      await null;
      if (this.#clock.steadyMs() >= endMs) break;
    }
    if (this.#waiting.length > 0) letOthers(this.#clock, () => this.#give());
    else this.#isGiving = false;
  }
}
