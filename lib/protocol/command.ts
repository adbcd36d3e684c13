/**
 * What clients send: `IAMAT ID location time` and `WHATSAT ID radius bound`. Everything else is an
 * invalid command and is answered `? ` and the line.
 *
 * @module
 */

import { boundMax, fieldBytesMax, idBytesMax, radiusKmMax } from "../limits.ts";
import { bytesOf, fieldsOf, isSpace, point, skipDigits, skipSpace, textOf, zero } from "./ascii.ts";
import { isWithinLimits, type RecordFields, scanRecord } from "./record.ts";

const whatsatWord = bytesOf("WHATSAT");

/** What a client asks with WHATSAT. */
export interface Whatsat {
  /** The client that is asked about. */
  readonly id: Uint8Array;
  /** 0 to 50. */
  readonly radiusKm: number;
  /** How many places at most, 0 to 20. */
  readonly bound: number;
}

/**
 * Scans an `IAMAT` line.
 *
 * @param bytes has a newline somewhere at or after `at`
 * @param at the line's first byte
 * @param fields takes the report's fields and the line's end
 * @returns whether the line is an IAMAT, well-formed and within the limits of its fields; clients
 *   delete nobody, so that `IAMAT ID - TIME` is not
 */
export function scanIamat(bytes: Uint8Array, at: number, fields: RecordFields): boolean {
  at = skipSpace(bytes, at);
  return bytes[at] === 0x49 && bytes[at + 1] === 0x41 && bytes[at + 2] === 0x4d &&
    bytes[at + 3] === 0x41 && bytes[at + 4] === 0x54 && isSpace(bytes[at + 5]!) &&
    scanRecord(bytes, at + 5, fields) && isWithinLimits(fields) && !fields.isTombstone;
}

/**
 * Parses a `WHATSAT` line.
 *
 * @param line a line, without its newline
 * @returns what is asked, or null when the line is anything else: the radius is digits, perhaps with
 *   a point and digits, from 0 to 50; the bound is digits, from 0 to 20; neither is longer than
 *   {@linkcode fieldBytesMax}
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const line = new TextEncoder().encode("WHATSAT kiwi.cs.ucla.edu 10 5");
 * const whatsat = parseWhatsat(line);
 * assertEquals([whatsat?.radiusKm, whatsat?.bound], [10, 5]);
 * ```
 */
export function parseWhatsat(line: Uint8Array): Whatsat | null {
  if (!isWhatsat(line)) return null;
  const [, id, radius, bound, ...rest] = fieldsOf(line, 5);
  if (!id || !radius || !bound || rest.length > 0 || id.length > idBytesMax) return null;
  const radiusKm = parseNumber(radius, radiusKmMax);
  const boundItems = skipDigits(bound, 0) === bound.length ? parseNumber(bound, boundMax) : null;
  if (radiusKm === null || boundItems === null) return null;
  return { id, radiusKm, bound: boundItems };
}

/** Whether a line's first word is WHATSAT. Most lines that are no IAMAT are not looked at further. */
function isWhatsat(line: Uint8Array): boolean {
  let at = 0;
  while (at < line.length && isSpace(line[at]!)) at++;
  for (const byte of whatsatWord) if (line[at++] !== byte) return false;
  return at < line.length && isSpace(line[at]!);
}

/** @returns the number, or null when it is malformed, too long or more than `max` */
function parseNumber(field: Uint8Array, max: number): number | null {
  if (field.length > fieldBytesMax) return null;
  const wholeEnd = skipDigits(field, 0);
  const end = field[wholeEnd] === point ? skipDigits(field, wholeEnd + 1) : wholeEnd;
  if (wholeEnd === 0 || end < field.length || field[end - 1] === point) return null;
  const whole = Number(textOf(field.subarray(0, wholeEnd)));
  // A fraction that is too small for a number still counts.
  const hasFraction = field.subarray(wholeEnd + 1).some((digit) => digit !== zero);
  return whole > max || (whole === max && hasFraction) ? null : Number(textOf(field));
}
