/**
 * Locations in ISO 6709's decimal degrees, `+34.068930-118.445127`: latitude, then longitude, each
 * with its sign and nothing between them.
 *
 * @module
 */

import { isDigit, isSpace, minus, plus, point, zero } from "./ascii.ts";

/** Degrees north and east. */
export interface Location {
  /** -90 to 90. */
  readonly latitude: number;
  /** -180 to 180. */
  readonly longitude: number;
}

/**
 * Finds the end of one angle: a sign, one to `digitsMax` digits, and perhaps a point and digits.
 *
 * @returns one past its last byte, or -1 when it is malformed or beyond `degreesMax`
 */
function scanAngle(bytes: Uint8Array, at: number, digitsMax: number, degreesMax: number): number {
  const sign = bytes[at]!;
  if (sign !== plus && sign !== minus) return -1;
  let degrees = 0;
  const start = ++at;
  let byte = bytes[at]!;
  while (isDigit(byte)) {
    degrees = degrees * 10 + byte - zero;
    if (++at - start > digitsMax) return -1;
    byte = bytes[at]!;
  }
  if (at === start || degrees > degreesMax) return -1;
  if (byte !== point) return at;
  let fraction = 0;
  for (byte = bytes[++at]!; isDigit(byte); byte = bytes[++at]!) fraction |= byte - zero;
  return degrees === degreesMax && fraction !== 0 ? -1 : at;
}

/**
 * Checks a location field. Either angle has at least one digit, a latitude at most two before the
 * point and a longitude at most three; both lie within ±90 and ±180.
 *
 * @param bytes has white space somewhere at or after `at`
 * @param at the field's first byte
 * @returns one past the field's last byte, which white space follows, or -1 if it is not a location
 */
export function scanLocation(bytes: Uint8Array, at: number): number {
  const middle = scanAngle(bytes, at, 2, 90);
  if (middle < 0) return -1;
  const end = scanAngle(bytes, middle, 3, 180);
  return end >= 0 && isSpace(bytes[end]!) ? end : -1;
}

/**
 * @param field a location field that {@linkcode scanLocation} took, as text
 * @returns its angles
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(parseLocation("+34.068930-118.445127"), {
 *   latitude: 34.06893,
 *   longitude: -118.445127,
 * });
 * ```
 */
export function parseLocation(field: string): Location {
  const middle = Math.max(field.lastIndexOf("+"), field.lastIndexOf("-"));
  return { latitude: Number(field.slice(0, middle)), longitude: Number(field.slice(middle)) };
}
