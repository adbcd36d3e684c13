/**
 * Fills a table from what was saved.
 *
 * @module
 */

import { Block } from "../block.ts";
import { idBytesMax, locationBytesMax, timeBytesMax } from "../limits.ts";
import type { Table } from "../locations/table.ts";
import { fieldsOf, newline, textOf } from "../protocol/ascii.ts";
import { scanAt } from "../protocol/at.ts";
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
      const isRecord = scanAt(bytes, start, fields) >= 0;
      end = isRecord ? fields.lineEnd : bytes.indexOf(newline, start);
      lines++;
      if (isRecord && isWithinBounds(fields)) table.merge({ bytes, view, start, end, fields });
      else if (isTooLong(bytes.subarray(start, end))) tooLong++;
      else throw new DamageError("a line that is no record");
    }
  }
  return { lines, tooLong };
}

function isWithinBounds(fields: RecordFields): boolean {
  return fields.idEnd - fields.idStart <= idBytesMax &&
    fields.locationEnd - fields.locationStart <= locationBytesMax &&
    fields.timeEnd - fields.timeStart <= timeBytesMax;
}

/** Earlier versions took longer fields: such a line has all six of them, and is no damage. */
function isTooLong(line: Uint8Array): boolean {
  const fields = fieldsOf(line);
  const [word, , , id, location, time] = fields;
  if (fields.length !== 6 || textOf(word!) !== "AT") return false;
  return id!.length > idBytesMax || location!.length > locationBytesMax ||
    time!.length > timeBytesMax;
}
