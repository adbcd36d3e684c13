/**
 * The three fields that a client's report and a herd's record share, `ID location time`, scanned in
 * one pass over the bytes: where they are, the ID's hash and the time. One {@linkcode RecordFields}
 * is used for line after line, so that a line makes no object.
 *
 * @module
 */

import { fieldBytesMax, idBytesMax } from "../limits.ts";
import { byteKind, byteKinds, isSpace, minus, newline, skipSpace } from "./ascii.ts";
import { scanLocation } from "./iso6709.ts";
import { scanTime, type Stamp } from "./posix_time.ts";

/** Where the fields of a line are, as offsets into the array that was scanned. */
export class RecordFields implements Stamp {
  /** The client ID's first byte. */
  idStart = 0;
  /** One past the client ID's last byte. */
  idEnd = 0;
  /** The client ID's hash, 32 bits, for the table. */
  idHash = 0;
  /** The location's first byte. */
  locationStart = 0;
  /** One past the location's last byte. */
  locationEnd = 0;
  /** The time's first byte. */
  timeStart = 0;
  /** One past the time's last byte. */
  timeEnd = 0;
  /** The newline that ends the line. */
  lineEnd = 0;
  seconds = 0;
  nanoseconds = 0;
  /** Whether the ID is plain ASCII, which a log does not have to escape. */
  isPlain = true;
  /** The seed of the hash. */
  readonly hashSeed: number;

  /**
   * @param hashSeed 32 bits that clients do not know, so that they cannot choose IDs whose hashes
   *   are the same
   */
  constructor(hashSeed = 0) {
    this.hashSeed = hashSeed;
  }

  /**
   * Whether the record is a tombstone: a hyphen stands where the location would be, since the
   * client was deleted. No location is that short.
   */
  get isTombstone(): boolean {
    return this.locationEnd - this.locationStart === 1;
  }
}

/**
 * One step of the ID's hash. The shift carries high bits down, without which IDs could be built
 * that collide under every seed.
 */
function mix(hash: number, byte: number): number {
  hash = Math.imul(hash ^ byte, 0x5bd1e995);
  return hash ^ (hash >>> 15);
}

/**
 * @param bytes holds the client ID
 * @param start its first byte
 * @param end one past its last byte
 * @param seed as in {@linkcode RecordFields}
 * @returns the ID's hash, as the scan gives it
 */
export function hashId(bytes: Uint8Array, start: number, end: number, seed: number): number {
  let hash = seed;
  for (let at = start; at < end; at++) hash = mix(hash, bytes[at]!);
  return hash;
}

/** @returns one past a location, or past the hyphen of a tombstone; or -1 if there is neither */
function scanWhere(bytes: Uint8Array, at: number): number {
  const end = scanLocation(bytes, at);
  if (end >= 0) return end;
  return bytes[at] === minus && isSpace(bytes[at + 1]!) ? at + 1 : -1;
}

/**
 * Scans `ID location time`, or the `ID - time` of a tombstone, to the end of the line.
 *
 * @param bytes has a newline somewhere at or after `at`
 * @param at where the line goes on behind its first word
 * @param fields takes what is found; half filled when the answer is no
 * @returns whether these three fields are there, well-formed, and nothing else; how long they may be
 *   {@linkcode isWithinLimits} says
 */
export function scanRecord(bytes: Uint8Array, at: number, fields: RecordFields): boolean {
  at = skipSpace(bytes, at);
  fields.idStart = at;
  let hash = fields.hashSeed;
  let kinds = 0;
  for (let byte = bytes[at]!; byteKinds[byte] !== byteKind.space; byte = bytes[++at]!) {
    hash = mix(hash, byte);
    kinds |= byteKinds[byte]!;
  }
  fields.isPlain = kinds === byteKind.plain;
  fields.idHash = hash;
  fields.idEnd = at;

  at = skipSpace(bytes, at);
  fields.locationStart = at;
  at = scanWhere(bytes, at);
  if (at < 0) return false;
  fields.locationEnd = at;

  at = skipSpace(bytes, at);
  fields.timeStart = at;
  at = scanTime(bytes, at, fields);
  if (at < 0) return false;
  fields.timeEnd = at;

  at = skipSpace(bytes, at);
  fields.lineEnd = at;
  return bytes[at] === newline;
}

/**
 * @param fields what {@linkcode scanRecord} found
 * @returns whether ID, location and time are each no longer than a field may be
 */
export function isWithinLimits(fields: RecordFields): boolean {
  return fields.idEnd - fields.idStart <= idBytesMax &&
    fields.locationEnd - fields.locationStart <= fieldBytesMax &&
    fields.timeEnd - fields.timeStart <= fieldBytesMax;
}
