/**
 * POSIX time stamps, `1621464827.959498503`: seconds since 1970-01-01 00:00:00 UTC, compared and
 * subtracted exactly, to the nanosecond. A stamp is a pair of integers, since no single number
 * holds both.
 *
 * @module
 */

import { fieldBytesMax } from "../limits.ts";
import { bytesOf, copy, isDigit, isSpace, minus, plus, point, type Span, zero } from "./ascii.ts";

/** From here on a number of seconds is not exact. */
export const longSeconds = 2 ** 53;

/** A time stamp. */
export interface Stamp {
  /**
   * Whole seconds; {@linkcode longSeconds} for that many and more, which are told apart by their
   * digits ({@linkcode compareLongSeconds}).
   */
  seconds: number;
  /** 0 to 999 999 999. */
  nanoseconds: number;
}

/**
 * Reads a time stamp: digits, and perhaps a point and digits. Those beyond the ninth are dropped.
 *
 * @param bytes has white space somewhere at or after `at`
 * @param at the field's first byte
 * @param stamp takes the time
 * @returns one past the field's last byte, which white space follows, or -1 if it is not a time
 */
export function scanTime(bytes: Uint8Array, at: number, stamp: Stamp): number {
  const start = at;
  let seconds = 0;
  let byte = bytes[at]!;
  // Exact below 2^53, and never below it again once beyond, however it is rounded there.
  for (; isDigit(byte); byte = bytes[++at]!) seconds = seconds * 10 + (byte - zero);
  if (at === start) return -1;
  stamp.seconds = seconds < longSeconds ? seconds : longSeconds;
  stamp.nanoseconds = 0;
  if (byte === point) {
    const end = scanFraction(bytes, at + 1, stamp);
    if (end === at + 1) return -1;
    at = end;
  }
  return isSpace(bytes[at]!) ? at : -1;
}

/** Reads the digits after the point. */
function scanFraction(bytes: Uint8Array, at: number, stamp: Stamp): number {
  let nanoseconds = 0;
  let weight = 100_000_000;
  for (let byte = bytes[at]!; isDigit(byte); byte = bytes[++at]!) {
    nanoseconds += (byte - zero) * weight;
    weight = (weight / 10) | 0;
  }
  stamp.nanoseconds = nanoseconds;
  return at;
}

/**
 * Orders the seconds of two stamps that are both {@linkcode longSeconds} as numbers.
 *
 * @param one a time field
 * @param other another
 * @returns less than, equal to or more than 0 as `one` is before, at or after `other`, to a second
 */
export function compareLongSeconds(one: Span, other: Span): number {
  let a = skipZeros(one);
  let b = skipZeros(other);
  const digits = wholeEnd(one) - a;
  const byLength = digits - (wholeEnd(other) - b);
  if (byLength !== 0) return byLength;
  for (const end = a + digits; a < end; a++, b++) {
    const byDigit = one.bytes[a]! - other.bytes[b]!;
    if (byDigit !== 0) return byDigit;
  }
  return 0;
}

/** @returns where a time's first digit is that is not 0, or the end of its seconds */
function skipZeros({ bytes, start, end }: Span): number {
  while (start < end && bytes[start] === zero) start++;
  return start;
}

/** @returns one past the last digit of a time's seconds */
function wholeEnd({ bytes, start, end }: Span): number {
  while (start < end && isDigit(bytes[start]!)) start++;
  return start;
}

/** `000` to `999`, as three bytes each. */
const threeDigits = (() => {
  const digits = new Uint8Array(3000);
  for (let number = 0; number < 1000; number++) {
    digits.set(bytesOf(String(number).padStart(3, "0")), number * 3);
  }
  return digits;
})();

/**
 * Writes a number of nanoseconds as nine digits.
 *
 * @param nanoseconds 0 to 999 999 999
 * @param target has room for nine bytes
 * @param at where the first digit goes
 * @returns one past the last
 */
export function writeNineDigits(nanoseconds: number, target: Uint8Array, at: number): number {
  const thousands = (nanoseconds / 1000) | 0;
  at = writeThreeDigits((thousands / 1000) | 0, target, at);
  at = writeThreeDigits(thousands % 1000, target, at);
  return writeThreeDigits(nanoseconds % 1000, target, at);
}

