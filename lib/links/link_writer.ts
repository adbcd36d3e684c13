/**
 * The writing side of a link: one write is in flight, and whatever comes meanwhile goes into the
 * next. A link that has just written gathers for a while before it writes again; one that was idle
 * writes at once. Lines of the protocol go first, and records fill the rest.
 *
 * @module
 */

import { linkGatherMs, linkWriteBytesMax, linkWriteBytesMin } from "../limits.ts";
import { Block } from "../block.ts";
import type { Clock, Timer } from "../transport/transport.ts";
import { heartbeatWord, lineOf } from "./hello.ts";
import type { LineConnection } from "./line_connection.ts";

/** What a writer sends besides what it is told to say. */
export interface RecordSource {
  /**
   * Copies as many lines of records as there are and fit.
   *
   * @param buffer where they go
   * @param at where the first one goes
   * @returns one past the last byte written; `at` if there are none or none fits
   */
  fill(buffer: Block, at: number): number;
  /** @returns length of the next line with its newline, or 0 if there is none */
  nextBytes(): number;
}

const heartbeat = lineOf(heartbeatWord);
const noRecords: RecordSource = { fill: (_buffer, at) => at, nextBytes: () => 0 };

/** Options of a {@linkcode LinkWriter}. */
export interface LinkWriterOptions {
  readonly clock: Clock;
  readonly records?: RecordSource;
  /** Called when the connection is broken. */
  readonly onBroken: (error: unknown) => void;
}

/** Writes to one link. */
export class LinkWriter {
  readonly #link: LineConnection;
  readonly #clock: Clock;
  readonly #records: RecordSource;
  readonly #onBroken: (error: unknown) => void;
  #buffer = new Block(linkWriteBytesMin);
  #writeBytes = linkWriteBytesMin;
  #said: Uint8Array[] = [];
  #state: "idle" | "scheduled" | "writing" | "ended" = "idle";
  #timer: Timer | null = null;
  /** When the last write began, on the steady clock. */
  #wroteMs = -Infinity;

  constructor(link: LineConnection, options: LinkWriterOptions) {
    this.#link = link;
    this.#clock = options.clock;
    this.#records = options.records ?? noRecords;
    this.#onBroken = options.onBroken;
  }

  /** Bytes of lines that were said, and wait to be written. */
  get saidBytes(): number {
    return this.#said.reduce((sum, line) => sum + line.length, 0);
  }

  /** Sends a line, ahead of the records that wait. */
  say(line: Uint8Array): void {
    this.#link.onLineOut(line);
    this.#said.push(line);
    this.wake();
  }

  /** Sends a heartbeat, unless something else is on its way; it is not logged. */
  beat(): void {
    if (this.#state !== "idle") return;
    this.#said.push(heartbeat);
    this.wake();
  }

  /**
   * Says that there is something to send. It is sent at the end of this turn of the event loop, or,
   * if the link has just written, when it has gathered for {@linkcode linkGatherMs}.
   */
  wake(): void {
    if (this.#state !== "idle") return;
    const hasJustWritten = this.#clock.steadyMs() - this.#wroteMs < linkGatherMs;
    this.#schedule(hasJustWritten ? linkGatherMs : 0);
  }

  /** Writes no more: what waits belongs to the next link. */
  stop(): void {
    this.#state = "ended";
    this.#timer?.cancel();
  }

  #schedule(ms: number): void {
    this.#state = "scheduled";
    if (ms > 0) this.#timer = this.#clock.after(ms, () => this.#write());
    else this.#clock.soon(() => this.#write());
  }

  async #write(): Promise<void> {
    if (this.#state !== "scheduled") return;
    this.#state = "idle";
    const end = this.#fill();
    if (end === 0) return;
    this.#state = "writing";
    this.#wroteMs = this.#clock.steadyMs();
    try {
      await this.#link.write(this.#buffer.bytes.subarray(0, end));
    } catch (error) {
      this.stop();
      this.#onBroken(error);
    }
    this.#goOn();
  }

  /** After a write: however long it took, others have their turn before the next one. */
  #goOn(): void {
    if (this.#state === "ended") return;
    this.#state = "idle";
    if (this.#said.length > 0 || this.#records.nextBytes() > 0) this.#schedule(linkGatherMs);
  }

  #fill(): number {
    const bytes = Math.max(this.#writeBytes, this.saidBytes, this.#records.nextBytes());
    // A line longer than the buffer gets one of its own, which goes when it is sent.
    if (this.#buffer.size !== bytes) this.#buffer = new Block(bytes);
    let at = 0;
    for (const line of this.#said) {
      this.#buffer.bytes.set(line, at);
      at += line.length;
    }
    this.#said = [];
    at = this.#records.fill(this.#buffer, at);
    // Something did not fit: more is to come.
    if (this.#records.nextBytes() > 0) {
      this.#writeBytes = Math.min(this.#writeBytes * 2, linkWriteBytesMax);
    }
    return at;
  }
}
