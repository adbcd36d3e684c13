/**
 * What waits to be sent over a link or written to disk: numbers of records, each at most once. The
 * line is copied only then, so a client that moved five times meanwhile is sent once, where it is
 * now (conflation). Memory is bounded by the number of clients, not by how slow the other side is.
 *
 * @module
 */

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
 * assertEquals([outbox.take(), outbox.take(), outbox.take()], [7, 3, -1]);
 * ```
 */
export class Outbox {
  #ring = new Uint32Array(64);
  #head = 0;
  #size = 0;
  #waiting = new Uint8Array(64);

  /** How many records wait. */
  get size(): number {
    return this.#size;
  }

  /** Adds a record's number at the end, unless it is already waiting. */
  mark(number: number): void {
    if (number >= this.#waiting.length) this.#growWaiting(number);
    if (this.#waiting[number] === 1) return;
    this.#waiting[number] = 1;
    if (this.#size === this.#ring.length) this.#growRing();
    this.#ring[(this.#head + this.#size) & (this.#ring.length - 1)] = number;
    this.#size++;
  }

  /** @returns the number that has waited longest, which stays; or -1 */
  peek(): number {
    return this.#size === 0 ? -1 : this.#ring[this.#head]!;
  }

  /** @returns the number that has waited longest, which is removed; or -1 */
  take(): number {
    if (this.#size === 0) return -1;
    const number = this.#ring[this.#head]!;
    this.#head = (this.#head + 1) & (this.#ring.length - 1);
    this.#size--;
    this.#waiting[number] = 0;
    return number;
  }

  /** Drops everything that waits, and its memory. */
  clear(): void {
    this.#ring = new Uint32Array(64);
    this.#waiting = new Uint8Array(64);
    this.#head = this.#size = 0;
  }

  #growRing(): void {
    const ring = new Uint32Array(this.#ring.length * 2);
    const first = this.#ring.subarray(this.#head);
    ring.set(first);
    ring.set(this.#ring.subarray(0, this.#head), first.length);
    this.#ring = ring;
    this.#head = 0;
  }

  #growWaiting(number: number): void {
    const waiting = new Uint8Array(Math.max(this.#waiting.length * 2, number + 1));
    waiting.set(this.#waiting);
    this.#waiting = waiting;
  }
}
