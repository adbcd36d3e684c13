/**
 * Keeps the file on disk up with the table: what is news waits a moment, in numbers, and goes out in
 * batches. A disk that fails, or that another program has locked, is tried again and again; what that
 * means to clients is said by {@linkcode Saving.saved}.
 *
 * @module
 */

import { Block } from "../block.ts";
import {
  saveBatchBytes,
  saveMs,
  saveRetryMsMax,
  saveRetryMsMin,
  saveSliceMs,
  storeStaleFirstMs,
  storeStaleMs,
} from "../limits.ts";
import type { Marker } from "../locations/news.ts";
import { Outbox } from "../locations/outbox.ts";
import type { Table } from "../locations/table.ts";
import type { EventLog } from "../log/event_log.ts";
import { Backoff } from "../pacing/backoff.ts";
import { letOthers } from "../pacing/let_others.ts";
import { Slices } from "../pacing/slices.ts";
import { newline } from "../protocol/ascii.ts";
import type { Clock, Timer } from "../transport/transport.ts";
import { Acknowledgements, UnsavedError } from "./acknowledgements.ts";
import { DiskTroubles } from "./disk_troubles.ts";
import type { RecordStore } from "./record_store.ts";
import { Rewriting } from "./rewriting.ts";

/** What saving works with. */
export interface SavingOptions {
  readonly table: Table;
  readonly store: RecordStore;
  /** How many lines the store holds; less than the table where it is new and the table is not. */
  readonly lines: number;
  /** Whether answers wait for the disk. */
  readonly sync: boolean;
  readonly clock: Clock;
  readonly events: EventLog;
}

/** How saving goes, for those who watch a server. */
export interface SavingState {
  /** Whether the last try failed: then the server is not ready. */
  readonly isFailing: boolean;
  /** Records that are not on disk yet. */
  readonly unsaved: number;
  /** Tries that failed, since the server started. */
  readonly failures: number;
  /** Reports that were not acknowledged, since the server started. */
  readonly unacknowledged: number;
}

