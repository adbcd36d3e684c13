/**
 * One client's connection: commands in, answers out, in order.
 *
 * @module
 */

import {
  answerBytesMax,
  lineBytesMax,
  lingerMs,
  readBytesMax,
  readBytesMin,
  unansweredMax,
} from "../limits.ts";
import { none } from "../locations/table.ts";
import { copy, newline, questionMark, space } from "../protocol/ascii.ts";
import { atBytesMax, writeAt } from "../protocol/at.ts";
import { parseWhatsat, scanIamat } from "../protocol/command.ts";
import { LineBuffer } from "../protocol/line_buffer.ts";
import { RecordFields } from "../protocol/record.ts";
import { wireLabel } from "../std/log_file.ts";
import type { Connection, Instant, Timer } from "../transport/transport.ts";
import { Answers } from "./answers.ts";
import type { ServerContext } from "./server_context.ts";
import { takeWhatsat, whatsatAnswer } from "./whatsat.ts";

/** Where a session stands. */
type SessionState =
  /** Commands are read and answered. */
  | "talking"
  /** The connection belongs to the links now. */
  | "linked"
  /** What still comes is dropped; the answers that are due are sent, then the end of file. */
  | "leaving";

const carriageReturn = 0x0d;
const helloWord = new TextEncoder().encode("HELLO ");

/** A conversation with one client. */
export class Session {
  /** The client's address, as the log shows it. */
  readonly peer: string;
  readonly #server: ServerContext;
  readonly #connection: Connection;
  readonly #lines = new LineBuffer({ bytesMin: readBytesMin, bytesMax: readBytesMax });
  readonly #answers = new Answers();
  readonly #fields: RecordFields;
  readonly #received: Instant = { seconds: 0, nanoseconds: 0 };
  readonly #in: Uint8Array;
  readonly #out: Uint8Array;
  #state: SessionState = "talking";
  #isFirst = true;
  #isSending = false;
  #sent: Promise<void> = Promise.resolve();
  #writes = 0;
  #writesSeen = 0;
  #sweepsWithoutWrite = 0;
  #lingering: Timer | null = null;
  #sleepers: (() => void)[] = [];

  /**
   * @param server what its sessions share
   * @param connection a client's; belongs to the session from here on
   */
  constructor(server: ServerContext, connection: Connection) {
    this.#server = server;
    this.#connection = connection;
    this.#fields = new RecordFields(server.hashSeed);
    const { hostname, port } = connection.remote;
    this.peer = hostname.includes(":") ? `[${hostname}]:${port}` : `${hostname}:${port}`;
    this.#in = wireLabel("in", this.peer);
    this.#out = wireLabel("out", this.peer);
    this.#answers.onFilled = () => this.#sendFilled();
  }

