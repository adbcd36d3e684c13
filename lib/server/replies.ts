/**
 * The answers to one client that are a line, and the log of both sides of the conversation.
 *
 * @module
 */

import type { WireLog } from "../log/log_file.ts";
import { copy, newline, questionMark, space } from "../protocol/ascii.ts";
import type { Reporter } from "./reports.ts";

const carriageReturn = 0x0d;

/** Answers one client, line by line. */
export class Replies {
  readonly #wire: WireLog;
  readonly #reporter: Pick<Reporter, "answers" | "labels">;

  constructor(wire: WireLog, reporter: Pick<Reporter, "answers" | "labels">) {
    this.#wire = wire;
    this.#reporter = reporter;
  }

  /** Logs a line that came. */
  heard(line: Uint8Array): void {
    this.#wire.line(this.#reporter.labels.in, line, 0, line.length);
  }

  /** Answers `? ` and the line as it came, without its end. */
  invalid(line: Uint8Array): void {
    const length = line.at(-1) === carriageReturn ? line.length - 1 : line.length;
    const { answers } = this.#reporter;
    answers.room(length + 3);
    const { bytes } = answers.block;
    bytes[answers.length] = questionMark;
    bytes[answers.length + 1] = space;
    this.#end(copy(line, 0, length, bytes, answers.length + 2));
  }

  /** Answers a line, given without its end. */
  line(line: Uint8Array): void {
    const { answers } = this.#reporter;
    answers.room(line.length + 1);
    this.#end(copy(line, 0, line.length, answers.block.bytes, answers.length));
  }

  /** Logs the answer that was written, and ends it. */
  #end(end: number): void {
    const { answers, labels } = this.#reporter;
    const { bytes } = answers.block;
    this.#wire.line(labels.out, bytes, answers.length, end);
    bytes[end] = newline;
    answers.wrote(end + 1);
  }
}
