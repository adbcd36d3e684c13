/**
 * Writes the file anew: every record is saved again behind the batches that are there, and then those
 * are dropped and erased. It is due when the file holds several times what the table does, and now and
 * then when it holds anything that the table does not.
 *
 * @module
 */

import {
  storeDropBatches,
  storeLinesMin,
  storeRewriteRecords,
  storeSurplusMax,
} from "../limits.ts";
import type { Table } from "../locations/table.ts";
import type { RecordStore } from "./record_store.ts";

/** What is written anew. */
export interface RewritingOptions {
  readonly table: Table;
  readonly store: RecordStore;
  /** How many lines the store holds. */
  readonly lines: number;
}

type RewritingState =
  /** Nothing is to be done. */
  | { readonly is: "resting" }
  /** The batches up to `last` go when so many records have been saved. */
  | { readonly is: "writing"; readonly last: number; target: number }
  /** They go now. */
  | { readonly is: "dropping"; readonly last: number }
  /** They are gone, and may still be read on the disk. */
  | { readonly is: "erasing" };

/** Writes the file anew, time and again. */
export class Rewriting {
  readonly #options: RewritingOptions;
  #state: RewritingState = { is: "resting" };
  /** Lines in the file, those of batches that are to go not counted. */
  #lines: number;
  #isRequested = false;

  constructor(options: RewritingOptions) {
    this.#options = options;
    this.#lines = options.lines;
  }

  /** Whether the file is to be written anew. */
  get isDue(): boolean {
    if (this.#state.is !== "resting") return false;
    const linesMax = Math.max(storeLinesMin, this.#options.table.size * storeSurplusMax);
    return this.#isRequested || this.#lines > linesMax;
  }

  /** Has the file written anew when it holds anything that the table does not. */
  requestIfStale(): void {
    if (this.#lines > this.#options.table.size) this.#isRequested = true;
  }

  /** @returns the numbers of all records, a slice at a time: they are to be saved again */
  *begin(): Generator<number[]> {
    const { table, store } = this.#options;
    this.#state = { is: "writing", last: store.last, target: Infinity };
    this.#isRequested = false;
    this.#lines = 0;
    let numbers: number[] = [];
    for (let number = 0; number < table.end; number++) {
      if (table.lineBytes(number) > 0) numbers.push(number);
      if (number % storeRewriteRecords !== storeRewriteRecords - 1) continue;
      yield numbers;
      numbers = [];
    }
    yield numbers;
  }

  /**
   * All records were given to be saved again.
   *
   * @param options.target how many will have been saved when these are
   * @param options.saved how many have been saved by now
   */
  marked({ target, saved }: { readonly target: number; readonly saved: number }): void {
    if (this.#state.is === "writing") this.#state.target = target;
    this.wrote(0, saved);
  }

  /** Some could not be written: they wait behind all else. */
  postpone(target: number): void {
    const state = this.#state;
    if (state.is !== "writing" || state.target === Infinity) return;
    state.target = Math.max(state.target, target);
  }

  /**
   * A batch was written.
   *
   * @param lines how many records were in it
   * @param saved how many have been saved by now
   */
  wrote(lines: number, saved: number): void {
    this.#lines += lines;
    if (this.#state.is !== "writing" || saved < this.#state.target) return;
    this.#state = { is: "dropping", last: this.#state.last };
  }

  /**
   * Drops and erases what was written again, as far as that is done.
   *
   * @throws {Error} when the store cannot be written; then it is to be called again
   */
  *drop(): Generator<void> {
    const { store } = this.#options;
    if (this.#state.is === "dropping") {
      while (!store.dropBatches(this.#state.last, storeDropBatches)) yield;
      this.#state = { is: "erasing" };
    }
    if (this.#state.is !== "erasing" || !store.erase()) return;
    this.#state = { is: "resting" };
  }
}
