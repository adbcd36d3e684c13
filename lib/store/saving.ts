/**
 * Keeps the file on disk up with the table: what is news waits a moment, in numbers, and goes out in
 * batches; when the file holds several times what the table does, the table is written again and the old
 * batches are dropped. Trouble with the disk costs durability, which is said loudly, and nothing else.
 *
 * @module
 */

import type { EventLog } from "../log/event_log.ts";
import { Slices } from "../pacing/slices.ts";
import {
  saveBatchBytes,
  saveMs,
  saveRetryMs,
  saveSliceMs,
  storeDropsAtOnce,
  storeLinesMin,
  storeMarksAtOnce,
  storeSurplusMax,
} from "../limits.ts";
import type { Marker } from "../locations/news.ts";
import { Outbox } from "../locations/outbox.ts";
import type { RecordStore } from "./store.ts";
import type { Table } from "../locations/table.ts";
import { newline } from "../protocol/ascii.ts";
import { Block } from "../block.ts";
import type { Clock, Timer } from "../transport/transport.ts";

/** What saving works with. */
export interface SavingOptions {
  readonly table: Table;
  readonly store: RecordStore;
  /** How many lines the store holds; less than the table where it is new and the table is not. */
  readonly lines: number;
  readonly clock: Clock;
  readonly events: EventLog;
}

/** Saves records. */
export class Saving implements Marker {
  readonly #options: SavingOptions;
  readonly #waiting = new Outbox();
  readonly #slices: Slices;
  #buffer = new Block(saveBatchBytes);
  #storedLines: number;
  /** The batches up to `last` go when so many more lines were written. */
  #rewriting: { last: number; linesLeft: number } | null = null;
  #state: "idle" | "scheduled" | "failing" | "closed" = "idle";
  #timer: Timer | null = null;
  #onSaved: (() => void)[] = [];

  constructor(options: SavingOptions) {
    this.#options = options;
    this.#slices = new Slices(options.clock, saveSliceMs);
    this.#storedLines = options.lines;
    // A damaged file was set aside: what could be read of it is in memory only.
    if (options.lines < options.table.size) this.#markAll();
  }

  #markAll(): void {
    const { table } = this.#options;
    for (let number = 0; number < table.end; number++) {
      if (table.lineBytes(number) > 0) this.mark(number);
    }
  }

  /** Has a record saved, within {@linkcode saveMs}. */
  mark(number: number): void {
    this.#waiting.mark(number);
    if (this.#state === "idle") this.#schedule("scheduled", saveMs);
  }

  /**
   * @returns what is resolved when all that was marked so far is on disk, or cannot be brought there
   */
  saved(): Promise<void> {
    const canSave = this.#state !== "failing" && this.#state !== "closed";
    if (this.#waiting.size === 0 || !canSave) return Promise.resolve();
    if (this.#onSaved.length === 0) this.#options.clock.soon(() => this.flush());
    return new Promise((resolve) => this.#onSaved.push(resolve));
  }

  #schedule(state: "scheduled" | "failing", ms: number): void {
    this.#state = state;
    this.#timer?.cancel();
    this.#timer = this.#options.clock.after(ms, () => this.#slices.add(this.#saveAll()));
  }

  /** Saves everything that waits, at once. */
  flush(): void {
    for (const _ of this.#saveAll());
  }

  *#saveAll(): Generator<void> {
    if (this.#state === "closed") return;
    try {
      while (this.#waiting.size > 0) {
        this.#saveBatch();
        yield;
      }
      if (this.#state === "failing") this.#options.events.warn("records are saved again");
      this.#state = "idle";
      this.#considerRewriting();
    } catch (error) {
      this.#fail(error);
    }
    for (const resolve of this.#onSaved.splice(0)) resolve();
  }

  #saveBatch(): void {
    const { table, store } = this.#options;
    const taken: number[] = [];
    let end = 0;
    while (this.#waiting.size > 0) {
      const bytes = table.lineBytes(this.#waiting.peek()) + 1;
      if (end > 0 && end + bytes > this.#buffer.size) break;
      if (bytes > this.#buffer.size) this.#buffer = new Block(bytes);
      const number = this.#waiting.take();
      if (bytes === 1) continue;
      end = table.copyLine(number, this.#buffer, end);
      this.#buffer.bytes[end++] = newline;
      taken.push(number);
    }
    if (end === 0) return;
    try {
      store.append(this.#buffer.bytes.subarray(0, end));
    } catch (error) {
      for (const number of taken) this.#waiting.mark(number);
      this.#countAgain();
      throw error;
    }
    this.#wrote(taken.length);
  }

  /** What could not be written waits behind what came since: all of it must be written first. */
  #countAgain(): void {
    const rewriting = this.#rewriting;
    if (rewriting === null) return;
    rewriting.linesLeft = Math.max(rewriting.linesLeft, this.#waiting.size);
  }

  #wrote(lines: number): void {
    this.#storedLines += lines;
    if (this.#rewriting === null) return;
    this.#rewriting.linesLeft -= lines;
    if (this.#rewriting.linesLeft > 0) return;
    this.#slices.add(this.#drop(this.#rewriting.last));
    this.#rewriting = null;
  }

  #considerRewriting(): void {
    const { table, store } = this.#options;
    const linesMax = Math.max(storeLinesMin, table.size * storeSurplusMax);
    if (this.#rewriting !== null || this.#storedLines <= linesMax) return;
    this.#rewriting = { last: store.last, linesLeft: Infinity };
    this.#slices.add(this.#rewrite(this.#rewriting));
  }

  /**
   * Saves every record again, behind the batches that are to go. Few are marked at a time, since who
   * waits for the disk waits for all that is.
   */
  *#rewrite(rewriting: { linesLeft: number }): Generator<void> {
    const { table } = this.#options;
    this.#storedLines = 0;
    for (let number = 0; number < table.end; number++) {
      if (table.lineBytes(number) > 0) this.#waiting.mark(number);
      if (number % storeMarksAtOnce !== storeMarksAtOnce - 1) continue;
      if (this.#state === "failing") yield;
      else yield* this.#saveAll();
    }
    rewriting.linesLeft = this.#waiting.size;
    yield* this.#saveAll();
    this.#wrote(0);
  }

  *#drop(last: number): Generator<void> {
    try {
      while (!this.#options.store.dropBatches(last, storeDropsAtOnce)) yield;
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    if (this.#state !== "failing") {
      const why = error instanceof Error ? error.message : String(error);
      this.#options.events.error(`records are NOT saved, only remembered: ${why}`);
    }
    this.#schedule("failing", saveRetryMs);
  }

  /** Saves what waits and closes the file. */
  close(): void {
    this.flush();
    this.#state = "closed";
    this.#timer?.cancel();
    this.#slices.stop();
    this.#options.store[Symbol.dispose]();
  }
}
