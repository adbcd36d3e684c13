/**
 * The log of a server: a handler for `@std/log`'s events that takes the lines in and out as bytes
 * besides, since a log record a line would cost more than all the rest of answering it.
 *
 * @module
 */

import { BaseHandler, LogLevels, type LogRecord } from "@std/log";
import { Block, copyWords } from "../block.ts";
import { logMovedSeenS } from "../limits.ts";
import { escapedBytes, escapeTo } from "./escape.ts";
import { reasonOf } from "./reason.ts";
import { RotatingFile, type RotatingFileOptions } from "./rotating_file.ts";

/** A moment, as the server's clock gives it. */
export interface LogTime {
  /** Whole POSIX seconds. */
  seconds: number;
  /** 0 to 999 999 999. */
  nanoseconds: number;
}

/** A line that knows how the log shows it. */
export interface ShownLine {
  /** Bytes that the log shows of it at the most. */
  readonly shownBytesMax: number;
  /**
   * Copies the line as the log shows it: nothing in it ends a line, steers a terminal or feigns an
   * escape.
   *
   * @param target has room for {@linkcode shownBytesMax}
   * @param at where the first byte goes
   * @returns one past the last byte
   */
  writeShownTo(target: Block, at: number): number;
}

/** Takes the lines in and out. */
export interface WireLog {
  /** Says what time it is for the lines that follow. */
  at(time: LogTime): void;
  /**
   * Logs one line.
   *
   * @param label the direction and the peer, as {@linkcode wireLabel} makes it
   * @param bytes holds the line
   * @param start its first byte
   * @param end one past its last byte, its newline not counted
   */
  line(label: Block, bytes: Uint8Array, start: number, end: number): void;
  /**
   * Logs one line that is known to be printable ASCII without a backslash: it is not looked at.
   *
   * @param label as in {@linkcode line}
   * @param view holds the line, and a word behind it
   * @param start its first byte
   * @param end one past its last byte
   */
  plainLine(label: Block, view: DataView, start: number, end: number): void;
  /**
   * Logs one line that is escaped already, or while it is copied.
   *
   * @param label as in {@linkcode line}
   * @param line what is to be shown
   */
  shownLine(label: Block, line: ShownLine): void;
}

/**
 * @param direction where the lines go
 * @param peer who is at the other end
 * @returns what stands before each line of this peer
 */
export function wireLabel(direction: "in" | "out", peer: string): Block {
  return Block.of(encoder.encode(`INFO ${direction} ${peer} `));
}

/** Where a log goes, how much of it is kept, and what tells the time. */
export interface LogFileOptions extends RotatingFileOptions {
  /** Bytes that wait in memory at the most. */
  readonly bufferBytes: number;
  /** How long they wait at the most, in milliseconds. */
  readonly flushMs: number;
  readonly clock: {
    now(time: LogTime): void;
    after(ms: number, callback: () => void): { cancel(): void };
  };
}

/** What systems keep of a file in one piece of memory; a power of two. */
const page = 4096;

const newline = 0x0a;

/** `2026-11-20T15:36:59.123456Z ` */
const stampBytes = 28;
const encoder = new TextEncoder();

/**
 * Writes events and lines to one file, in batches. A disk that is full costs the log its lines, never
 * the server its life.
 */
export class LogFile extends BaseHandler implements WireLog {
  readonly #options: LogFileOptions;
  readonly #file: RotatingFile;
  readonly #buffer: Block;
  readonly #stamp = new Block(stampBytes);
  readonly #now: LogTime = { seconds: 0, nanoseconds: 0 };
  #stampSeconds = NaN;
  #length = 0;
  #timer: { cancel(): void } | null = null;
  #failing = false;
  /** When it was last looked whether the file is still in its place. */
  readonly #looked: LogTime = { seconds: 0, nanoseconds: 0 };

