/**
 * Deleting a client: a tombstone takes the place of its record, in the order of all records, so
 * that it floods, is saved and is caught up like any other, and the client stays deleted
 * everywhere.
 *
 * @module
 */

import { Block } from "../block.ts";
import { textOf } from "../protocol/ascii.ts";
import { scanAt, timeSpan, tombstoneLine } from "../protocol/at.ts";
import { hashId, RecordFields } from "../protocol/record.ts";
import { none, type Table } from "./table.ts";

/** Who deletes, and when. */
export interface Deletion {
  /** The server's name. */
  readonly server: string;
  /** The seed of the hashes of IDs, the same for all that ask the table. */
  readonly hashSeed: number;
  /** The present time. */
  readonly now: { readonly seconds: number; readonly nanoseconds: number };
}

const billion = 1_000_000_000n;

/**
 * Deletes a client. The tombstone is later than its record and not before now: a report that is
 * later than that brings the client back.
 *
 * @param table where the client is
 * @param id the client's ID
 * @param deletion who deletes it, and when
 * @returns the number of the tombstone, or {@linkcode none} when there is no such client
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { none, Table } from "./table.ts";
 * const id = new TextEncoder().encode("kiwi");
 * const now = { seconds: 1_621_464_827, nanoseconds: 0 };
 * assertEquals(deleteClient(new Table(), id, { server: "Clark", hashSeed: 0, now }), none);
 * ```
 */
export function deleteClient(table: Table, id: Uint8Array, deletion: Deletion): number {
  const { server, hashSeed, now } = deletion;
  const hash = hashId(id, 0, id.length, hashSeed);
  const number = table.find({ bytes: id, start: 0, end: id.length }, hash);
  if (number === none || table.isTombstone(number)) return none;
  const known = nanosecondsOf(timeText(table.line(number)));
  const present = BigInt(now.seconds) * billion + BigInt(now.nanoseconds);
  const time = known < present ? present : known + 1n;
  const { bytes, view } = Block.of(tombstoneLine(server, id, posixText(time)));
  const fields = new RecordFields(hashSeed);
  scanAt(bytes, 0, fields);
  return table.merge({ bytes, view, start: 0, end: fields.lineEnd, fields });
}

function timeText(line: Uint8Array): string {
  const { start, end } = timeSpan({ bytes: line, start: 0, end: line.length });
  return textOf(line.subarray(start, end));
}

/** @returns a time in nanoseconds; further digits do not count */
function nanosecondsOf(text: string): bigint {
  const [seconds = "", fraction = ""] = text.split(".");
  return BigInt(seconds + fraction.slice(0, 9).padEnd(9, "0"));
}

function posixText(nanoseconds: bigint): string {
  return `${nanoseconds / billion}.${String(nanoseconds % billion).padStart(9, "0")}`;
}
