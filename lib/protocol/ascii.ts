/**
 * The bytes that have a meaning in the protocol, and copying between byte arrays. White space is
 * the assignment's six characters; a byte of 0x80 or more is always a part of a field.
 *
 * @module
 */

/** Line feed, which ends a line. */
export const newline = 0x0a;
/** Space, which the server puts between fields. */
export const space = 0x20;
/** The sign of a number. */
export const plus = 0x2b;
/** The sign of a number. */
export const minus = 0x2d;
/** The decimal point. */
export const point = 0x2e;
/** The digit 0; the others follow. */
export const zero = 0x30;
/** What an answer to an invalid command begins with. */
export const questionMark = 0x3f;

/** What a byte is in a line: part of a field, one that a log must escape, or white space. */
export const byteKind = { plain: 0, odd: 1, space: 2 } as const;

/** The kind of each byte. */
export const byteKinds = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (isSpace(byte)) return byteKind.space;
  return byte > space && byte < 0x7f && byte !== 0x5c ? byteKind.plain : byteKind.odd;
});

/**
 * @param byte 0 to 255
 * @returns whether it is one of space, tab, newline, vertical tab, form feed, carriage return
 */
export function isSpace(byte: number): boolean {
  return byte === space || (byte >= 0x09 && byte <= 0x0d);
}

/**
 * @param byte 0 to 255
 * @returns whether it is one of `0` to `9`
 */
export function isDigit(byte: number): boolean {
  return byte >= zero && byte <= 0x39;
}

/**
 * @param bytes has a white-space byte that is not skipped, or a field, at or after `at`
 * @param at where to begin
 * @returns where the first byte is that is not white space within a line: a field, or the newline
 */
export function skipSpace(bytes: Uint8Array, at: number): number {
  let byte = bytes[at]!;
  while (isSpace(byte) && byte !== newline) byte = bytes[++at]!;
  return at;
}

/**
 * @param bytes any bytes
 * @param start where to look
 * @param word what is looked for
 * @returns whether the word is there
 */
export function startsWith(bytes: Uint8Array, start: number, word: Uint8Array): boolean {
  for (let at = 0; at < word.length; at++) if (bytes[start + at] !== word[at]) return false;
  return true;
}

/**
 * @param bytes has white space at or after `at`
 * @param at where to begin
 * @returns where the first white space is
 */
export function skipField(bytes: Uint8Array, at: number): number {
  while (!isSpace(bytes[at]!)) at++;
  return at;
}

/**
 * @param bytes any bytes
 * @param at where to begin
 * @returns where the first byte is that is no digit; the end when there is none
 */
export function skipDigits(bytes: Uint8Array, at: number): number {
  while (at < bytes.length && isDigit(bytes[at]!)) at++;
  return at;
}

/**
 * @param line any line, with or without its newline
 * @param fieldsMax how many are wanted: a line of 32,768 fields costs no more than one of so many
 * @returns copies of its first fields, in order: what stands between white space
 */
export function fieldsOf(line: Uint8Array, fieldsMax: number): Uint8Array[] {
  const bytes = line.slice();
  const fields: Uint8Array[] = [];
  let start = 0;
  for (let at = 0; at <= bytes.length && fields.length < fieldsMax; at++) {
    if (at < bytes.length && byteKinds[bytes[at]!] !== byteKind.space) continue;
    if (at > start) fields.push(bytes.subarray(start, at));
    start = at + 1;
  }
  return fields;
}

/** A stretch of a byte array. */
export interface Span {
  /** The array. */
  readonly bytes: Uint8Array;
  /** Its first byte. */
  readonly start: number;
  /** One past its last byte. */
  readonly end: number;
}

/**
 * Copies a short stretch. A loop, since `set` needs a view, and a view costs more than copying
 * the hundred bytes of a line.
 *
 * @param source where the bytes are
 * @param start the first byte
 * @param end one past the last byte
 * @param target where they go; has room
 * @param at where the first one goes
 * @returns one past the last byte written
 */
export function copy(
  source: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  at: number,
): number {
  for (let from = start; from < end; from++) target[at++] = source[from]!;
  return at;
}

/**
 * @param bytes any bytes
 * @returns a string with one character a byte, U+0000 to U+00FF; the way back is {@linkcode
 *   bytesOf}
 */
export function textOf(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/**
 * @param text characters U+0000 to U+00FF
 * @returns one byte a character
 * @throws {RangeError} when a character does not fit a byte
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(textOf(bytesOf("caf\xe9")), "caf\xe9");
 * ```
 */
export function bytesOf(text: string): Uint8Array {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > 0xff) throw new RangeError(`a character beyond U+00FF at ${at} of the text`);
    bytes[at] = code;
  }
  return bytes;
}