  constructor(options: LogFileOptions) {
    super("INFO");
    this.#options = options;
    this.#file = new RotatingFile(options);
    this.#buffer = new Block(options.bufferBytes);
    options.clock.now(this.#now);
    this.at(this.#now);
  }

  /** @throws {Error} when the file cannot be opened */
  override setup(): void {
    this.#file.open();
  }

  override handle(record: LogRecord): void {
    if (record.level < this.level) return;
    this.#options.clock.now(this.#now);
    this.at(this.#now);
    const event = encoder.encode(`${record.levelName} ${record.msg}`);
    this.line(noLabel, event, 0, event.length);
    if (record.level >= LogLevels.ERROR) this.flush();
  }

  override log(msg: string): void {
    const line = encoder.encode(msg);
    this.line(noLabel, line, 0, line.length);
  }

  at({ seconds, nanoseconds }: LogTime): void {
    if (seconds !== this.#stampSeconds) {
      const text = `${new Date(seconds * 1000).toISOString().slice(0, 20)}000000Z `;
      encoder.encodeInto(text, this.#stamp.bytes);
      this.#stampSeconds = seconds;
    }
    const { bytes } = this.#stamp;
    let micros = (nanoseconds / 1000) | 0;
    for (let at = 25; at >= 20; at--) {
      bytes[at] = 0x30 + micros % 10;
      micros = (micros / 10) | 0;
    }
  }

  line(label: Block, bytes: Uint8Array, start: number, end: number): void {
    const bytesMax = (end - start) * escapedBytes;
    if (!this.#begin(label, bytesMax)) return this.#longLine(label, bytes.slice(start, end));
    this.#end(escapeTo(bytes, start, end, this.#buffer, this.#length));
  }

  plainLine(label: Block, view: DataView, start: number, end: number): void {
    if (this.#begin(label, end - start)) {
      this.#end(copyWords(view, start, end, this.#buffer.view, this.#length));
    } else this.#longLine(label, new Uint8Array(view.buffer.slice(start, end)));
  }

  shownLine(label: Block, line: ShownLine): void {
    if (this.#begin(label, line.shownBytesMax)) {
      return this.#end(line.writeShownTo(this.#buffer, this.#length));
    }
    const shown = new Block(line.shownBytesMax);
    this.#longShownLine(label, shown.bytes.subarray(0, line.writeShownTo(shown, 0)));
  }

  /** Writes what stands before a line; says no when the line is too long for any buffer. */
  #begin(label: Block, lineBytesMax: number): boolean {
    const bytesMax = stampBytes + label.size + lineBytesMax + 1;
    if (this.#length + bytesMax > this.#buffer.size) {
      this.#flushPages();
      if (this.#length + bytesMax > this.#buffer.size) this.flush();
      if (bytesMax > this.#buffer.size) return false;
    }
    const { view } = this.#buffer;
    const at = copyWords(this.#stamp.view, 0, stampBytes, view, this.#length);
    this.#length = copyWords(label.view, 0, label.size, view, at);
    return true;
  }

  #end(at: number): void {
    this.#buffer.bytes[at] = newline;
    this.#length = at + 1;
    this.#timer ??= this.#options.clock.after(this.#options.flushMs, () => this.flush());
  }

  #longLine(label: Block, bytes: Uint8Array): void {
    const shown = new Block(bytes.length * escapedBytes);
    const end = escapeTo(bytes, 0, bytes.length, shown, 0);
    this.#longShownLine(label, shown.bytes.subarray(0, end));
  }

  #longShownLine(label: Block, shown: Uint8Array): void {
    const line = new Uint8Array(stampBytes + label.size + shown.length + 1);
    line.set(this.#stamp.bytes);
    line.set(label.bytes, stampBytes);
    line.set(shown, stampBytes + label.size);
    line[line.length - 1] = newline;
    this.#write(line);
  }

  /** Writes what waits to the end of the file's last whole page: pages cost less in one piece. */
  #flushPages(): void {
    const { bytes } = this.#buffer;
    const end = this.#length;
    // In bits, since `%` makes a double of it: the length would be one from here on, and slow.
    const whole = end - ((this.#file.bytes + end) & (page - 1));
    // A file that is set aside ends with a line.
    const isLast = this.#file.bytes + whole >= this.#options.fileBytesMax;
    if (whole <= 0 || isLast) return this.flush();
    const trouble = this.#append(bytes.subarray(0, whole));
    // Of a line whose beginning is lost nothing is written.
    const from = trouble === null ? whole : bytes.indexOf(newline, whole - 1) + 1;
    bytes.copyWithin(0, from, end);
    this.#length = end - from;
    this.#report(trouble);
  }

  /** Writes what waits. */
  flush(): void {
    this.#timer?.cancel();
    this.#timer = null;
    if (this.#length === 0) return;
    const bytes = this.#buffer.bytes.subarray(0, this.#length);
    this.#length = 0;
    this.#write(bytes);
  }

  #write(bytes: Uint8Array): void {
    this.#report(this.#append(bytes));
  }

  #append(bytes: Uint8Array): unknown {
    const before = this.#looked.seconds;
    this.#options.clock.now(this.#looked);
    // A clock that was set back counts like one that went on.
    if (Math.abs(this.#looked.seconds - before) < logMovedSeenS) this.#looked.seconds = before;
    else this.#file.leaveMoved();
    return this.#file.append(bytes);
  }

  /** Writes what waits, and the next lines to the file that is at the path then, or a new one. */
  reopen(): void {
    this.flush();
    this.#file.leaveMoved();
  }

  /** Tells of the first trouble and of its end. What is told may be logged here again. */
  #report(trouble: unknown): void {
    const { path, onTrouble } = this.#options;
    const wasFailing = this.#failing;
    this.#failing = trouble !== null;
    if (this.#failing === wasFailing) return;
    if (trouble === null) onTrouble(`${path} is written again`);
    else onTrouble(`${path} cannot be written, lines are lost: ${reasonOf(trouble)}`);
  }

  /** Writes what waits and closes the file. */
  override destroy(): void {
    this.flush();
    this.#file.close();
  }
}

const noLabel = new Block(0);
