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
import { startsWith } from "../protocol/ascii.ts";
import { Semaphore } from "../pacing/semaphore.ts";
import { parseWhatsat } from "../protocol/command.ts";
import { isHttpLine } from "../protocol/http_line.ts";
import { LineBuffer } from "../protocol/line_buffer.ts";
import { addressText } from "../transport/address.ts";
import type { Connection, Timer } from "../transport/transport.ts";
import { Answers } from "./answers.ts";
import type { Seat } from "./connections.ts";
import type { DropReason } from "./gauges.ts";
import { UnsavedError } from "../store/acknowledgements.ts";
import { Permit } from "./permit.ts";
import { Replies } from "./replies.ts";
import { Reporter } from "./reports.ts";
import { GoneError, Sender } from "./sender.ts";
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
  #answering: Replies | null = null;
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
    const { tokens } = this.#server;
    return this.#known ??= new Reporter(this.peer, {
      answers: this.#answers,
      permit: tokens && new Permit(tokens),
    });
  }

  get #replies(): Replies {
    return this.#answering ??= new Replies(this.#server.wire, this.#reporter);
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
        } else if (!this.#takeLine()) await this.#takeSlowly();
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

  /** @returns whether the line was taken; a hello and a token are not, and stay where they are */
  #takeLine(): boolean {
    const lines = this.#lines;
    const isFirst = this.#isFirst;
    this.#isFirst = false;
    if (this.#server.reports.take(lines, this.#reporter)) {
      this.#sender.holdForReport();
      return true;
    }
    const { permit } = this.#reporter;
    if (isFirst && startsWith(lines.bytes, lines.start, helloWord)) return false;
    if (permit !== null && Permit.isAuth(lines.bytes, lines.start)) return false;
    let line: Uint8Array = lines.take()!;
    if (line.length > lineBytesMax) return this.#refuseEndless();
    if (permit !== null) line = Permit.withoutToken(line);
    this.#replies.heard(line);
    if (isHttpLine(line)) return this.#refuse(line, "HTTP");
    const whatsat = parseWhatsat(line);
    if (permit?.denies(whatsat)) return this.#deny(line, permit);
    const taken = whatsat && takeWhatsat(this.#server, whatsat, this.#reporter);
    if (taken === null) this.#replies.invalid(line);
    else if (taken !== "answered") this.#answerLater(taken);
    return true;
  }

  /** Answers a line that the client may not say; the last that it may has it go. */
  #deny(line: Uint8Array, permit: Permit): true {
    if (permit.refused()) return this.#refuse(line, "denied");
    this.#replies.invalid(line);
    return true;
  }

  /** Takes a line that shows a token, of which the log gets the first word only. */
  async #authenticate(permit: Permit): Promise<void> {
    const line = this.#lines.take()!.slice();
    const word = Permit.withoutToken(line);
    this.#replies.heard(word);
    const answer = line.length > lineBytesMax ? null : await permit.show(line);
    if (answer === null) this.#deny(word, permit);
    else this.#replies.line(answer);
  }

  /** A line without an end in sight: what was kept of it is dropped. */
  #refuseEndless(): true {
    return this.#refuse(new Uint8Array(), "endless");
  }

  /** Answers a line as invalid, drops what came behind it, and ends the session. */
  #refuse(line: Uint8Array, reason: DropReason): true {
    this.#replies.invalid(line);
    this.#lines.clear();
    this.#server.gauges.dropped[reason]++;
    this.stop();
    return true;
  }

  #answerLater(task: WhatsatTask): void {
    const slot = this.#answers.reserve();
    this.#questions.run(() => task.ask()).then(({ json }) => {
      const answer = whatsatAnswer(task.line, json);
      this.#logOut(answer);
      slot.fill(answer);
    }).catch((error) => {
      this.#server.faults.report("an answer to WHATSAT", error);
      this.#connection.close();
    });
  }

  #logOut(answer: Uint8Array): void {
    const { wire, clock } = this.#server;
    const now = { seconds: 0, nanoseconds: 0 };
    clock.now(now);
    wire.at(now);
    wire.line(this.#reporter.labels.out, answer, 0, answer.length - answerEndBytes);
  }

  /** Takes a line that others must be asked about: a token, or a hello. */
  #takeSlowly(): Promise<void> {
    const { permit } = this.#reporter;
    const { bytes, start } = this.#lines;
    if (permit === null || !Permit.isAuth(bytes, start)) return this.#takeOver();
    return this.#authenticate(permit);
  }

  /** Gives the connection to the links, whose first line is a hello. */
  async #takeOver(): Promise<void> {
    const line = this.#lines.take()!.slice();
    this.#replies.heard(line);
    this.#state = "linked";
    const admission = await this.#server.links.admit(this.#connection, this.#lines, line);
    if (admission.kind === "admitted") {
      this.#server.connections.linked(this.#seat);
      this.#lines.leaveBudget();
      return await admission.run();
    }
    this.#state = "talking";
    this.#replies.invalid(line);
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
