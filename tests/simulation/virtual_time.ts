/**
 * The time of a simulation: a queue of what is going to happen, and nothing else that passes.
 *
 * @module
 */

import type { Timer } from "../../lib/transport/transport.ts";

interface Happening extends Timer {
  readonly atMs: number;
  /** Of two that happen at the same time, the one that was planned first. */
  readonly turn: number;
  callback: (() => void) | null;
}

/** A clock that jumps from one happening to the next. */
export class VirtualTime {
  /** Milliseconds since the simulation began. */
  nowMs = 0;
  #turn = 0;
  readonly #heap: Happening[] = [];

  /**
   * @param atMs when, now at the earliest
   * @param callback what
   * @returns what calls it off
   */
  at(atMs: number, callback: () => void): Timer {
    const happening: Happening = {
      atMs: Math.max(atMs, this.nowMs),
      turn: this.#turn++,
      callback,
      cancel: () => happening.callback = null,
    };
    this.#push(happening);
    return happening;
  }

  /**
   * Lets everything happen up to a time, one after the other; promises go on as far as they can
   * after each.
   *
   * @param endMs up to when
   * @param after is called after each
   * @returns false when `after` said to stop
   */
  async runUntil(endMs: number, after: () => boolean): Promise<boolean> {
    for (let next = this.#heap[0]; next !== undefined && next.atMs <= endMs; next = this.#heap[0]) {
      this.#pop();
      if (next.callback === null) continue;
      this.nowMs = next.atMs;
      next.callback();
      // A turn of the event loop comes only when no promise has anything left to do.
      await new Promise((resolve) => setImmediate(resolve));
      if (!after()) return false;
    }
    this.nowMs = endMs;
    return true;
  }

  #push(happening: Happening): void {
    const heap = this.#heap;
    let at = heap.length;
    for (; at > 0; at = (at - 1) >> 1) {
      const parent = heap[(at - 1) >> 1]!;
      if (!isBefore(happening, parent)) break;
      heap[at] = parent;
    }
    heap[at] = happening;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop()!;
    if (heap.length === 0) return;
    let at = 0;
    for (let child = 1; child < heap.length; child = at * 2 + 1) {
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
  }
}

function isBefore(one: Happening, other: Happening): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.turn < other.turn);
}
