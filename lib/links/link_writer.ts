/**
 * The writing side of a link: one write is in flight, and whatever comes meanwhile goes into the
 * next. Lines of the protocol go first, and records fill the rest.
 *
 * @module
 */

import { busyBytes, linkWriteBytesMax, linkWriteBytesMin } from "../limits.ts";
import { Block } from "../block.ts";
import { othersTurn } from "../pacing/let_others.ts";
import type { Clock } from "../transport/transport.ts";
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
  #state: "idle" | "scheduled" | "writing" | "broken" = "idle";

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

  /** Says that there is something to send; it is sent at the end of this turn of the event loop. */
  wake(): void {
    if (this.#state !== "idle") return;
    this.#state = "scheduled";
    this.#clock.soon(() => this.#write());
  }

  async #write(): Promise<void> {
    this.#state = "writing";
    try {
      for (let end = this.#fill(); end > 0; end = this.#fill()) {
        await this.#link.write(this.#buffer.bytes.subarray(0, end));
        if (end > busyBytes) await othersTurn(this.#clock);
      }
      this.#state = "idle";
    } catch (error) {
      this.#state = "broken";
      this.#onBroken(error);
    }
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
