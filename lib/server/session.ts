/**
 * One client's connection: commands in, answers out, in order.
 *
 * @module
 */

import {
  answerBytesMax,
  lineBytesMax,
  linesAtOnceMax,
  lingerMs,
  placesQuestionsPerConnectionMax,
  readBytesMax,
  readBytesMin,
  turnLinesMax,
  unansweredMax,
} from "../limits.ts";
import { copy, newline, questionMark, space } from "../protocol/ascii.ts";
import { Semaphore } from "../pacing/semaphore.ts";
import { parseWhatsat } from "../protocol/command.ts";
import { LineBuffer } from "../protocol/line_buffer.ts";
import { wireLabel } from "../log/log_file.ts";
import { addressText } from "../transport/address.ts";
import type { Connection, Instant, Timer } from "../transport/transport.ts";
import { Answers } from "./answers.ts";
import type { Reporter } from "./reports.ts";
import { Sender } from "./sender.ts";
import type { ServerContext } from "./server_context.ts";
import { answerEndBytes, takeWhatsat, whatsatAnswer, type WhatsatTask } from "./whatsat.ts";

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
  readonly #questions = new Semaphore(placesQuestionsPerConnectionMax);
  readonly #sender: Sender;
  readonly #received: Instant = { seconds: 0, nanoseconds: 0 };
  readonly #reporter: Reporter;
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
    this.peer = addressText(connection.remote);
    this.#reporter = {
      answers: this.#answers,
      labels: { in: wireLabel("in", this.peer), out: wireLabel("out", this.peer) },
      received: this.#received,
    };
    this.#sender = new Sender(connection, this.#answers, server.saved);
  }

  /** Talks until the client is done or gone, and closes the connection. Never rejects. */
  async run(): Promise<void> {
    try {
      await this.#talk();
      if (this.#state !== "linked") await this.#sender.sendAll();
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
    const isStuck = this.#sender.isStuck(secondsMax);
    if (isStuck) this.#connection.close();
    return isStuck;
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
      // In a microtask of its own: the lines of all who were read from in this turn are taken before
      // the first answer is sent, while the code that takes them is in the processor's caches.
      if (!this.#answers.done) await this.#sender.send();
    }
  }

  /** Takes every line that is complete; where too many answers are due, waits until fewer are. */
  async #takeLines(): Promise<void> {
    const { wire, turns } = this.#server;
    let left = linesAtOnceMax;
    for (;;) {
      wire.at(this.#received);
      while (this.#lines.start < this.#lines.complete && !this.#full) {
        if (left-- === 0) {
          await turns.next();
          wire.at(this.#received);
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
    return this.#answers.unanswered >= unansweredMax || this.#answers.bytes >= answerBytesMax;
  }

  /** @returns whether the line was a client's; a hello is not, and stays where it is */
  #takeLine(): boolean {
    const lines = this.#lines;
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    if (this.#server.reports.take(lines, this.#reporter)) return true;
    if (isFirst && startsWith(lines.bytes, lines.start, helloWord)) return false;
    const line = lines.take()!;
    if (line.length > lineBytesMax) return this.#refuseEndless();
    this.#logIn(line);
    const whatsat = parseWhatsat(line);
    const taken = whatsat && takeWhatsat(this.#server, whatsat, this.#reporter);
    if (taken === null) this.#answerInvalid(line);
    else if (taken !== "answered") this.#answerLater(taken);
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

  /** A line without an end in sight: what was kept is dropped, and the connection closed. */
  #refuseEndless(): true {
    this.#lines.clear();
    this.#answerInvalid(new Uint8Array());
    this.stop();
    return true;
  }

  #answerLater(task: WhatsatTask): void {
    const slot = this.#answers.reserve();
    this.#questions.run(() => task.ask()).then(({ json }) => {
      const answer = whatsatAnswer(task.line, json);
      this.#logOut(answer);
      slot.fill(answer);
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
    wire.line(this.#reporter.labels.out, answer, 0, answer.length - answerEndBytes);
  }

  /** Gives the connection to the links, whose first line is a hello. */
  async #takeOver(): Promise<void> {
    const line = this.#lines.take()!.slice();
    this.#logIn(line);
    this.#state = "linked";
    const admission = await this.#server.links.admit(this.#connection, this.#lines, line);
    if (admission.kind === "admitted") return await admission.run();
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
