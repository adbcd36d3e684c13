/**
 * Opens a server's file and fills the table from it. A damaged file is set aside, and the neighbours
 * fill what is missing; any other file that cannot be used is an error, since its records, and those to
 * come, would be missing from what the operator asked to be kept.
 *
 * @module
 */

import { storeOpenMs, storeOpenRetryMs } from "../limits.ts";
import type { Clock } from "../transport/transport.ts";
import { type DiskFailure, diskFailure, messageOf } from "./disk_failure.ts";
import { load, type Loaded, type LoadOptions } from "./load.ts";
import type { RecordFile, RecordStore } from "./record_store.ts";

/** What became of opening a file. */
export interface OpenedStore extends Loaded {
  readonly store: RecordStore;
  /** What went wrong, a sentence each, for the log and the operator. */
  readonly troubles: readonly string[];
}

/** The file cannot be used; the message is one line that says why and what to do. */
export class StoreError extends Error {
  override readonly name = "StoreError";
}

/**
 * @param file where records are kept; it is made when there is none
 * @param options where the records go, and the clock on which another program's lock is waited for
 * @returns the open file; a damaged one was set aside and a new one begun
 * @throws {StoreError} when the file cannot be opened, read or written, stays locked, or is of a newer
 *   version
 */
export async function openStore(
  file: RecordFile,
  options: LoadOptions & { readonly clock: Clock },
): Promise<OpenedStore> {
  const { clock } = options;
  const troubles: string[] = [];
  for (const endMs = clock.steadyMs() + storeOpenMs;;) {
    let store: RecordStore | null = null;
    try {
      store = await file.open();
      return { store, troubles, ...load(store, options) };
    } catch (error) {
      store?.[Symbol.dispose]();
      const failure = diskFailure(error);
      const why = messageOf(error);
      if (failure === "locked" && clock.steadyMs() < endMs) {
        await new Promise<void>((resolve) => clock.after(storeOpenRetryMs, resolve));
        continue;
      }
      const aside = failure === "damaged" && troubles.length === 0 ? file.setAside() : null;
      if (aside === null) throw new StoreError(`${file.path}: ${why}; ${remedies[failure]}`);
      troubles.push(`${file.path} is damaged (${why}): it was set aside as ${aside}`);
    }
  }
}

const elsewhere = "--data-dir DIR names another directory";

const remedies: Readonly<Record<DiskFailure, string>> = {
  locked: `end the program that holds it, or ${elsewhere}`,
  full: `make room on the disk, or ${elsewhere}`,
  damaged: `it cannot be set aside: move it away, or ${elsewhere}`,
  newer: `start the version that wrote it, or ${elsewhere}`,
  other: `make it readable and writable, or ${elsewhere}`,
};
