/**
 * What clients send: `IAMAT ID location time` and `WHATSAT ID radius bound`. Everything else is an
 * invalid command and is answered `? ` and the line.
 *
 * @module
 */

import { boundMax, radiusKmMax } from "../limits.ts";
import { fieldsOf, isSpace, skipSpace, textOf } from "./ascii.ts";
import { type RecordFields, scanRecord } from "./record.ts";

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
 * @returns whether the line is a well-formed IAMAT; clients delete nobody, so that `IAMAT ID -
 *   TIME` is not
 */
export function scanIamat(bytes: Uint8Array, at: number, fields: RecordFields): boolean {
  at = skipSpace(bytes, at);
  return bytes[at] === 0x49 && bytes[at + 1] === 0x41 && bytes[at + 2] === 0x4d &&
    bytes[at + 3] === 0x41 && bytes[at + 4] === 0x54 && isSpace(bytes[at + 5]!) &&
    scanRecord(bytes, at + 5, fields) && !fields.isTombstone;
}

/**
 * Parses a `WHATSAT` line.
 *
 * @param line a line, without its newline
 * @returns what is asked, or null when the line is anything else: the radius is digits, perhaps
 *   with a point and digits, from 0 to 50; the bound is digits, from 0 to 20
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const line = new TextEncoder().encode("WHATSAT kiwi.cs.ucla.edu 10 5");
 * const whatsat = parseWhatsat(line);
 * assertEquals([whatsat?.radiusKm, whatsat?.bound], [10, 5]);
 * ```
 */
export function parseWhatsat(line: Uint8Array): Whatsat | null {
  const [word, id, radius, bound, ...rest] = fieldsOf(line);
  if (!word || !id || !radius || !bound || rest.length > 0) return null;
  if (textOf(word) !== "WHATSAT") return null;
  const radiusKm = parseNumber(radius, /^(\d+)(?:\.(\d+))?$/, radiusKmMax);
  const boundItems = parseNumber(bound, /^(\d+)$/, boundMax);
  if (radiusKm === null || boundItems === null) return null;
  return { id, radiusKm, bound: boundItems };
}

/** @returns the number, or null when it is not of this form or more than `max` */
function parseNumber(field: Uint8Array, form: RegExp, max: number): number | null {
  const [text, whole, fraction = ""] = form.exec(textOf(field)) ?? [];
  if (text === undefined) return null;
  // A fraction that is too small for a number still counts.
  const isBeyond = Number(whole) > max || (Number(whole) === max && /[1-9]/.test(fraction));
  return isBeyond ? null : Number(text);
}
