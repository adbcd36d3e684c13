/**
 * Records for tests of the table.
 *
 * @module
 */

import { Block } from "../../lib/block.ts";
import { assert } from "@std/assert";
import type { RecordLine } from "../../lib/locations/cells.ts";
import type { Table } from "../../lib/locations/table.ts";
import { bytesOf, textOf } from "../../lib/protocol/ascii.ts";
import { scanAt } from "../../lib/protocol/at.ts";
import { hashId, RecordFields } from "../../lib/protocol/record.ts";

/** What IDs are hashed with in tests. */
export const seed = 20_211;

/** What stands in a record's line. */
export interface RecordWords {
  readonly id: string;
  readonly time: string;
  readonly server?: string;
  readonly difference?: string;
  readonly location?: string;
}

/** @returns the record's `AT` line */
export function atLine(words: RecordWords): string {
  const { id, time, server = "Clark", difference = "+0.250000000", location = "+34-118" } = words;
  return `AT ${server} ${difference} ${id} ${location} ${time}`;
}

/**
 * @param line an `AT` line
 * @param idHash in place of the ID's own hash
 * @returns the line as the table takes it, in the middle of other bytes
 */
export function recordLine(line: string, idHash?: number): RecordLine {
  const before = "IAMAT before +1-1 1\n";
  const { bytes, view } = Block.of(bytesOf(`${before}${line}\nAT behind`));
  const fields = new RecordFields(seed);
  assert(scanAt(bytes, before.length, fields) > 0, line);
  if (idHash !== undefined) fields.idHash = idHash;
  return { bytes, view, start: before.length, end: fields.lineEnd, fields };
}

/** @returns the line that the table has of a client, or null */
export function lineOf(table: Table, id: string, idHash?: number): string | null {
  const bytes = bytesOf(`(${id})`);
  const span = { bytes, start: 1, end: bytes.length - 1 };
  const number = table.find(span, idHash ?? hashId(bytes, 1, span.end, seed));
  return number < 0 ? null : textOf(table.line(number));
}
