/**
 * What waits to be sent over a link or written to disk: numbers of records, each at most once. The
 * line is copied only then, so a client that moved five times meanwhile is sent once, where it is
 * now (conflation). Memory is bounded by the number of clients, not by how slow the other side is.
 *
 * @module
 */

/** A record is not in the ring. */
const absent = 0;
/** It is in the ring, and waits. */
const waiting = 1;
/** It is in the ring, and does not wait any more. */
const unmarked = 2;

/**
 * A queue of record numbers without repetition.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const outbox = new Outbox();
 * outbox.mark(7);
 * outbox.mark(3);
 * outbox.mark(7);
 * outbox.mark(5);
 * outbox.unmark(3);
 * assertEquals([outbox.take(), outbox.take(), outbox.take()], [7, 5, -1]);
 * ```
 */
export class Outbox {
  #ring = new Uint32Array(64);
  #head = 0;
  /** Entries of the ring; those that were unmarked stay until it is their turn. */
  #length = 0;
  #size = 0;
  #states = new Uint8Array(64);

  /** How many records wait. */
  get size(): number {
    return this.#size;
  }

  /** Adds a record's number at the end, unless it is already waiting. */
  mark(number: number): void {
    if (number >= this.#states.length) this.#growStates(number);
    const state = this.#states[number];
    if (state === waiting) return;
    this.#states[number] = waiting;
    this.#size++;
    // It gets its old place again: one entry a record is what bounds the ring.
    if (state === unmarked) return;
    if (this.#length === this.#ring.length) this.#growRing();
    this.#ring[(this.#head + this.#length) & (this.#ring.length - 1)] = number;
    this.#length++;
  }

  /** Removes a record's number, if it waits. */
  unmark(number: number): void {
    if (this.#states[number] !== waiting) return;
    this.#states[number] = unmarked;
    this.#size--;
  }

  /** @returns the number that has waited longest, which stays; or -1 */
  peek(): number {
    if (this.#size === 0) return -1;
    let number = this.#ring[this.#head]!;
    for (; this.#states[number] === unmarked; number = this.#ring[this.#head]!) this.#drop(number);
    return number;
  }

  /** @returns the number that has waited longest, which is removed; or -1 */
  take(): number {
    const number = this.peek();
    if (number < 0) return -1;
    this.#drop(number);
    this.#size--;
    return number;
  }

  /** Removes the first entry of the ring. */
  #drop(number: number): void {
    this.#head = (this.#head + 1) & (this.#ring.length - 1);
    this.#length--;
    this.#states[number] = absent;
  }

  /** Drops everything that waits, and its memory. */
  clear(): void {
    this.#ring = new Uint32Array(64);
    this.#states = new Uint8Array(64);
    this.#head = this.#length = this.#size = 0;
  }

  #growRing(): void {
    const ring = new Uint32Array(this.#ring.length * 2);
    const first = this.#ring.subarray(this.#head);
    ring.set(first);
    ring.set(this.#ring.subarray(0, this.#head), first.length);
    this.#ring = ring;
    this.#head = 0;
  }

  #growStates(number: number): void {
    const states = new Uint8Array(Math.max(this.#states.length * 2, number + 1));
    states.set(this.#states);
    this.#states = states;
  }
}
