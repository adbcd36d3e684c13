/**
 * From an ID's hash to a record's number, by open addressing. The index is 256 small ones, told apart
 * by the hash's upper bits: each grows alone, so that growing is never a pause.
 *
 * @module
 */

import type { Span } from "../protocol/ascii.ts";
import type { Cells } from "./cells.ts";

const partBits = 8;
const slotsMin = 16;

/** One of the 256. A slot holds a record's number plus one, or 0. */
interface Part {
  slots: Uint32Array;
  count: number;
}

/** Numbers by ID. */
export class IdIndex {
  readonly #parts: Part[] = Array.from(
    { length: 1 << partBits },
    () => ({ slots: new Uint32Array(slotsMin), count: 0 }),
  );
  readonly #cells: Cells;

  /** @param cells where the records of the numbers lie */
  constructor(cells: Cells) {
    this.#cells = cells;
  }

  #partOf(hash: number): Part {
    return this.#parts[hash >>> (32 - partBits)]!;
  }

  /**
   * @param id the bytes with the ID in them, from `start` to `end`
   * @param hash the ID's hash
   * @returns the number of the record with this ID, or -1
   */
  find({ bytes, start, end }: Span, hash: number): number {
    const { slots } = this.#partOf(hash);
    const mask = slots.length - 1;
    for (let at = hash & mask; slots[at] !== 0; at = (at + 1) & mask) {
      const number = slots[at]! - 1;
      if (this.#cells.hash(number) === hash && this.#cells.hasId(number, bytes, start, end)) {
        return number;
      }
    }
    return -1;
  }

  /** Adds a number whose ID is not in it and whose cell is written. */
  add(number: number): void {
    const hash = this.#cells.hash(number);
    const part = this.#partOf(hash);
    if ((part.count + 1) * 3 > part.slots.length * 2) this.#grow(part);
    put(part.slots, hash, number);
    part.count++;
  }

  /** Takes a number out, whose cell is still as it was when it was added. */
  remove(number: number): void {
    const { slots } = this.#partOf(this.#cells.hash(number));
    const mask = slots.length - 1;
    let hole = this.#cells.hash(number) & mask;
    while (slots[hole] !== number + 1) hole = (hole + 1) & mask;
    // What was put behind it because of it moves up, or it would not be found any more.
    for (let at = (hole + 1) & mask; slots[at] !== 0; at = (at + 1) & mask) {
      const home = this.#cells.hash(slots[at]! - 1) & mask;
      if (((at - home) & mask) < ((at - hole) & mask)) continue;
      slots[hole] = slots[at]!;
      hole = at;
    }
    slots[hole] = 0;
    this.#partOf(this.#cells.hash(number)).count--;
  }

  #grow(part: Part): void {
    const slots = new Uint32Array(part.slots.length * 2);
    for (const slot of part.slots) {
      if (slot !== 0) put(slots, this.#cells.hash(slot - 1), slot - 1);
    }
    part.slots = slots;
  }
}

function put(slots: Uint32Array, hash: number, number: number): void {
  const mask = slots.length - 1;
  let at = hash & mask;
  while (slots[at] !== 0) at = (at + 1) & mask;
  slots[at] = number + 1;
}
