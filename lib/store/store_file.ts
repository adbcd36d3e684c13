/**
 * A server's file on this machine's disk. Only the user who runs the server may read it: it says
 * where people are.
 *
 * @module
 */

import { messageOf } from "./disk_failure.ts";
import type { RecordFile } from "./record_store.ts";
import { Store } from "./store.ts";

/** Read and written by their owner only. */
const fileMode = 0o600;
const directoryMode = 0o700;

/** What SQLite keeps beside a file. */
const besides = ["-wal", "-shm"];

/** Where a file is, and how it is written. */
export interface StoreFileOptions {
  /** Made when there is none. */
  readonly directory: string;
  /** The server's name. */
  readonly name: string;
  /** Whether an append waits for the disk itself. */
  readonly sync: boolean;
  /** Told when others may read the file and that cannot be changed. */
  readonly onTrouble: (trouble: string) => void;
}

/** A file of records. */
export class StoreFile implements RecordFile {
  readonly path: string;
  readonly #options: StoreFileOptions;

  constructor(options: StoreFileOptions) {
    this.#options = options;
    this.path = `${options.directory}/${options.name}.db`;
  }

  async open(): Promise<Store> {
    const { directory, sync } = this.#options;
    Deno.mkdirSync(directory, { recursive: true, mode: directoryMode });
    // SQLite would make it with the mode that the umask leaves; what lies beside it gets its mode.
    Deno.openSync(this.path, { create: true, write: true, mode: fileMode }).close();
    for (const suffix of ["", ...besides]) this.#closeToOthers(this.path + suffix);
    return await Store.open(this.path, { sync });
  }

  /** Takes from others what an earlier version, or a copy, gave them. */
  #closeToOthers(path: string): void {
    if (Deno.build.os === "windows") return;
    try {
      const { mode } = Deno.statSync(path);
      if (mode !== null && (mode & 0o077) !== 0) Deno.chmodSync(path, fileMode);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return;
      this.#options.onTrouble(
        `${path} can be read by others, and that cannot be changed: ${messageOf(error)}`,
      );
    }
  }

  setAside(): string | null {
    for (let number = 1;; number++) {
      const aside = `${this.path}.damaged-${number}`;
      if (!exists(aside)) return this.#move(aside) ? aside : null;
    }
  }

  /** Moves the file and what SQLite keeps beside it. */
  #move(aside: string): boolean {
    try {
      Deno.renameSync(this.path, aside);
      for (const suffix of besides) {
        if (exists(this.path + suffix)) Deno.renameSync(this.path + suffix, aside + suffix);
      }
      return true;
    } catch {
      return false;
    }
  }
}

function exists(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch (error) {
    // What is there and cannot be looked at is there.
    return !(error instanceof Deno.errors.NotFound);
  }
}
