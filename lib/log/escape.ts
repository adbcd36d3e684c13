/**
 * Bytes of strangers made safe for a log: what is not printable UTF-8 is escaped, so that nobody can
 * forge a line, colour a terminal or turn text around.
 *
 * @module
 */

import type { Block } from "../block.ts";
import { isPrintable } from "./printable.ts";

const backslash = 0x5c;
const newline = 0x0a;
const letterN = 0x6e;
const hexDigits = new TextEncoder().encode("0123456789abcdef");

/** How a byte is shown that is an ASCII character or no part of any: `a`, `\\` or `\x1b`. */
const shown = new Uint32Array(256);

/** How many bytes of {@linkcode shown} count, the lowest first. */
const shownBytes = new Uint8Array(256);

for (let byte = 0; byte < 256; byte++) {
  const isPlain = byte >= 0x20 && byte < 0x7f;
  const [high, low] = [hexDigits[byte >> 4]!, hexDigits[byte & 15]!];
  if (byte === backslash) shown[byte] = backslash | backslash << 8;
  else if (byte === newline) shown[byte] = backslash | letterN << 8;
  else shown[byte] = isPlain ? byte : backslash | 0x78 << 8 | high << 16 | low << 24;
  shownBytes[byte] = byte === backslash || byte === newline ? 2 : isPlain ? 1 : 4;
}

/** The most bytes that one byte becomes. */
export const escapedBytes = 4;

/** What a log shows as it is: ASCII without controls and without the backslash. */
const plainAscii = /^[ -[\]-~]*$/;

/**
 * @param text any text
 * @returns whether {@linkcode escapeTo} leaves it as it is
 */
export function isShownAsItIs(text: string): boolean {
  if (plainAscii.test(text)) return true;
  if (text.includes("\\")) return false;
  for (const character of text) if (!isPrintable(character.codePointAt(0)!)) return false;
  return true;
}

/**
 * Copies bytes and escapes those that are not printable: `\n` for a newline, `\x1b` for any other
 * byte, `\u{202e}` for a character, and `\\` for the backslash itself. Up to three bytes behind the last one are written too,
 * so what stands there must not be needed any more.
 *
 * @param source where the bytes are
 * @param start the first byte
 * @param end one past the last byte
 * @param target has room for {@linkcode escapedBytes} times as many
 * @param at where the first one goes
 * @returns one past the last byte written
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { Block } from "../block.ts";
 * const target = new Block(100);
 * const source = new TextEncoder().encode("caf\u00e9\x1b[31m");
 * const end = escapeTo(source, 0, source.length, target, 0);
 * assertEquals(new TextDecoder().decode(target.bytes.subarray(0, end)), "caf\u00e9\\x1b[31m");
 * ```
 */
export function escapeTo(
  source: Uint8Array,
  start: number,
  end: number,
  target: Block,
  at: number,
): number {
  const { bytes } = target;
  for (let from = start; from < end; from++) {
    const byte = source[from]!;
    if (byte < 0x20 || byte > 0x7e || byte === backslash) {
      return escapeRare(source, from, end, target, at);
    }
    bytes[at++] = byte;
  }
  return at;
}

/** The same for any bytes: what is not plain ASCII is decoded here, without a string or an exception. */
function escapeRare(
  source: Uint8Array,
  from: number,
  end: number,
  { bytes, view }: Block,
  at: number,
): number {
  while (from < end) {
    const byte = source[from]!;
    const code = byte < 0x80 ? none : codePointAt(source, from, end);
    if (code === none) {
      view.setUint32(at, shown[byte]!, true);
      at += shownBytes[byte]!;
      from++;
      continue;
    }
    const next = from + utf8Bytes(code);
    if (!isPrintable(code)) at = escapeCharacter(code, bytes, at);
    else for (let copied = from; copied < next; copied++) bytes[at++] = source[copied]!;
    from = next;
  }
  return at;
}

/** In place of a code point: the bytes are not UTF-8. */
const none = -1;

/** By the bytes of a UTF-8 sequence, the least code point that needs so many. */
const leastCodes = [0, 0, 0x80, 0x800, 0x10000];

/** @returns the character that begins here with a byte of 0x80 or more, or {@linkcode none} */
function codePointAt(bytes: Uint8Array, at: number, end: number): number {
  const lead = bytes[at]!;
  if (lead < 0xc2 || lead > 0xf4) return none;
  const length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (at + length > end) return none;
  let code = lead & (0x7f >> length);
  for (let next = at + 1; next < at + length; next++) {
    const byte = bytes[next]!;
    if (byte >> 6 !== 2) return none;
    code = code << 6 | byte & 0x3f;
  }
  const isSurrogate = code >> 11 === 27;
  return code < leastCodes[length]! || code > 0x10ffff || isSurrogate ? none : code;
}

/** @returns how many bytes a character of 0x80 or more takes */
function utf8Bytes(code: number): number {
  return code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}

/** Writes `\u{202e}`. */
function escapeCharacter(code: number, target: Uint8Array, at: number): number {
  target[at++] = backslash;
  target[at++] = 0x75;
  target[at++] = 0x7b;
  for (let bits = (31 - Math.clz32(code)) & ~3; bits >= 0; bits -= 4) {
    target[at++] = hexDigits[code >> bits & 15]!;
  }
  target[at++] = 0x7d;
  return at;
}
