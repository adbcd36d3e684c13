/**
 * One client's connection: commands in, answers out, in order.
 *
 * @module
 */

import {
  answerBytesMax,
  answerBytesMin,
  lineBytesMax,
  linesAtOnceMax,
  lingerMs,
  placesQuestionsPerConnectionMax,
  turnLinesMax,
  unansweredMax,
} from "../limits.ts";
import { copy, newline, questionMark, space } from "../protocol/ascii.ts";
import type { Answer } from "../places/places.ts";
import { Semaphore } from "../pacing/semaphore.ts";
import { parseWhatsat } from "../protocol/command.ts";
import { isHttpLine } from "../protocol/http_line.ts";
import { LineBuffer } from "../protocol/line_buffer.ts";
import { wireLabel } from "../log/log_file.ts";
import { addressText } from "../transport/address.ts";
import type { Connection, Timer } from "../transport/transport.ts";
import { Answers } from "./answers.ts";
import type { Seat } from "./connections.ts";
import type { DropReason } from "./gauges.ts";
import { GoneError } from "./gone_error.ts";
import { UnsavedError } from "../store/acknowledgements.ts";
import type { Reporter } from "./reports.ts";
import { Sender } from "./sender.ts";
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
  readonly #server: ServerContext;
  readonly #connection: Connection;
  readonly #lines: LineBuffer;
  readonly #answers: Answers;
  readonly #questions = new Semaphore(placesQuestionsPerConnectionMax);
  readonly #sender: Sender;
  readonly #seat: Seat;
  #known: Reporter | null = null;
  #state: SessionState = "talking";
  #isFirst = true;
  #lingering: Timer | null = null;

  /**
   * @param server what its sessions share
   * @param connection a client's; belongs to the session from here on
   */
  constructor(server: ServerContext, connection: Connection) {
    this.#server = server;
    this.#connection = connection;
    this.#lines = new LineBuffer(server.reading);
    this.#answers = new Answers(server.buffers);
    this.#sender = new Sender(connection, this.#answers, server.saved);
    this.#seat = server.connections.add(connection);
  }

  /** The client's address, as the log shows it. */
  get peer(): string {
    return addressText(this.#connection.remote);
  }

  /** Made with the first read: thousands of clients may be connected and say nothing. */
  get #reporter(): Reporter {
    return this.#known ??= this.#makeReporter();
  }

  #makeReporter(): Reporter {
    const { peer } = this;
    return {
      answers: this.#answers,
      labels: { in: wireLabel("in", peer), out: wireLabel("out", peer) },
      received: { seconds: 0, nanoseconds: 0 },
    };
  }

  /** Talks until the client is done or gone, and closes the connection. Never rejects. */
  async run(): Promise<void> {
    try {
      await this.#talk();
      if (this.#state !== "linked") await this.#sender.sendAll();
    } catch (error) {
      // Where the client is gone there is nobody to tell, and its lines so far are in the log. Where
      // its reports are not on disk, closing without an answer is how it is told.
      const isExpected = error instanceof GoneError || error instanceof UnsavedError;
      if (!isExpected) this.#server.faults.report("a session", error);
    } finally {
      this.#server.connections.leave(this.#seat);
      this.#lines.release();
      this.#answers.leaveBudget();
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
    if (this.#sender.isIdle) this.#answers.rest();
    const isStuck = this.#sender.isStuck(secondsMax);
    if (isStuck) this.#server.connections.drop(this.#seat, "unread");
    return isStuck;
  }

  async #talk(): Promise<void> {
    const { clock, connections } = this.#server;
    for (;;) {
      let count: number | null;
      try {
        const room = this.#lines.room();
        if (this.#lines.isStarved && this.#state === "talking") this.#refuseEndless();
        count = await this.#connection.read(room);
      } catch (error) {
        throw new GoneError("cannot read", { cause: error });
      }
      if (count === null) this.#lines.end();
      else this.#lines.received(count);
      if (this.#lines.start < this.#lines.complete) connections.spoke(this.#seat);
      if (this.#state === "leaving") this.#lines.clear();
      clock.now(this.#reporter.received);
      await this.#takeLines();
      if (count === null || this.#state === "linked") return;
      // In a microtask of its own: the lines of all who were read from in this turn are taken before
      // the first answer is sent, while the code that takes them is in the processor's caches.
      if (!this.#answers.done) await this.#sender.send();
    }
  }

  /** Takes every line that is complete; where too many answers are due, waits until fewer are. */
  async #takeLines(): Promise<void> {
    const { wire, turns } = this.#server;
    const { received } = this.#reporter;
    let left = linesAtOnceMax;
    for (;;) {
      wire.at(received);
      while (this.#lines.start < this.#lines.complete && !this.#full) {
        if (left-- === 0) {
          await turns.next();
          wire.at(received);
          left = turnLinesMax;
        } else if (!this.#takeLine()) await this.#takeOver();
        if (this.#state !== "talking") return;
      }
      if (this.#lines.unfinishedBytes > lineBytesMax) this.#refuseEndless();
      if (this.#lines.start >= this.#lines.complete || this.#state !== "talking") return;
      await this.#sender.send();
      if (this.#full) await this.#sender.sleep();
    }
  }

  get #full(): boolean {
    const { bytes, unanswered } = this.#answers;
    if (unanswered >= unansweredMax || bytes >= answerBytesMax) return true;
    return bytes >= answerBytesMin && this.#server.buffers.isSpent;
  }

  /** @returns whether the line was a client's; a hello is not, and stays where it is */
  #takeLine(): boolean {
    const lines = this.#lines;
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    if (this.#server.reports.take(lines, this.#reporter)) {
      this.#sender.holdForReport();
      return true;
    }
    if (isFirst && startsWith(lines.bytes, lines.start, helloWord)) return false;
    const line = lines.take()!;
    if (line.length > lineBytesMax) return this.#refuseEndless();
    this.#logIn(line);
    if (isHttpLine(line)) return this.#refuse(line, "HTTP");
    const whatsat = parseWhatsat(line);
    const task = whatsat === null ? null : takeWhatsat(this.#server, whatsat);
    if (task === null) this.#answerInvalid(line);
    else this.#answerLater(task.line, this.#questions.run(() => task.ask()));
    return true;
  }

  /** `? ` and the line as it came, without its end. */
  #answerInvalid(line: Uint8Array): void {
    const answers = this.#answers;
    answers.room(line.length + 3);
    const target = answers.block.bytes;
    const at = answers.length;
    target[at] = questionMark;
    target[at + 1] = space;
    const length = line.at(-1) === carriageReturn ? line.length - 1 : line.length;
    const end = copy(line, 0, length, target, at + 2);
    this.#server.wire.line(this.#reporter.labels.out, target, at, end);
    target[end] = newline;
    answers.wrote(end + 1);
  }

  /** A line without an end in sight: what was kept of it is dropped. */
  #refuseEndless(): true {
    return this.#refuse(new Uint8Array(), "endless");
  }

  /** Answers a line as invalid, drops what came behind it, and ends the session. */
  #refuse(line: Uint8Array, reason: DropReason): true {
    this.#answerInvalid(line);
    this.#lines.clear();
    this.#server.gauges.dropped[reason]++;
    this.stop();
    return true;
  }

  #answerLater(line: Uint8Array, places: Promise<Answer>): void {
    const slot = this.#answers.reserve();
    places.then(({ json }) => {
      const answer = whatsatAnswer(line, json);
      this.#logOut(answer);
      slot.fill(answer);
    }).catch((error) => {
      this.#server.faults.report("an answer to WHATSAT", error);
      this.#connection.close();
    });
  }

  #logIn(line: Uint8Array): void {
    this.#server.wire.line(this.#reporter.labels.in, line, 0, line.length);
  }

  #logOut(answer: Uint8Array): void {
    const { wire, clock } = this.#server;
    const now = { seconds: 0, nanoseconds: 0 };
    clock.now(now);
    wire.at(now);
    for (let start = 0; start < answer.length - 1;) {
      const end = answer.indexOf(newline, start);
      wire.line(this.#reporter.labels.out, answer, start, end);
      start = end + 1;
    }
  }

  /** Gives the connection to the links, whose first line is a hello. */
  async #takeOver(): Promise<void> {
    const line = this.#lines.take()!.slice();
    this.#logIn(line);
    this.#state = "linked";
    const admission = await this.#server.links.admit(this.#connection, this.#lines, line);
    if (admission.kind === "admitted") {
      this.#server.connections.linked(this.#seat);
      this.#lines.leaveBudget();
      return await admission.run();
    }
    this.#state = "talking";
    this.#answerInvalid(line);
    if (admission.kind === "no neighbour") return;
    // Half of the link protocol was spoken: what follows is no client's conversation.
    this.#lines.clear();
    this.stop();
  }

  /**
   * Sends the answers that are due, then the end of file, and reads on for a while: closing at once
   * would make the system reset the connection, and the last answers could be lost.
   */
  async #leave(): Promise<void> {
    this.#state = "leaving";
    this.#sender.wake();
    await this.#sender.sendAll();
    await this.#connection.closeWrite();
    this.#lingering = this.#server.clock.after(lingerMs, () => this.#connection.close());
  }
}

function startsWith(bytes: Uint8Array, start: number, word: Uint8Array): boolean {
  return word.every((byte, at) => bytes[start + at] === byte);
}
