/**
 * Opens a server's file and fills the table from it. Whatever is wrong with the file, there is a
 * server afterwards: the neighbours fill what is missing.
 *
 * @module
 */

import { scanAt } from "../protocol/at.ts";
import { newline } from "../protocol/ascii.ts";
import { Block } from "../block.ts";
import { RecordFields } from "../protocol/record.ts";
import { DamageError, type RecordStore, Store } from "./store.ts";
import type { Table } from "../locations/table.ts";

/** What became of opening a file. */
export interface OpenedStore {
  /** The file, or null when records can only be remembered. */
  readonly store: Store | null;
  /** How many lines were read from it. */
  readonly lines: number;
  /** What went wrong, a sentence each, for the log and the operator. */
  readonly troubles: readonly string[];
}

/** Where the file is, and what its records go into. */
export interface OpenStoreOptions {
  readonly sync: boolean;
  readonly table: Table;
  /** What the hashes of IDs begin with. */
  readonly hashSeed: number;
}

/** What SQLite says of a file that is not what it should be; Deno does not give its result codes. */
const damage = /not a database|malformed|is encrypted|no such (table|column)|file format/;

/**
 * @param path the file; it is made when there is none
 * @param options where the records go
 * @returns the open file; a damaged one was set aside and a new one begun
 */
export async function openStore(path: string, options: OpenStoreOptions): Promise<OpenedStore> {
  const troubles: string[] = [];
  for (;;) {
    let store: Store | null = null;
    try {
      store = await Store.open(path, options);
      return { store, lines: load(store, options), troubles };
    } catch (error) {
      store?.[Symbol.dispose]();
      const why = error instanceof Error ? error.message : String(error);
      const aside = isDamage(error) && troubles.length === 0 ? setAside(path) : null;
      if (aside === null) {
        troubles.push(`records are NOT saved, only remembered: ${path}: ${why}`);
        return { store: null, lines: 0, troubles };
      }
      troubles.push(`${path} is damaged (${why}): it was set aside as ${aside}`);
    }
  }
}

function isDamage(error: unknown): boolean {
  return error instanceof DamageError || (error instanceof Error && damage.test(error.message));
}

/**
 * Fills a table from a store.
 *
 * @param store what was saved; of several records of a client the newest counts
 * @param options where the records go
 * @returns how many lines there were
 * @throws {Error} when the store is damaged; the table has what came before that
 */
export function load(
  store: RecordStore,
  { table, hashSeed }: Omit<OpenStoreOptions, "sync">,
): number {
  const fields = new RecordFields(hashSeed);
  let lines = 0;
  for (const batch of store.batches()) {
    const { bytes, view } = Block.of(batch);
    if (bytes.at(-1) !== newline) throw new DamageError("a batch without an end");
    for (let start = 0; start < bytes.length; start = fields.lineEnd + 1) {
      if (scanAt(bytes, start, fields) < 0) throw new DamageError("a line that is no record");
      table.merge({ bytes, view, start, end: fields.lineEnd, fields });
      lines++;
    }
  }
  return lines;
}

/** @returns the file's new name, or null when it cannot be moved */
function setAside(path: string): string | null {
  for (let number = 1;; number++) {
    const aside = `${path}.damaged-${number}`;
    try {
      Deno.statSync(aside);
    } catch {
      return move(path, aside) ? aside : null;
    }
  }
}

/** Moves a file and what SQLite keeps beside it. */
function move(path: string, aside: string): boolean {
  try {
    Deno.renameSync(path, aside);
    for (const suffix of ["-wal", "-shm"]) {
      try {
        Deno.renameSync(path + suffix, aside + suffix);
      } catch (error) {
        if (!(error instanceof Deno.errors.NotFound)) throw error;
      }
    }
    return true;
  } catch {
    return false;
  }
}
