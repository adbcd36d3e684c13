/**
 * Bytes of strangers made safe for a log: what is not printable UTF-8 is escaped, so that nobody can
 * forge a line, colour a terminal or turn text around.
 *
 * @module
 */

const backslash = 0x5c;
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** Controls, format characters, lone surrogates, private use, unassigned, and odd white space. */
const unprintable = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u;

/** The most bytes that one byte becomes. */
export const escapedBytesMax = 4;

/**
 * Copies bytes and escapes those that are not printable: `\x1b` for a byte, `\u{202e}` for a
 * character, and `\\` for the backslash itself.
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
 * const source = new TextEncoder().encode("caf\u00e9\x1b[31m");
 * const end = escapeTo(source, 0, source.length, target, 0);
 * assertEquals(new TextDecoder().decode(target.subarray(0, end)), "caf\u00e9\\x1b[31m");
 * ```
 */
export function escapeTo(
  source: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  at: number,
): number {
  const begin = at;
  for (let from = start; from < end; from++) {
    const byte = source[from]!;
    if (byte < 0x20 || byte > 0x7e || byte === backslash) {
      return escapeRare(source.subarray(start, end), target, begin);
    }
    target[at++] = byte;
  }
  return at;
}

function escapeRare(bytes: Uint8Array, target: Uint8Array, at: number): number {
  for (let from = 0; from < bytes.length;) {
    const length = characterBytes(bytes, from);
    const character = length > 0 ? decode(bytes.subarray(from, from + length)) : null;
    const escaped = character === null ? escapeByte(bytes[from]!) : escapeCharacter(character);
    const { written } = encoder.encodeInto(escaped, target.subarray(at));
    at += written;
    from += character === null ? 1 : length;
  }
  return at;
}

/** @returns how long the UTF-8 character is that begins here, or 0 where none can */
function characterBytes(bytes: Uint8Array, at: number): number {
  const byte = bytes[at]!;
  const length = byte < 0x80 ? 1 : byte < 0xc2 ? 0 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
  return at + length <= bytes.length ? length : 0;
}

function decode(bytes: Uint8Array): string | null {
  try {
    return decoder.decode(bytes);
  } catch {
    return null;
  }
}

function escapeByte(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, "0")}`;
}

function escapeCharacter(character: string): string {
  if (character === "\\") return "\\\\";
  if (!unprintable.test(character)) return character;
  const code = character.codePointAt(0)!;
  return code < 0x80 ? escapeByte(code) : `\\u{${code.toString(16)}}`;
}
