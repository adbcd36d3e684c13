/**
 * A file that is appended to, and set aside when it has its size: so many of those are kept.
 *
 * @module
 */

import { reasonOf } from "./reason.ts";

/** Where the file is, and how much is kept. */
export interface RotatingFileOptions {
  readonly path: string;
  /** A file of this size is set aside: `Clark.log.1` is the newest of those. */
  readonly fileBytesMax: number;
  /** How many files set aside are kept. */
  readonly filesKept: number;
  /** Hears once when the file cannot be written or set aside, and once when it is written again. */
  readonly onTrouble: (message: string) => void;
}

/** A file and those that were set aside. */
export class RotatingFile {
  readonly #options: RotatingFileOptions;
  #file: Deno.FsFile | null = null;
  #bytes = 0;
  #stuck = false;

  constructor(options: RotatingFileOptions) {
    this.#options = options;
  }

  /** Bytes in the file. */
  get bytes(): number {
    return this.#bytes;
  }

  /** @throws {Error} when the file cannot be opened */
  open(): void {
    this.#file = Deno.openSync(this.#options.path, { create: true, append: true });
    this.#bytes = this.#file.statSync().size;
  }

  /** Closes the file if another one, or none, is at its path now: somebody moved or removed it. */
  leaveMoved(): void {
    if (this.#file !== null && !isSame(this.#file.statSync(), this.#options.path)) this.close();
  }

  /** Closes the file; it is opened again for the next bytes. */
  close(): void {
    this.#file?.close();
    this.#file = null;
  }

  /** @returns what went wrong, or null */
  append(bytes: Uint8Array): unknown {
    try {
      if (this.#file === null) this.open();
      const file = this.#file!;
      for (let at = 0; at < bytes.length;) at += file.writeSync(bytes.subarray(at));
      this.#bytes += bytes.length;
      if (this.#bytes >= this.#options.fileBytesMax) this.#rotate();
      return null;
    } catch (error) {
      return error;
    }
  }

  /** Sets the file aside; where that fails, it is tried again when as much has been written again. */
  #rotate(): void {
    const { path, onTrouble } = this.#options;
    const wasStuck = this.#stuck;
    this.close();
    const trouble = this.#setAside();
    this.#stuck = trouble !== null;
    this.open();
    if (this.#stuck) this.#bytes = 0;
    if (this.#stuck && !wasStuck) onTrouble(`${path} cannot be set aside: ${reasonOf(trouble)}`);
  }

  /** @returns what went wrong, or null */
  #setAside(): unknown {
    const { path, filesKept } = this.#options;
    try {
      const oldest = isFile(`${path}.${filesKept}`);
      if (oldest) rename(`${path}.${filesKept}`, `${path}.old`);
      for (let number = filesKept; number > 0; number--) {
        rename(number === 1 ? path : `${path}.${number - 1}`, `${path}.${number}`);
      }
      // Freeing so many pages takes a tenth of a second: not on this thread.
      if (oldest) Deno.remove(`${path}.old`).catch(() => {});
      return null;
    } catch (error) {
      return error;
    }
  }
}

/** Whether the open file is the one at the path; where that cannot be told, it is. */
function isSame(open: Deno.FileInfo, path: string): boolean {
  try {
    const { ino, dev } = Deno.statSync(path);
    return ino === open.ino && dev === open.dev;
  } catch (error) {
    return !(error instanceof Deno.errors.NotFound);
  }
}

function isFile(path: string): boolean {
  try {
    return Deno.statSync(path).isFile;
  } catch {
    return false;
  }
}

function rename(path: string, to: string): void {
  try {
    Deno.renameSync(path, to);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}
