/**
 * The record of a client's location, `AT Clark +0.263873386 kiwi.cs.ucla.edu +34.068930-118.445127
 * 1621464827.959498503`: the answer to a client, what neighbours flood to each other, and what the
 * table keeps, all in the same bytes.
 *
 * @module
 */

import {
  isDigit,
  isSpace,
  minus,
  plus,
  point,
  skipField,
  skipSpace,
  space,
  type Span,
  textOf,
} from "./ascii.ts";
import { type Block, copyWords } from "../block.ts";
import { type Location, parseLocation } from "./iso6709.ts";
import { differenceBytesMax, type Stamp, writeDifference } from "./posix_time.ts";
import { isWithinLimits, type RecordFields, scanRecord } from "./record.ts";

/** Where an `AT` line is written, and what it says besides the report. */
export interface AtTarget {
  /** `AT Clark `, with the server's name. */
  readonly prefix: Block;
  /** When the report was read. */
  readonly received: Stamp;
  /** Has room as {@linkcode atBytesMax} says. */
  readonly target: Block;
  /** Where the line begins. */
  readonly at: number;
  /** Takes the fields of the line that was written. */
  readonly record: RecordFields;
}

/**
 * Writes the `AT` line for a report, without a newline. Its ID, location and time are the client's
 * own bytes, one space between them.
 *
 * @param report the block with the client's line
 * @param fields the fields of the client's line
 * @param out where it is written to
 * @returns one past the line's last byte
 */
export function writeAt(report: Block, fields: Readonly<RecordFields>, out: AtTarget): number {
  const { prefix, received, target, record } = out;
  const { bytes, view } = target;
  let at = copyWords(prefix.view, 0, prefix.size, view, out.at);
  const time = { bytes: report.bytes, start: fields.timeStart, end: fields.timeEnd };
  at = writeDifference(received, fields, { time, target: bytes, at });
  bytes[at++] = space;
  const idStart = at;
  at = copyWords(report.view, fields.idStart, fields.idEnd, view, at);
  record.idStart = idStart;
  record.idEnd = at;
  bytes[at++] = space;
  const locationStart = at;
  at = copyWords(report.view, fields.locationStart, fields.locationEnd, view, at);
  record.locationStart = locationStart;
  record.locationEnd = at;
  bytes[at++] = space;
  const timeStart = at;
  at = copyWords(report.view, fields.timeStart, fields.timeEnd, view, at);
  record.timeStart = timeStart;
  record.timeEnd = record.lineEnd = at;
  record.idHash = fields.idHash;
  record.isPlain = fields.isPlain;
  record.seconds = fields.seconds;
  record.nanoseconds = fields.nanoseconds;
  return at;
}

/**
 * @param fields the fields of the client's line
 * @param prefixBytes length of `AT Clark ` with the server's name
 * @returns room to keep for the `AT` line and its newline
 */
export function atBytesMax(fields: RecordFields, prefixBytes: number): number {
  const copiedBytes = fields.idEnd - fields.idStart +
    fields.locationEnd - fields.locationStart +
    fields.timeEnd - fields.timeStart;
  return prefixBytes + differenceBytesMax + copiedBytes + 4;
}

/** No `AT` line, or a malformed one. */
export const malformed = -1;

/** An `AT` line with a field beyond its limit, as versions before there were limits wrote it. */
export const tooLong = -2;

/**
 * Scans an `AT` line of a server: `AT server difference ID location time`, single spaces only, since
 * servers write nothing else. A tombstone's location is `-`.
 *
 * @param bytes has a newline somewhere at or after `at`
 * @param at the line's first byte
 * @param fields takes the record's fields; of a line that is {@linkcode tooLong} too, so that one who
 *   reads old records can go on behind its `lineEnd`
 * @returns where the server's name ends (it begins at `at + 3`), or {@linkcode malformed}, or
 *   {@linkcode tooLong}; both are negative
 */
export function scanAt(bytes: Uint8Array, at: number, fields: RecordFields): number {
  if (bytes[at] !== 0x41 || bytes[at + 1] !== 0x54 || bytes[at + 2] !== space) return malformed;
  const nameEnd = skipField(bytes, at + 3);
  if (nameEnd === at + 3 || bytes[nameEnd] !== space) return malformed;
  const differenceEnd = scanDifference(bytes, nameEnd + 1);
  if (differenceEnd < 0 || !scanRecord(bytes, differenceEnd, fields)) return malformed;
  const single = fields.idStart === differenceEnd + 1 && bytes[differenceEnd] === space &&
    fields.locationStart === fields.idEnd + 1 && bytes[fields.idEnd] === space &&
    fields.timeStart === fields.locationEnd + 1 && bytes[fields.locationEnd] === space &&
    fields.lineEnd === fields.timeEnd;
  if (!single) return malformed;
  const isShort = differenceEnd - nameEnd - 1 <= differenceBytesMax && isWithinLimits(fields);
  return isShort ? nameEnd : tooLong;
}

/** @returns one past a sign, digits, a point and nine digits, which white space follows; or -1 */
function scanDifference(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== plus && bytes[at] !== minus) return -1;
  const start = ++at;
  while (isDigit(bytes[at]!)) at++;
  if (at === start || bytes[at] !== point) return -1;
  const fraction = ++at;
  while (isDigit(bytes[at]!)) at++;
  return at - fraction === 9 && isSpace(bytes[at]!) ? at : -1;
}

/**
 * Writes a tombstone: the record of a client that was deleted. It takes the place of the client's
 * record like any later one.
 *
 * @param server the name of the server that deletes
 * @param id the client's ID
 * @param time POSIX time; later than that of the record it deletes
 * @returns the line, with its newline
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const line = tombstoneLine("Clark", new TextEncoder().encode("kiwi"), "1621464827.5");
 * assertEquals(new TextDecoder().decode(line), "AT Clark +0.000000000 kiwi - 1621464827.5\n");
 * ```
 */
export function tombstoneLine(server: string, id: Uint8Array, time: string): Uint8Array {
  const before = new TextEncoder().encode(`AT ${server} +0.000000000 `);
  const behind = new TextEncoder().encode(` - ${time}\n`);
  const line = new Uint8Array(before.length + id.length + behind.length);
  line.set(before);
  line.set(id, before.length);
  line.set(behind, before.length + id.length);
  return line;
}

/**
 * @param line an `AT` line, without its newline
 * @returns where its time is: it is the last field
 */
export function timeSpan({ bytes, start, end }: Span): Span {
  return { bytes, start: Math.max(start, bytes.lastIndexOf(space, end - 1) + 1), end };
}

/**
 * @param bytes has an `AT` line of a client that was not deleted
 * @param at the line's first byte
 * @returns where the client is
 */
export function locationOf(bytes: Uint8Array, at = 0): Location {
  for (let field = 0; field < locationField; field++) at = skipSpace(bytes, skipField(bytes, at));
  return parseLocation(textOf(bytes.subarray(at, skipField(bytes, at))));
}

/** How many fields are before the location of an `AT` line. */
const locationField = 4;
