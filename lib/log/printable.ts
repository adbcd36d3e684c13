/**
 * Which characters a log shows as they are. Unicode's classes come from a regular expression, but that
 * costs too much for each character of a line: what it says is kept, a bit for each character, and it
 * is asked about 256 characters at once, when the first of them is met.
 *
 * @module
 */

/** Controls, format characters, lone surrogates, private use, unassigned, and odd white space. */
const unprintable = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u;

const blockBits = 8;
const codesEnd = 0x110000;

/** A bit for each code point: whether it is printable. */
const printable = new Uint8Array(codesEnd >> 3);

/** By block of 256 code points: whether the bits are there. */
const isFilled = new Uint8Array(codesEnd >> blockBits);

/**
 * @param code a code point, no surrogate
 * @returns whether it is printable, and a space only when it is U+0020
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals([0xe9, 0x202e, 0x1f95d].map(isPrintable), [true, false, true]);
 * ```
 */
export function isPrintable(code: number): boolean {
  if (isEmptyPlane(code >> 16)) return false;
  const block = code >> blockBits;
  if (isFilled[block] === 0) fill(block);
  return (printable[code >> 3]! >> (code & 7) & 1) === 1;
}

/** Whether nothing is printable in a plane of 65,536 characters: unassigned, or for private use. */
function isEmptyPlane(plane: number): boolean {
  return (plane >= 4 && plane <= 13) || plane >= 15;
}

/** All blocks together take about 20 ms, once in a server's life. */
function fill(block: number): void {
  const first = block << blockBits;
  for (let code = first; code < first + (1 << blockBits); code++) {
    if (unprintable.test(String.fromCodePoint(code))) continue;
    printable[code >> 3] = printable[code >> 3]! | (1 << (code & 7));
  }
  isFilled[block] = 1;
}
