/**
 * A handler for a file that is set aside when it has become large.
 *
 * @module
 */

import { FileHandler, type FileHandlerOptions } from "./file_handler.ts";
import type { LevelName } from "./levels.ts";

/** Options of a {@linkcode RotatingFileHandler}. */
export interface RotatingFileHandlerOptions extends FileHandlerOptions {
  /** Bytes of the file at the most; a line that would not fit goes into a new one. */
  maxBytes: number;
  /** How many files set aside are kept: `NAME.1` is the newest of them. */
  maxBackupCount: number;
}

const encoder = new TextEncoder();

/**
 * Writes to a file, and sets it aside as `NAME.1` (which becomes `NAME.2`, and so on) before it
 * grows beyond a size. The mode "w" removes what was set aside before, "x" fails when there is
 * something.
 */
export class RotatingFileHandler extends FileHandler {
  readonly #filename: string;
  readonly #mode: string;
  readonly #maxBytes: number;
  readonly #maxBackupCount: number;
  #fileBytes = 0;

  constructor(levelName: LevelName, options: RotatingFileHandlerOptions) {
    super(levelName, options);
    this.#filename = options.filename;
    this.#mode = options.mode ?? "a";
    this.#maxBytes = options.maxBytes;
    this.#maxBackupCount = options.maxBackupCount;
  }

  /**
   * @throws {Error} when maxBytes or maxBackupCount is less than 1
   * @throws {Deno.errors.AlreadyExists} when the mode is "x" and there is such a file
   */
  override setup(): void {
    if (this.#maxBytes < 1) throw new Error(`"maxBytes" is ${this.#maxBytes}, must be 1 or more`);
    if (this.#maxBackupCount < 1) {
      throw new Error(`"maxBackupCount" is ${this.#maxBackupCount}, must be 1 or more`);
    }
    super.setup();
    if (this.#mode === "w") this.#removeBackups();
    else if (this.#mode === "x") this.#refuseBackups();
    else this.#fileBytes = Deno.statSync(this.#filename).size;
  }

  override log(msg: string): void {
    const lineBytes = encoder.encode(msg).length + 1;
    if (this.#fileBytes + lineBytes > this.#maxBytes) {
      this.rotateLogFiles();
      this.#fileBytes = 0;
    }
    super.log(msg);
    this.#fileBytes += lineBytes;
  }

  /** Sets the file aside and begins a new one. */
  rotateLogFiles(): void {
    this.replaceFile(() => {
      for (let number = this.#maxBackupCount; number > 0; number--) {
        const older = number === 1 ? this.#filename : this.#backup(number - 1);
        ifFound(() => Deno.renameSync(older, this.#backup(number)));
      }
    });
  }

  #backup(number: number): string {
    return `${this.#filename}.${number}`;
  }

  #removeBackups(): void {
    for (let number = 1; number <= this.#maxBackupCount; number++) {
      ifFound(() => Deno.removeSync(this.#backup(number)));
    }
  }

  #refuseBackups(): void {
    for (let number = 1; number <= this.#maxBackupCount; number++) {
      if (ifFound(() => Deno.statSync(this.#backup(number)))) {
        this.destroy();
        throw new Deno.errors.AlreadyExists(`${this.#backup(number)} exists already`);
      }
    }
  }
}

/** Does something to a file; says whether there is one. */
function ifFound(action: () => unknown): boolean {
  try {
    action();
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}
