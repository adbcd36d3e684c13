/**
 * What a server does with a report: `IAMAT` becomes a record in the table, and the record's line is
 * the answer. The hottest code of a server: no object, string or promise is made for a line.
 *
 * @module
 */

import { Block } from "../block.ts";
import { lineBytesMax } from "../limits.ts";
import { noRoom, type Table } from "../locations/table.ts";
import { wireLabel, type WireLog } from "../log/log_file.ts";
import { newline, space, type Span } from "../protocol/ascii.ts";
import { atBytesMax, writeAt } from "../protocol/at.ts";
import { scanIamat } from "../protocol/command.ts";
import type { LineBuffer } from "../protocol/line_buffer.ts";
import { RecordFields } from "../protocol/record.ts";
import type { Instant } from "../transport/transport.ts";
import type { Answers } from "./answers.ts";
import type { Gauges } from "./gauges.ts";
import type { Permit } from "./permit.ts";

/** What reports are taken with. */
export interface ReportsOptions {
  /** The server's name. */
  readonly name: string;
  readonly table: Table;
  readonly hashSeed: number;
  /** A report from further in the future, in seconds, is refused; null: none is. */
  readonly maxClockAheadS: number | null;
  readonly gauges: Gauges;
  readonly wire: WireLog;
}

/** Who reports. */
export class Reporter {
  /** Where the answer goes. */
  readonly answers: Answers;
  /** What the log says before each of its lines, and before each answer. */
  readonly labels: { readonly in: Block; readonly out: Block };
  /** When the bytes were read that its lines are in. */
  readonly received: Instant = { seconds: 0, nanoseconds: 0 };
  /** What it may report; null: everything. */
  readonly permit: Permit | null;

  /** @param peer the address, as the log shows it */
  constructor(peer: string, { answers, permit }: Pick<Reporter, "answers" | "permit">) {
    this.answers = answers;
    this.permit = permit;
    this.labels = { in: wireLabel("in", peer), out: wireLabel("out", peer) };
  }
}

const iamatWord = "IAMAT ";

/** Takes the reports of all clients of one server. */
export class Reports {
  readonly #options: ReportsOptions;
  /** `AT Clark `, with the server's name: what its own records begin with. */
  readonly #prefix: Block;
  /** The fields of the client's line, and those of the record's: each line's in turn. */
  readonly #report: RecordFields;
  readonly #record: RecordFields;

  constructor(options: ReportsOptions) {
    this.#options = options;
    this.#prefix = Block.of(new TextEncoder().encode(`AT ${options.name} `));
    this.#report = new RecordFields(options.hashSeed);
    this.#record = new RecordFields(options.hashSeed);
  }

  /**
   * Takes the next line, if it is a report: the record is stored when it is news, and the line is
   * answered and logged.
   *
   * @param lines has a complete line
   * @param reporter who sent it
   * @returns whether it is a report that is taken; if not, the line stays where it is
   */
  take(lines: LineBuffer, reporter: Reporter): boolean {
    const { block, start } = lines;
    const report = this.#report;
    if (!scanIamat(block.bytes, start, report)) return false;
    if (report.lineEnd - start > lineBytesMax) return false;
    const { permit, received } = reporter;
    if (permit !== null && !permit.mayReport(idOf(block, report))) return false;
    if (this.#isAhead(report, received)) {
      this.#options.gauges.ahead++;
      return false;
    }
    return this.#answer(lines, reporter);
  }

  /** A clock that is far ahead, or a stamp in milliseconds, would pin the client's location. */
  #isAhead({ seconds }: RecordFields, received: Readonly<Instant>): boolean {
    const { maxClockAheadS } = this.#options;
    return maxClockAheadS !== null && seconds - received.seconds > maxClockAheadS;
  }

  #logReport({ bytes, view }: Block, start: number, { labels }: Reporter): void {
    const { wire } = this.#options;
    const report = this.#report;
    if (isCanonical(bytes, start, report)) wire.plainLine(labels.in, view, start, report.lineEnd);
    else wire.line(labels.in, bytes, start, report.lineEnd);
  }

  /** @returns whether the line was taken; a client that there is no room for is none that is known */
  #answer(lines: LineBuffer, reporter: Reporter): boolean {
    const { table, wire } = this.#options;
    const { answers, labels, received } = reporter;
    const { block, start: reportStart } = lines;
    const report = this.#report;
    const record = this.#record;
    const prefix = this.#prefix;
    answers.room(atBytesMax(report, prefix.size));
    const target = answers.block;
    const { bytes, view } = target;
    const start = answers.length;
    const end = writeAt(block, report, { prefix, received, target, at: start, record });
    if (table.report({ bytes, view, start, end, fields: record }) === noRoom) return false;
    lines.taken(report.lineEnd);
    this.#logReport(block, reportStart, reporter);
    if (record.isPlain) wire.plainLine(labels.out, view, start, end);
    else wire.line(labels.out, bytes, start, end);
    bytes[end] = newline;
    answers.wrote(end + 1);
    return true;
  }
}

function idOf({ bytes }: Block, { idStart: start, idEnd: end }: RecordFields): Span {
  return { bytes, start, end };
}

/** Whether a report is plain ASCII with single spaces and nothing else, as well-made clients send it. */
function isCanonical(bytes: Uint8Array, start: number, fields: RecordFields): boolean {
  const { idStart, idEnd, locationStart, locationEnd, timeStart, timeEnd, lineEnd } = fields;
  return fields.isPlain && idStart - start === iamatWord.length && bytes[idStart - 1] === space &&
    locationStart - idEnd === 1 && bytes[idEnd] === space &&
    timeStart - locationEnd === 1 && bytes[locationEnd] === space && lineEnd === timeEnd;
}