function writeThreeDigits(number: number, target: Uint8Array, at: number): number {
  const from = number * 3;
  target[at] = threeDigits[from]!;
  target[at + 1] = threeDigits[from + 1]!;
  target[at + 2] = threeDigits[from + 2]!;
  return at + 3;
}

/** Writes a whole number of less than 32 bits, last digit first: faster than the division below. */
function writeSmall(number: number, target: Uint8Array, at: number): number {
  let end = at + 1;
  for (let bound = 10; number >= bound; bound *= 10) end++;
  for (let digit = end - 1; digit >= at; digit--) {
    const tenth = (number / 10) | 0;
    target[digit] = zero + number - tenth * 10;
    number = tenth;
  }
  return end;
}

/** Writes a whole number that is exact, without leading zeros. */
function writeWhole(number: number, target: Uint8Array, at: number): number {
  if (number < 2 ** 31) return writeSmall(number, target, at);
  let unit = 1;
  while (unit * 10 <= number) unit *= 10;
  for (; unit >= 1; unit /= 10) {
    const digit = Math.floor(number / unit);
    target[at++] = zero + digit;
    number -= digit * unit;
  }
  return at;
}

/**
 * The most bytes that {@linkcode writeDifference} writes: a sign, the digits of the longest time, a
 * point and nine decimals.
 */
export const differenceBytesMax = 1 + fieldBytesMax + 1 + 9;

/**
 * Writes how much later one time is than another, exactly: `+0.263873386`.
 *
 * @param received the later one, as a rule
 * @param stamp the earlier one
 * @param out `time` is the stamp's own field, at most {@linkcode fieldBytesMax} long, for the digits
 *   of a stamp too long to be exact; `target` has room as {@linkcode differenceBytesMax} says
 * @returns one past the last byte written
 */
export function writeDifference(
  received: Stamp,
  stamp: Stamp,
  { time, target, at }: { time: Span; target: Uint8Array; at: number },
): number {
  if (stamp.seconds >= longSeconds) return writeLongDifference(received, stamp, time, target, at);
  return writeSigned(
    received.seconds - stamp.seconds,
    received.nanoseconds - stamp.nanoseconds,
    target,
    at,
  );
}

/**
 * Writes seconds and nanoseconds, whose signs may differ, as one signed number.
 *
 * @param seconds a whole number below 2^53
 * @param nanoseconds -999 999 999 to 999 999 999
 * @returns one past the last byte written
 */
export function writeSigned(
  seconds: number,
  nanoseconds: number,
  target: Uint8Array,
  at: number,
): number {
  const negative = seconds < 0 || (seconds === 0 && nanoseconds < 0);
  if (negative) {
    seconds = -seconds;
    nanoseconds = -nanoseconds;
  }
  if (nanoseconds < 0) {
    seconds -= 1;
    nanoseconds += 1_000_000_000;
  }
  target[at++] = negative ? minus : plus;
  at = writeWhole(seconds, target, at);
  target[at++] = point;
  return writeNineDigits(nanoseconds, target, at);
}

/**
 * The same by digits, as on paper: such a stamp is later than any clock shows, so that the clock's
 * time is subtracted from its digits, from the last one on.
 */
function writeLongDifference(
  received: Stamp,
  stamp: Stamp,
  time: Span,
  target: Uint8Array,
  at: number,
): number {
  let nanoseconds = stamp.nanoseconds - received.nanoseconds;
  const borrow = nanoseconds < 0 ? 1 : 0;
  if (borrow === 1) nanoseconds += 1_000_000_000;
  target[at++] = minus;
  const first = at;
  const end = copy(time.bytes, skipZeros(time), wholeEnd(time), target, at);
  subtract(received.seconds + borrow, target, end);
  while (at < end - 1 && target[at] === zero) at++;
  const pointAt = copy(target, at, end, target, first);
  target[pointAt] = point;
  return writeNineDigits(nanoseconds, target, pointAt + 1);
}

/** Subtracts a whole number from the digits that end before `end`, which stand for more. */
function subtract(number: number, digits: Uint8Array, end: number): void {
  for (let at = end - 1; number > 0; at--) {
    const rest = Math.floor(number / 10);
    const digit = digits[at]! - (number - rest * 10);
    digits[at] = digit < zero ? digit + 10 : digit;
    number = digit < zero ? rest + 1 : rest;
  }
}