  /** Talks until the client is done or gone, and closes the connection. Never rejects. */
  async run(): Promise<void> {
    try {
      await this.#talk();
      if (this.#state !== "linked") await this.#sendAll();
    } catch {
      // The client is gone: there is nobody to tell, and its lines so far are in the log.
    } finally {
      this.#lingering?.cancel();
      this.#connection.close();
    }
  }

  /** Ends the session: no more commands are taken, the answers that are due are sent. */
  stop(): void {
    if (this.#state !== "talking") return;
    this.#leave().catch(() => this.#connection.close());
  }

  /**
   * Drops a client that reads nothing; called once a second.
   *
   * @param secondsMax how long it may read nothing while answers wait for it
   * @returns whether it was dropped
   */
  sweep(secondsMax: number): boolean {
    const stuck = this.#isSending && this.#writes === this.#writesSeen;
    this.#sweepsWithoutWrite = stuck ? this.#sweepsWithoutWrite + 1 : 0;
    this.#writesSeen = this.#writes;
    if (this.#sweepsWithoutWrite <= secondsMax) return false;
    this.#connection.close();
    return true;
  }

  async #talk(): Promise<void> {
    const { clock } = this.#server;
    for (;;) {
      const count = await this.#connection.read(this.#lines.room());
      if (count === null) this.#lines.end();
      else this.#lines.received(count);
      if (this.#state === "leaving") this.#lines.clear();
      clock.now(this.#received);
      await this.#takeLines();
      if (count === null || this.#state === "linked") return;
    }
  }

  /** Takes every line that is complete; where too many answers are due, waits until fewer are. */
  async #takeLines(): Promise<void> {
    for (;;) {
      while (this.#lines.start < this.#lines.complete && !this.#full) {
        if (!this.#takeLine()) await this.#takeOver();
        if (this.#state !== "talking") return;
      }
      if (this.#lines.unfinishedBytes > lineBytesMax) this.#refuseEndless();
      if (!this.#answers.done) await this.#send();
      if (this.#lines.start >= this.#lines.complete || this.#state !== "talking") return;
      if (this.#full) await this.#sleep();
    }
  }

  get #full(): boolean {
    return this.#answers.unanswered >= unansweredMax || this.#answers.bytes >= answerBytesMax;
  }

  /** @returns whether the line was a client's; a hello is not, and stays where it is */
  #takeLine(): boolean {
    const lines = this.#lines;
    const { bytes, start } = lines;
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    if (scanIamat(bytes, start, this.#fields) && !this.#isAhead(this.#fields)) {
      const end = this.#fields.lineEnd;
      if (end - start > lineBytesMax) return this.#refuseEndless();
      lines.start = end + 1;
      this.#answerIamat(bytes, start);
      return true;
    }
    if (isFirst && startsWith(bytes, start, helloWord)) return false;
    const line = lines.take()!;
    if (line.length > lineBytesMax) return this.#refuseEndless();
    this.#server.wire.at(this.#received);
    this.#server.wire.line(this.#in, line, 0, line.length);
    const whatsat = parseWhatsat(line);
    const task = whatsat === null ? null : takeWhatsat(this.#server, whatsat);
    if (task === null) this.#answerInvalid(line);
    else this.#answerLater(task.line, task.ask().then(({ json }) => json));
    return true;
  }

  /** A clock that is far ahead, or a stamp in milliseconds, would pin the client's location. */
  #isAhead({ seconds }: RecordFields): boolean {
    const { maxClockAheadS } = this.#server;
    return maxClockAheadS !== null && seconds - this.#received.seconds > maxClockAheadS;
  }

  #answerIamat(bytes: Uint8Array, start: number): void {
    const { wire, table, links, atPrefix: prefix } = this.#server;
    const fields = this.#fields;
    const answers = this.#answers;
    const received = this.#received;
    wire.at(received);
    wire.line(this.#in, bytes, start, fields.lineEnd);
    answers.room(atBytesMax(fields.lineEnd - fields.idStart, prefix.length));
    const at = answers.length;
    const target = answers.buffer;
    const end = writeAt(bytes, fields, { prefix, received, target, at });
    const number = table.report({ bytes: target, start: at, end, fields });
    if (number !== none) links.flood(number);
    wire.line(this.#out, target, at, end);
    target[end] = newline;
    answers.wrote(end + 1);
  }

  /** `? ` and the line as it came, without its end. */
  #answerInvalid(line: Uint8Array): void {
    const answers = this.#answers;
    answers.room(line.length + 3);
    const target = answers.buffer;
    const at = answers.length;
    target[at] = questionMark;
    target[at + 1] = space;
    const length = line.at(-1) === carriageReturn ? line.length - 1 : line.length;
    const end = copy(line, 0, length, target, at + 2);
    this.#server.wire.line(this.#out, target, at, end);
    target[end] = newline;
    answers.wrote(end + 1);
  }

  /** A line without an end in sight: what was kept is dropped, and the connection closed. */
  #refuseEndless(): true {
    this.#lines.clear();
    this.#answerInvalid(new Uint8Array());
    this.stop();
    return true;
  }

  #answerLater(line: Uint8Array, json: Promise<Uint8Array>): void {
    const slot = this.#answers.reserve();
    json.then((json) => {
      const answer = whatsatAnswer(line, json);
      this.#logOut(answer);
      slot.fill(answer);
    });
  }

  #logOut(answer: Uint8Array): void {
    const { wire, clock } = this.#server;
    const now = { seconds: 0, nanoseconds: 0 };
    clock.now(now);
    wire.at(now);
    for (let start = 0; start < answer.length - 1;) {
      const end = answer.indexOf(newline, start);
      wire.line(this.#out, answer, start, end);
      start = end + 1;
    }
  }

  /** Gives the connection to the links, whose first line is a hello. */
  async #takeOver(): Promise<void> {
    const line = this.#lines.take()!.slice();
    this.#server.wire.at(this.#received);
    this.#server.wire.line(this.#in, line, 0, line.length);
    this.#state = "linked";
    const outcome = await this.#server.links.accept(this.#connection, this.#lines, line);
    if (outcome === "ended") return;
    this.#state = "talking";
    this.#answerInvalid(line);
    if (outcome === "no neighbour") return;
    // Half of the link protocol was spoken: what follows is no client's conversation.
    this.#lines.clear();
    this.stop();
  }

  /** Sends what may be sent now. */
  #send(): Promise<void> {
    if (!this.#isSending) this.#sent = this.#write();
    return this.#sent;
  }

  async #write(): Promise<void> {
    const { saved } = this.#server;
    this.#isSending = true;
    try {
      for (let bytes = this.#answers.take(); bytes !== null; bytes = this.#answers.take()) {
        // Whatever has them sent, a filled-in answer behind them too: they wait for the disk.
        if (saved !== null) await saved();
        for (let sent = 0; sent < bytes.length; this.#writes++) {
          sent += await this.#connection.write(sent === 0 ? bytes : bytes.subarray(sent));
        }
        this.#answers.recycle(bytes);
      }
    } finally {
      this.#isSending = false;
    }
  }

  /** An answer that was waited for is there: it is sent, and reading goes on. */
  #sendFilled(): void {
    this.#send().catch(() => this.#connection.close()).finally(() => this.#wake());
  }

  async #sendAll(): Promise<void> {
    while (!this.#answers.done) {
      await this.#send();
      if (!this.#answers.done) await this.#sleep();
    }
  }

  /** Waits for the next {@linkcode #wake}; reading and leaving may both wait. */
  #sleep(): Promise<void> {
    return new Promise((resolve) => this.#sleepers.push(resolve));
  }

  #wake(): void {
    for (const resolve of this.#sleepers.splice(0)) resolve();
  }

  /**
   * Sends the answers that are due, then the end of file, and reads on for a while: closing at once
   * would make the system reset the connection, and the last answers could be lost.
   */
  async #leave(): Promise<void> {
    this.#state = "leaving";
    this.#wake();
    await this.#sendAll();
    await this.#connection.closeWrite();
    this.#lingering = this.#server.clock.after(lingerMs, () => this.#connection.close());
  }
}

function startsWith(bytes: Uint8Array, start: number, word: Uint8Array): boolean {
  return word.every((byte, at) => bytes[start + at] === byte);
}
