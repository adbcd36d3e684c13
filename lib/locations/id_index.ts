/**
 * From an ID's hash to a record's number, by open addressing. A slot holds the hash beside the
 * number, so that only the right record is looked at: looking at one that is not in the processor's
 * cache takes longer than everything else. When the index grows, its slots are moved a few at a
 * time, so that growing never causes a pause.
 *
 * @module
 */

import type { Span } from "../protocol/ascii.ts";
import type { Cells } from "./cells.ts";

/** Slots of an empty index, a power of two. */
const firstSlots = 1024;

/** Slots that are moved each time a number is added. */
const movedPerAdd = 8;

/** In place of a record's number plus one: an empty slot, and one whose number was taken out. */
const empty = 0;
const gone = -1;

/** Numbers by ID. */
export class IdIndex {
  /** For each slot, the hash and the number plus one. At most two thirds are in use. */
  #slots = new Int32Array(firstSlots * 2);
  #count = 0;
  /** The outgrown slots; those up to `#moved` are moved already. Nothing is added here. */
  #outgrown = new Int32Array(0);
  #moved = 0;
  readonly #cells: Cells;

  /** @param cells where the records are */
  constructor(cells: Cells) {
    this.#cells = cells;
  }

  /**
   * @param id the bytes with the ID in them, from `start` to `end`
   * @param hash the ID's hash, 32 bits
   * @returns the number of the record with this ID, or -1
   */
  find(id: Span, hash: number): number {
    const number = this.#findIn(this.#slots, id, hash);
    if (number >= 0 || this.#outgrown.length === 0) return number;
    return this.#findIn(this.#outgrown, id, hash);
  }

  #findIn(slots: Int32Array, { bytes, start, end }: Span, hash: number): number {
    const last = slots.length - 2;
    for (let at = (hash << 1) & last; slots[at + 1] !== empty; at = (at + 2) & last) {
      const number = slots[at + 1]! - 1;
      if (slots[at] === hash && number >= 0 && this.#cells.hasId(number, bytes, start, end)) {
        return number;
      }
    }
    return -1;
  }

  /** Adds a number whose ID is not in the index yet, and whose cell is written. */
  add(number: number): void {
    if ((this.#count + 1) * 3 > this.#slots.length) this.#outgrow();
    put(this.#slots, this.#cells.hash(number), number);
    this.#count++;
    if (this.#outgrown.length > 0) this.#move(movedPerAdd);
  }

  /** Removes a number, whose cell must still be as it was when it was added. */
  remove(number: number): void {
    const hash = this.#cells.hash(number);
    const old = placeOf(this.#outgrown, hash, number);
    // Nothing moves up there: it could land among slots that count as already moved.
    if (old >= 0) this.#outgrown[old + 1] = gone;
    const at = placeOf(this.#slots, hash, number);
    if (at >= 0) this.#close(at);
    this.#count--;
  }

  /** Empties a slot. What was displaced by it moves up, or it would not be found again. */
  #close(hole: number): void {
    const slots = this.#slots;
    const last = slots.length - 2;
    for (let at = (hole + 2) & last; slots[at + 1] !== empty; at = (at + 2) & last) {
      const home = (slots[at]! << 1) & last;
      if (((at - home) & last) < ((at - hole) & last)) continue;
      slots[hole] = slots[at]!;
      slots[hole + 1] = slots[at + 1]!;
      hole = at;
    }
    slots[hole + 1] = empty;
  }

  #outgrow(): void {
    this.#move(Infinity);
    this.#outgrown = this.#slots;
    this.#moved = 0;
    this.#slots = new Int32Array(this.#outgrown.length * 2);
  }

  /** @param slots how many slots to move at most */
  #move(slots: number): void {
    const old = this.#outgrown;
    const end = Math.min(old.length, this.#moved + slots * 2);
    for (let at = this.#moved; at < end; at += 2) {
      if (old[at + 1]! > 0) put(this.#slots, old[at]!, old[at + 1]! - 1);
    }
    this.#moved = end;
    if (end === old.length) this.#outgrown = new Int32Array(0);
  }
}

function put(slots: Int32Array, hash: number, number: number): void {
  const last = slots.length - 2;
  let at = (hash << 1) & last;
  while (slots[at + 1] !== empty) at = (at + 2) & last;
  slots[at] = hash;
  slots[at + 1] = number + 1;
}

/** @returns where a number's slot is, or -1 */
function placeOf(slots: Int32Array, hash: number, number: number): number {
  if (slots.length === 0) return -1;
  const last = slots.length - 2;
  for (let at = (hash << 1) & last; slots[at + 1] !== empty; at = (at + 2) & last) {
    if (slots[at + 1] === number + 1) return at;
  }
  return -1;
}
