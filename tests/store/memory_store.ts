/**
 * A file of records that is none: it keeps its batches in memory, and fails when the test says so.
 *
 * @module
 */

import type { RecordStore } from "../../lib/store/record_store.ts";
import { bytesOf, textOf } from "../../lib/protocol/ascii.ts";

/** Batches in memory. */
export class MemoryStore implements RecordStore {
  /** The batches that were not dropped: number and text, one character a byte. */
  readonly rows = new Map<number, string>();
  /** What was dropped, and not erased yet. */
  readonly dropped: string[] = [];
  /** Whether another program reads, so that nothing can be erased. */
  isRead = false;
  /** What an append or a drop fails with; null: it does not. */
  failure: Error | null = null;
  /** Called before a batch is appended. */
  onAppend: () => void = () => {};
  isClosed = false;
  #last = 0;

  get last(): number {
    return Math.max(0, ...this.rows.keys());
  }

  *batches(): Generator<Uint8Array> {
    for (const batch of this.rows.values()) yield bytesOf(batch);
  }

  append(lines: Uint8Array): number {
    if (this.isClosed) throw new Error("the database is closed");
    if (this.failure !== null) throw this.failure;
    this.onAppend();
    this.rows.set(++this.#last, textOf(lines));
    return this.#last;
  }

  dropBatches(last: number, most: number): boolean {
    if (this.failure !== null) throw this.failure;
    const dropped = [...this.rows.keys()].filter((number) => number <= last).slice(0, most);
    for (const number of dropped) {
      this.dropped.push(this.rows.get(number)!);
      this.rows.delete(number);
    }
    return dropped.length < most;
  }

  erase(): boolean {
    if (this.failure !== null) throw this.failure;
    if (this.isRead) return false;
    this.dropped.length = 0;
    return true;
  }

  /** All lines, in the order in which they were appended. */
  get lines(): string[] {
    return [...this.rows.values()].flatMap((batch) => batch.split("\n").slice(0, -1));
  }

  [Symbol.dispose](): void {
    this.isClosed = true;
  }
}
