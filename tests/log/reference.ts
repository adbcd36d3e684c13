/**
 * Escaping a second time, as plainly as it can be said: the system's decoder and Unicode's classes in a
 * regular expression, character by character. It takes a thousand times as long as the log's own.
 *
 * @module
 */

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** What a log does not show as it is. */
export const unprintable = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u;

/** @returns the bytes as a log shows them */
export function escapedOf(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length;) {
    const character = characterAt(bytes, at);
    text += character === null ? escapedByte(bytes[at]!) : escapedCharacter(character);
    at += character === null ? 1 : encoder.encode(character).length;
  }
  return text;
}

/** @returns the character that begins here, or null where there is none */
function characterAt(bytes: Uint8Array, at: number): string | null {
  const lead = bytes[at]!;
  const length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  if (at + length > bytes.length) return null;
  try {
    return decoder.decode(bytes.subarray(at, at + length));
  } catch {
    return null;
  }
}

function escapedByte(byte: number): string {
  if (byte === 0x0a) return "\\n";
  return `\\x${byte.toString(16).padStart(2, "0")}`;
}

function escapedCharacter(character: string): string {
  if (character === "\\") return "\\\\";
  if (!unprintable.test(character)) return character;
  const code = character.codePointAt(0)!;
  return code < 0x80 ? escapedByte(code) : `\\u{${code.toString(16)}}`;
}
