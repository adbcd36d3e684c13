/**
 * Fills a table from what was saved.
 *
 * @module
 */

import { Block } from "../block.ts";
import type { Table } from "../locations/table.ts";
import { newline } from "../protocol/ascii.ts";
import { malformed, scanAt, tooLong as beyondLimits } from "../protocol/at.ts";
import { RecordFields } from "../protocol/record.ts";
import { DamageError, type RecordStore } from "./record_store.ts";

/** Where saved records go. */
export interface LoadOptions {
  readonly table: Table;
  /** What the hashes of IDs begin with. */
  readonly hashSeed: number;
}

/** What a store held, in lines. */
export interface Loaded {
  /** All lines. */
  readonly lines: number;
  /** Those of them that were left out: this version takes no record with fields so long. */
  readonly tooLong: number;
}

/**
 * Fills a table from a store.
 *
 * @param store what was saved; of several records of a client the newest counts
 * @param options where the records go
 * @returns how many lines there were
 * @throws {Error} when the store is damaged; the table has what came before that
 */
export function load(store: RecordStore, { table, hashSeed }: LoadOptions): Loaded {
  const fields = new RecordFields(hashSeed);
  let lines = 0;
  let tooLong = 0;
  for (const batch of store.batches()) {
    const { bytes, view } = Block.of(batch);
    if (bytes.at(-1) !== newline) throw new DamageError("a batch without an end");
    for (let start = 0, end = 0; start < bytes.length; start = end + 1) {
      const scanned = scanAt(bytes, start, fields);
      if (scanned === malformed) throw new DamageError("a line that is no record");
      end = fields.lineEnd;
      lines++;
      if (scanned === beyondLimits) tooLong++;
      else table.merge({ bytes, view, start, end, fields });
    }
  }
  return { lines, tooLong };
}
