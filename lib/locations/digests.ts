/**
 * A table's digests: one for each salt. A salt decides which clients share a bucket; it follows from
 * the herd's secret, so that no stranger can choose IDs that all fall into one. While the herd
 * changes from one secret to another, a server knows both, and keeps a digest by each: whichever of
 * them a neighbour knows, what they hold can be compared.
 *
 * @module
 */

import { hashId } from "../protocol/record.ts";
import type { Cells, RecordLine } from "./cells.ts";
import { Digest } from "./digest.ts";

/** What the hashes begin with that put clients into buckets; the first is compared by. */
export type Salts = readonly [number, ...number[]];

/** A digest by one salt. */
interface Salted {
  readonly salt: number;
  readonly digest: Digest;
  /** Records of lower numbers are in it: all, but while it is filled. */
  filledTo: number;
}

/** Records that are put into a new digest in one step. */
const stepRecords = 256;

/** The digests of one table, kept up to date together. */
export class Digests {
  readonly #cells: Cells;
  #salted: readonly Salted[];

  /**
   * @param cells where the records lie; there are none yet
   * @param salts one for each digest
   */
  constructor(cells: Cells, salts: Salts) {
    this.#cells = cells;
    this.#salted = salts.map((salt) => ({ salt, digest: new Digest(cells), filledTo: Infinity }));
  }

  /** The digest by the first salt. */
  get first(): Digest {
    return this.#salted[0]!.digest;
  }

  /** Every digest that can be compared, the first in front. */
  get all(): readonly Digest[] {
    return this.#salted.filter(({ filledTo }) => filledTo === Infinity).map(({ digest }) => digest);
  }

  /** Puts a client's record into its buckets. */
  add(number: number, { bytes, fields }: RecordLine): void {
    for (const { salt, digest, filledTo } of this.#salted) {
      if (number >= filledTo) continue;
      digest.add(number, hashId(bytes, fields.idStart, fields.idEnd, salt));
    }
  }

  /** Says that a record is another one now. */
  change(number: number): void {
    for (const { digest, filledTo } of this.#salted) if (number < filledTo) digest.change(number);
  }

  /** Takes a record out of its buckets. */
  remove(number: number): void {
    for (const { digest, filledTo } of this.#salted) if (number < filledTo) digest.remove(number);
  }

  /**
   * Has digests by these salts, and no others. Those that are new are filled in steps, during which
   * the old ones stay in use and the table may change.
   *
   * @param salts in their new order
   * @yields where it may be interrupted; only one such change may be under way
   */
  *resalt(salts: Salts): Generator<void> {
    for (const salt of salts) {
      if (!this.#salted.some((other) => other.salt === salt)) yield* this.#fill(salt);
    }
    this.#salted = salts.map((salt) => this.#salted.find((other) => other.salt === salt)!);
  }

  *#fill(salt: number): Generator<void> {
    const added: Salted = { salt, digest: new Digest(this.#cells), filledTo: 0 };
    this.#salted = [...this.#salted, added];
    for (let number = 0; number < this.#cells.end; number++) {
      if (this.#cells.length(number) > 0) {
        added.digest.add(number, this.#cells.hashId(number, salt));
      }
      added.filledTo = number + 1;
      if (number % stepRecords === 0) yield;
    }
    added.filledTo = Infinity;
  }
}
