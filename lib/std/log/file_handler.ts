/**
 * A handler for a file.
 *
 * @module
 */

import { BaseHandler, type BaseHandlerOptions } from "./base_handler.ts";
import { type LevelName, LogLevels } from "./levels.ts";
import type { LogRecord } from "./logger.ts";

/** "a" adds to the file, "w" empties it first, "x" fails when it exists. */
export type LogMode = "a" | "w" | "x";

/** Options of a {@linkcode FileHandler}. */
export interface FileHandlerOptions extends BaseHandlerOptions {
  /** The file's path. */
  filename: string;
  /** What becomes of a file that exists; "a" by default. */
  mode?: LogMode;
  /** Bytes that wait in memory; 4096 by default. */
  bufferSize?: number;
}

const encoder = new TextEncoder();

/**
 * Writes to a file by way of a buffer. What waits in it is written when it is full, at
 * {@linkcode flush}, after a record above ERROR, and when the process ends.
 */
export class FileHandler extends BaseHandler {
  readonly #filename: string;
  readonly #mode: LogMode;
  readonly #buffer: Uint8Array;
  readonly #onUnload = () => this.destroy();
  #buffered = 0;
  #file: Deno.FsFile | undefined;

  constructor(levelName: LevelName, options: FileHandlerOptions) {
    super(levelName, options);
    this.#filename = options.filename;
    this.#mode = options.mode ?? "a";
    this.#buffer = new Uint8Array(options.bufferSize ?? 4096);
  }

  /** @throws {Deno.errors.AlreadyExists} when the mode is "x" and the file exists */
  override setup(): void {
    this.#open();
    addEventListener("unload", this.#onUnload);
  }

  override handle(logRecord: LogRecord): void {
    super.handle(logRecord);
    if (logRecord.level > LogLevels.ERROR) this.flush();
  }

  override log(msg: string): void {
    const line = encoder.encode(msg + "\n");
    if (line.length > this.#buffer.length - this.#buffered) this.flush();
    if (line.length > this.#buffer.length) {
      this.#write(line);
    } else {
      this.#buffer.set(line, this.#buffered);
      this.#buffered += line.length;
    }
  }

  /** Writes what waits in the buffer. */
  flush(): void {
    if (this.#file === undefined) return;
    const waiting = this.#buffer.subarray(0, this.#buffered);
    this.#buffered = 0;
    this.#write(waiting);
  }

  override destroy(): void {
    this.flush();
    this.#file?.close();
    this.#file = undefined;
    removeEventListener("unload", this.#onUnload);
  }

  /** Closes the file, has it moved out of the way, and begins another. */
  protected replaceFile(move: () => void): void {
    this.flush();
    this.#file?.close();
    this.#file = undefined;
    move();
    this.#open();
  }

  #open(): void {
    this.#file = Deno.openSync(this.#filename, {
      write: true,
      append: this.#mode === "a",
      truncate: this.#mode !== "a",
      create: this.#mode !== "x",
      createNew: this.#mode === "x",
    });
  }

  #write(bytes: Uint8Array): void {
    for (let rest = bytes; rest.length > 0;) {
      rest = rest.subarray(this.#file?.writeSync(rest) ?? rest.length);
    }
  }
}
