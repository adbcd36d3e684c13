/**
 * Bytes as text whose characters are the bytes, so that patterns can be applied to any bytes and
 * none is lost. (`TextDecoder` has no such encoding: its "latin1" is windows-1252.)
 *
 * @module
 */

/**
 * @returns a string of as many characters, each of the byte's number
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(byteText(Uint8Array.of(0x41, 0x80, 0xff)), "A\x80\xff");
 * ```
 */
export function byteText(bytes: Uint8Array): string {
  const pieces: string[] = [];
  // A function takes only so many arguments.
  for (let start = 0; start < bytes.length; start += 8192) {
    pieces.push(String.fromCharCode(...bytes.subarray(start, start + 8192)));
  }
  return pieces.join("");
}

/**
 * @param text characters up to U+00FF
 * @returns the bytes of which {@linkcode byteText} makes the text
 */
export function textBytes(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}
