/**
 * Answers as a terminal shows them.
 *
 * @module
 */

import { bytesOf, textOf } from "../../protocol/ascii.ts";

/** Foreground colours (ECMA-48, SGR). */
const red = "31", green = "32", yellow = "33", magenta = "35", cyan = "36";

/** A string with the colon of a name behind it or not, a number, or a word of JSON. */
const jsonToken = /("(?:[^"\\]|\\.)*")(\s*:)?|(-?\d[\d.eE+-]*)|\b(?:true|false|null)\b/g;

/** ASCII's controls but tab and newline, and the C1 controls in UTF-8. */
// deno-lint-ignore no-control-regex
const control = /[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]/g;

/**
 * Makes a line of an answer safe for a terminal: control characters are written as `\xNN`, since a
 * client ID may hold them, and they could recolour or rewrite the screen.
 *
 * @param line a line that a server sent, with its end
 * @param options.coloured whether JSON and refusals are coloured
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = (text: string) => new TextEncoder().encode(text);
 * const line = paint(bytes('  "lat" : 1\n'), { coloured: true });
 * assertEquals(line, bytes('  \x1b[36m"lat"\x1b[39m : \x1b[33m1\x1b[39m\n'));
 * ```
 */
export function paint(
  line: Uint8Array,
  { coloured }: { readonly coloured: boolean },
): Uint8Array {
  const text = textOf(line).replace(control, escaped);
  if (!coloured || text.startsWith("AT ")) return bytesOf(text);
  if (text.startsWith("?")) return bytesOf(text.replace(/^[^\n]*/, (all) => inColour(all, red)));
  return bytesOf(text.replace(jsonToken, paintToken));
}

function paintToken(token: string, string?: string, colon?: string, number?: string): string {
  if (string !== undefined && colon !== undefined) return inColour(string, cyan) + colon;
  if (string !== undefined) return inColour(string, green);
  return inColour(token, number === undefined ? magenta : yellow);
}

function inColour(text: string, colour: string): string {
  return `\x1b[${colour}m${text}\x1b[39m`;
}

function escaped(characters: string): string {
  return Array.from(
    characters,
    (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, "0")}`,
  ).join("");
}
