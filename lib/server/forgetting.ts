/**
 * Drops records whose time is too long ago, and tombstones that every server must have seen by now.
 * Such a record is not taken from a neighbour either, so it does not come back through catch-up.
 *
 * @module
 */

import { forgetMsMax, forgetMsMin, tombstoneS } from "../limits.ts";
import { Slices } from "../pacing/slices.ts";
import type { Table } from "../locations/table.ts";
import type { Clock, Instant, Timer } from "../transport/transport.ts";

/** The table is gone through so many times in the time after which a record is forgotten. */
const roundsPerLife = 20;

/** Forgets. */
export class Forgetting {
  readonly #table: Table;
  readonly #clock: Clock;
  readonly #afterS: number | null;
  readonly #slices: Slices;
  readonly #now: Instant = { seconds: 0, nanoseconds: 0 };
  #timer: Timer | null = null;

  /**
   * @param table the records
   * @param options.afterS seconds after which a record is forgotten; null: never, but tombstones are
   */
  constructor(table: Table, { clock, afterS }: { clock: Clock; afterS: number | null }) {
    this.#table = table;
    this.#clock = clock;
    this.#afterS = afterS;
    this.#slices = new Slices(clock);
    this.#setBound();
  }

  /** Begins to go through the table now and then. */
  start(): void {
    const lifeMs = Math.min(this.#afterS ?? Infinity, tombstoneS) * 1000;
    const ms = Math.min(forgetMsMax, Math.max(forgetMsMin, lifeMs / roundsPerLife));
    this.#timer = this.#clock.after(ms, () => {
      this.#slices.add(this.#round());
      this.start();
    });
  }

  #setBound(): void {
    this.#clock.now(this.#now);
    this.#table.setAge(this.#now.seconds, this.#afterS);
  }

  *#round(): Generator<void> {
    this.#setBound();
    const table = this.#table;
    // Where records stay for ever there is nothing to look for until a client is deleted.
    if (this.#afterS === null && table.clients === table.size) return;
    for (let number = 0; number < table.end; number++) {
      if (table.lineBytes(number) > 0 && table.isTooOld(number)) table.forget(number);
      if (number % 1000 === 999) yield;
    }
  }

  /** Ends it. */
  stop(): void {
    this.#timer?.cancel();
    this.#slices.stop();
  }
}