/** Saves records. */
export class Saving implements Marker, SavingState {
  readonly #options: SavingOptions;
  readonly #waiting = new Outbox();
  readonly #slices: Slices;
  readonly #backoff = new Backoff({
    msMin: saveRetryMsMin,
    msMax: saveRetryMsMax,
    fraction: () => 1,
  });
  readonly #troubles: DiskTroubles;
  readonly #acknowledgements: Acknowledgements;
  readonly #rewriting: Rewriting;
  #buffer = new Block(saveBatchBytes);
  /** Records that were written, or had been forgotten when their turn came, since the start. */
  #saved = 0;
  #state: "idle" | "scheduled" | "failing" | "closed" = "idle";
  #timer: Timer | null = null;
  #staleTimer: Timer | null = null;
  #isFlushDue = false;

  constructor(options: SavingOptions) {
    const { clock, table, store, lines } = options;
    this.#options = options;
    this.#slices = new Slices(clock, saveSliceMs);
    this.#troubles = new DiskTroubles(options);
    this.#acknowledgements = new Acknowledgements(clock, (count) => this.#troubles.gaveUp(count));
    this.#rewriting = new Rewriting({ table, store, lines });
    // A damaged file was set aside: what could be read of it is in memory only.
    if (lines < table.size) this.#markAll();
    this.#watchStale(storeStaleFirstMs);
  }

  #markAll(): void {
    const { table } = this.#options;
    for (let number = 0; number < table.end; number++) {
      if (table.lineBytes(number) > 0) this.mark(number);
    }
  }

  get isFailing(): boolean {
    return this.#state === "failing";
  }

  get unsaved(): number {
    return this.#waiting.size;
  }

  get failures(): number {
    return this.#troubles.failures;
  }

  get unacknowledged(): number {
    return this.#troubles.unacknowledged;
  }

  /** Has a record saved, within {@linkcode saveMs}. */
  mark(number: number): void {
    this.#waiting.mark(number);
    if (this.#state === "idle") this.#schedule("scheduled", saveMs);
  }

  /**
   * @returns what is resolved when all that was marked so far is on disk
   * @throws {UnsavedError} when it is not there after {@linkcode acknowledgeMsMax}, or never will be
   */
  saved(): Promise<void> {
    if (this.#waiting.size === 0) return Promise.resolve();
    if (this.#state === "closed") return Promise.reject(new UnsavedError("the file is closed"));
    this.#requestFlush();
    return this.#acknowledgements.wait(this.#saved + this.#waiting.size);
  }

  #requestFlush(): void {
    if (this.#isFlushDue) return;
    this.#isFlushDue = true;
    this.#options.clock.soon(() => this.#flushForAnswers());
  }

  /** Answers do not wait for the file to be written anew; but others have their turn in between. */
  #flushForAnswers(): void {
    this.#isFlushDue = false;
    if (this.#state === "failing" || this.#state === "closed") return;
    const { clock } = this.#options;
    const endMs = clock.steadyMs() + saveSliceMs;
    try {
      while (this.#acknowledgements.size > 0 && this.#waiting.size > 0) {
        this.#saveBatch();
        if (clock.steadyMs() < endMs || this.#acknowledgements.size === 0) continue;
        this.#isFlushDue = true;
        return letOthers(clock, () => this.#flushForAnswers());
      }
    } catch (error) {
      this.#fail(error);
    }
  }

  #schedule(state: "scheduled" | "failing", ms: number): void {
    this.#state = state;
    this.#timer?.cancel();
    this.#timer = this.#options.clock.after(ms, () => this.#slices.add(this.#saveAll()));
  }

  *#saveAll(): Generator<void> {
    if (this.#state === "closed") return;
    try {
      do {
        yield* this.#saveBatches();
        yield* this.#rewriting.drop();
      } while (this.#waiting.size > 0);
      this.#recover();
    } catch (error) {
      this.#fail(error);
    }
  }

  *#saveBatches(): Generator<void> {
    while (this.#waiting.size > 0) {
      this.#saveBatch();
      yield;
    }
  }

  #saveBatch(): void {
    const { table, store } = this.#options;
    const taken: number[] = [];
    const before = this.#waiting.size;
    let end = 0;
    while (this.#waiting.size > 0) {
      const bytes = table.lineBytes(this.#waiting.peek()) + 1;
      if (end > 0 && end + bytes > this.#buffer.size) break;
      if (bytes > this.#buffer.size) this.#buffer = new Block(bytes);
      const number = this.#waiting.take();
      // It was forgotten while it waited.
      if (bytes === 1) continue;
      end = table.copyLine(number, this.#buffer, end);
      this.#buffer.bytes[end++] = newline;
      taken.push(number);
    }
    this.#saved += before - this.#waiting.size;
    try {
      if (end > 0) store.append(this.#buffer.bytes.subarray(0, end));
    } catch (error) {
      this.#takeBack(taken);
      throw error;
    }
    this.#rewriting.wrote(taken.length, this.#saved);
    this.#acknowledgements.reached(this.#saved);
  }

  /** What could not be written waits behind what came since: all of it must be written first. */
  #takeBack(numbers: readonly number[]): void {
    for (const number of numbers) this.#waiting.mark(number);
    const target = this.#saved + this.#waiting.size;
    this.#rewriting.postpone(target);
    this.#acknowledgements.postpone(target);
  }

  #recover(): void {
    this.#backoff.reset();
    this.#troubles.recovered();
    this.#state = "idle";
    if (this.#rewriting.isDue) this.#slices.add(this.#rewrite());
  }

  #fail(error: unknown): void {
    this.#troubles.failed(error);
    this.#schedule("failing", this.#backoff.nextMs());
  }

  /** Few are marked at a time, since who waits for the disk waits for all that is. */
  *#rewrite(): Generator<void> {
    for (const numbers of this.#rewriting.begin()) {
      for (const number of numbers) this.#waiting.mark(number);
      if (this.#state === "failing") yield;
      else yield* this.#saveAll();
    }
    const saved = this.#saved;
    this.#rewriting.marked({ saved, target: saved + this.#waiting.size });
    yield* this.#saveAll();
  }

  /** What the table no longer holds leaves the disk, though nothing else has the file written anew. */
  #watchStale(ms: number): void {
    this.#staleTimer = this.#options.clock.after(ms, () => {
      this.#rewriting.requestIfStale();
      // What is dropped may not be erased yet.
      if (this.#state === "idle") this.#slices.add(this.#saveAll());
      this.#watchStale(storeStaleMs);
    });
  }

  /** Saves what waits, if the disk takes it now, and closes the file. Nothing waits any longer. */
  close(): void {
    try {
      for (const _ of this.#saveBatches());
    } catch (error) {
      this.#troubles.failed(error);
      this.#options.events.error(`${this.#waiting.size} records were not saved`);
    }
    this.#state = "closed";
    this.#timer?.cancel();
    this.#staleTimer?.cancel();
    this.#slices.stop();
    this.#acknowledgements.close();
    this.#options.store[Symbol.dispose]();
  }
}
