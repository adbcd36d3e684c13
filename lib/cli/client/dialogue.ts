/**
 * A client's connection to a server, from the first line to the last answer.
 *
 * @module
 */

import {
  answerTimeoutMs,
  readBytesMin,
  shownLineBytesMax,
  unansweredShownMax,
} from "../../limits.ts";
import type { Clock, Connection, Timer } from "../../transport/transport.ts";
import type { Dialled } from "./dialler.ts";
import { Exchange } from "./exchange.ts";
import { Lines } from "../lines.ts";
import { joined } from "../../protocol/pending_bytes.ts";
import { paint } from "./paint.ts";

/** Why a connection ended: the server's end of file, a fault, or no answer in time. */
export type Ending = "closed" | "broken" | "silent";

/** What {@linkcode Dialogue} needs. */
export interface DialogueOptions {
  readonly clock: Clock;
  /**
   * Takes what the server sends, as it came and as the lines that it completes; reading goes on
   * when it is done.
   */
  readonly receive: (bytes: Uint8Array, lines: readonly Uint8Array[]) => Promise<void> | void;
}

/** Sends lines to one server and receives its answers. */
export class Dialogue {
  /** The server. */
  readonly name: string;
  /** What was sent and answered. */
  readonly exchange = new Exchange();
  /** Resolves when the connection has ended. Rejects when `receive` rejects. */
  readonly ended: Promise<Ending>;
  readonly #connection: Connection;
  readonly #options: DialogueOptions;
  #timer: Timer | undefined;
  #finishing = false;
  #silent = false;
  #ended = false;

  constructor({ name, connection }: Dialled, options: DialogueOptions) {
    this.name = name;
    this.#connection = connection;
    this.#options = options;
    this.ended = this.#read();
    // Whoever awaits `ended` gets the error; until then it does not count as unhandled.
    this.ended.catch(() => {});
  }

  /** Sends lines. A failure shows in {@linkcode ended}, not here. */
  async send(lines: readonly Uint8Array[]): Promise<void> {
    for (const line of lines) this.exchange.sent(line);
    this.#watch();
    try {
      for (let rest = joined(lines); rest.length > 0;) {
        rest = rest.subarray(await this.#connection.write(rest));
      }
    } catch {
      this.#connection.close();
    }
  }

  /** Ends the writing half, and reads the remaining answers. */
  async finish(): Promise<Ending> {
    this.#finishing = true;
    this.#watch();
    try {
      await this.#connection.closeWrite();
    } catch {
      this.#connection.close();
    }
    return await this.ended;
  }

  /**
   * @param ending how the connection ended
   * @returns lines for people: how it ended, and what was not answered
   */
  report(ending: Ending): string[] {
    const ends = {
      closed: `${this.name} closed the connection`,
      broken: `the connection to ${this.name} broke`,
      silent: `${this.name} did not answer for ${answerTimeoutMs / 1000} s`,
    };
    const unanswered = this.exchange.unanswered();
    const shown = unanswered.slice(0, unansweredShownMax).map((line) =>
      `not answered: ${lineText(line)}`
    );
    const more = unanswered.length - shown.length;
    return [ends[ending], ...shown, ...(more > 0 ? [`and ${more} more lines`] : [])];
  }

  async #read(): Promise<Ending> {
    const lines = new Lines({ lineBytesMax: Infinity });
    const buffer = new Uint8Array(16 * readBytesMin);
    try {
      for (;;) {
        const count = await this.#readSome(buffer);
        if (typeof count === "string") {
          await this.#options.receive(new Uint8Array(), lines.end());
          return count;
        }
        const bytes = buffer.slice(0, count);
        const complete = lines.push(bytes);
        for (const line of complete) this.exchange.received(line);
        await this.#options.receive(bytes, complete);
        this.#watch();
      }
    } finally {
      this.#ended = true;
      this.#timer?.cancel();
      this.#connection.close();
    }
  }

  /** @returns how many bytes were read, or why there are no more */
  async #readSome(buffer: Uint8Array<ArrayBuffer>): Promise<number | Ending> {
    try {
      const count = await this.#connection.read(buffer);
      // A slow receiver is not the server's silence.
      this.#timer?.cancel();
      return count ?? "closed";
    } catch {
      return this.#silent ? "silent" : "broken";
    }
  }

  /** Closes the connection when an answer is due and nothing comes for `answerTimeoutMs`. */
  #watch(): void {
    this.#timer?.cancel();
    if (this.#ended || !this.#finishing && this.exchange.dueCount === 0) return;
    this.#timer = this.#options.clock.after(answerTimeoutMs, () => {
      this.#silent = true;
      this.#connection.close();
    });
  }
}

/** A line as a message shows it. */
function lineText(line: Uint8Array): string {
  const shown = paint(line.subarray(0, shownLineBytesMax), { coloured: false });
  return new TextDecoder().decode(shown).trimEnd();
}
