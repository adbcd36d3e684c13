/**
 * Bytes of strangers made safe for a log: what is not printable UTF-8 is escaped, so that nobody can
 * forge a line, colour a terminal or turn text around.
 *
 * @module
 */

const backslash = 0x5c;
const newline = 0x0a;
const letterN = 0x6e;
const letterX = 0x78;
const encoder = new TextEncoder();
const hexDigits = encoder.encode("0123456789abcdef");

/** Controls, format characters, lone surrogates, private use, unassigned, and odd white space. */
const unprintable = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u;

/** What a log shows as it is: ASCII without controls and without the backslash. */
const plainAscii = /^[ -[\]-~]*$/;

/** The most bytes that one byte becomes. */
export const escapedBytesMax = 4;

/**
 * @param text any text
 * @returns whether {@linkcode escapeTo} leaves it as it is
 */
export function isShownAsItIs(text: string): boolean {
  return plainAscii.test(text) || !(text.includes("\\") || unprintable.test(text));
}

/**
 * Copies bytes and escapes those that are not printable: `\n` for a newline, `\x1b` for any other
 * byte, `\u{202e}` for a character, and `\\` for the backslash itself.
 *
 * @param source where the bytes are
 * @param start the first byte
 * @param end one past the last byte
 * @param target has room for {@linkcode escapedBytesMax} times as many
 * @param at where the first one goes
 * @returns one past the last byte written
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const target = new Uint8Array(100);
 * const source = new TextEncoder().encode("caf\u00e9\x1b[31m\n");
 * const end = escapeTo(source, 0, source.length, target, 0);
 * assertEquals(new TextDecoder().decode(target.subarray(0, end)), "caf\u00e9\\x1b[31m\\n");
 * ```
 */
export function escapeTo(
  source: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  at: number,
): number {
  for (let from = start; from < end;) {
    const byte = source[from]!;
    if (byte < 0x20 || byte > 0x7e || byte === backslash) {
      const length = byte < 0x80 ? 0 : characterBytes(source, from, end);
      if (length === 0) at = escapeByte(byte, target, at);
      else at = escapeCharacter(source, from, length, target, at);
      from += length === 0 ? 1 : length;
    } else {
      target[at++] = byte;
      from++;
    }
  }
  return at;
}

function escapeByte(byte: number, target: Uint8Array, at: number): number {
  target[at++] = backslash;
  if (byte === backslash || byte === newline) {
    target[at++] = byte === newline ? letterN : backslash;
    return at;
  }
  target[at++] = letterX;
  target[at++] = hexDigits[byte >> 4]!;
  target[at++] = hexDigits[byte & 15]!;
  return at;
}

/**
 * @returns how long the character is that begins here with a byte from 0x80 on, or 0 where there is
 * none: no shorter way to write it exists, and it is no surrogate (RFC 3629)
 */
function characterBytes(bytes: Uint8Array, at: number, end: number): number {
  const first = bytes[at]!;
  const length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  if (length === 0 || at + length > end) return 0;
  const second = bytes[at + 1]!;
  const least = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const most = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < least || second > most) return 0;
  if (length > 2 && !isContinuation(bytes[at + 2]!)) return 0;
  return length === 4 && !isContinuation(bytes[at + 3]!) ? 0 : length;
}

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}

function escapeCharacter(
  source: Uint8Array,
  from: number,
  length: number,
  target: Uint8Array,
  at: number,
): number {
  let code = source[from]! & (0xff >> (length + 1));
  for (let next = 1; next < length; next++) code = code << 6 | source[from + next]! & 0x3f;
  if (isPrintable(code)) {
    for (let next = 0; next < length; next++) target[at++] = source[from + next]!;
    return at;
  }
  for (const character of `\\u{${code.toString(16)}}`) target[at++] = character.charCodeAt(0);
  return at;
}

/** What was found of each of the first characters: 0 when nothing yet, 1 printable, 2 not. */
const known = new Uint8Array(0x10000);

function isPrintable(code: number): boolean {
  if (code < known.length && known[code] !== 0) return known[code] === 1;
  const is = !unprintable.test(String.fromCodePoint(code));
  if (code < known.length) known[code] = is ? 1 : 2;
  return is;
}
