/**
 * POSIX time stamps, `1621464827.959498503`: seconds since 1970-01-01 00:00:00 UTC, compared and
 * subtracted exactly, to the nanosecond. A stamp is a pair of integers, since no single number
 * holds both.
 *
 * @module
 */

import { bytesOf, isDigit, isSpace, minus, plus, point, type Span, textOf, zero } from "./ascii.ts";

/** A time stamp. */
export interface Stamp {
  /**
   * Whole seconds. From 2^53 on they are rounded: two such stamps are compared by their digits
   * ({@linkcode compareLongSeconds}).
   */
  seconds: number;
  /** 0 to 999 999 999. */
  nanoseconds: number;
}

/** Numbers of up to this many digits are exact as they are summed up. */
const exactDigits = 15;

/** From this many seconds on, the number is not exact. */
export const longSeconds = 2 ** 53;

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
  for (; isDigit(byte); byte = bytes[++at]!) seconds = seconds * 10 + byte - zero;
  if (at === start) return -1;
  stamp.seconds = at - start <= exactDigits ? seconds : Number(textOf(bytes.subarray(start, at)));
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
 * Orders the seconds of two stamps that are equal as numbers but too long to be exact.
 *
 * @param one a time field
 * @param other another
 * @returns less than, equal to or more than 0 as `one` is before, at or after `other`, to a second
 */
export function compareLongSeconds(one: Span, other: Span): number {
  const a = wholeDigits(one);
  const b = wholeDigits(other);
  if (a.length !== b.length) return a.length - b.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

/** @returns the digits before the point, without leading zeros */
function wholeDigits({ bytes, start, end }: Span): string {
  const [whole = ""] = textOf(bytes.subarray(start, end)).split(".");
  return whole.replace(/^0+/, "");
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
 * The most bytes that {@linkcode writeDifference} writes for a stamp of so many bytes.
 *
 * @param timeBytes length of the time field
 * @returns room to keep for the sign, the digits of the longer of both, the point and nine decimals
 */
export function differenceBytesMax(timeBytes: number): number {
  return Math.max(timeBytes, 20) + 12;
}

/**
 * Writes how much later one time is than another, exactly: `+0.263873386`.
 *
 * @param received the later one, as a rule
 * @param stamp the earlier one
 * @param time the stamp's own field, for the digits of a stamp too long to be exact
 * @param out has room as {@linkcode differenceBytesMax} says
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

/** The same in big integers: no honest client sends such a stamp. */
function writeLongDifference(
  received: Stamp,
  stamp: Stamp,
  time: Span,
  target: Uint8Array,
  at: number,
): number {
  const billion = 1_000_000_000n;
  const later = BigInt(received.seconds) * billion + BigInt(received.nanoseconds);
  const earlier = BigInt(wholeDigits(time)) * billion + BigInt(stamp.nanoseconds);
  const behind = earlier - later;
  const text = `-${behind / billion}.${String(behind % billion).padStart(9, "0")}`;
  target.set(bytesOf(text), at);
  return at + text.length;
}
