/**
 * What the herd does to the text of Google's legacy answers: it cuts `results` and folds newlines,
 * and leaves every other character as it is.
 *
 * @module
 */

/**
 * Cuts `results` to its first places, in the text: it removes what is between the end of the last
 * place that stays and the end of the last place of all.
 *
 * @param text an object in valid JSON; a byte order mark may come first
 * @param bound how many places may stay, at least 1
 * @returns the text, and how many places are in it
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const cut = cutResults('{ "results" : [ 1,\n 2,\n 3 ], "status" : "OK" }', 2);
 * assertEquals(cut, { text: '{ "results" : [ 1,\n 2 ], "status" : "OK" }', count: 2 });
 * ```
 */
export function cutResults(text: string, bound: number): { text: string; count: number } {
  let count = 0;
  let cut = text;
  // From the back, so that earlier offsets stay valid. A text may have two members of one name:
  // whichever a reader takes, it must find no more than the bound.
  for (const ends of resultEnds(text).reverse()) {
    count = Math.max(count, Math.min(ends.length, bound));
    const stays = ends[bound - 1];
    const last = ends.at(-1);
    if (stays !== undefined && last !== undefined) cut = cut.slice(0, stays) + cut.slice(last);
  }
  return { text: cut, count };
}

/**
 * Makes one newline of each run of them, and none of a run at the end (the assignment: "any
 * sequence of two or more adjacent newlines is replaced by a single newline and … all trailing
 * newlines are removed"). A newline is U+000A and nothing else: a carriage return is a character
 * like any other, and newlines with one between them are not adjacent.
 *
 * @param text any text
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(foldNewlines("{\n\n\n}\n\n"), "{\n}");
 * ```
 */
export function foldNewlines(text: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === "\n") end -= 1;
  return text.slice(0, end).replace(/\n{2,}/g, "\n");
}

const quote = '"'.charCodeAt(0);
const comma = ",".charCodeAt(0);
const openBrace = "{".charCodeAt(0);
const closeBrace = "}".charCodeAt(0);
const openBracket = "[".charCodeAt(0);
const closeBracket = "]".charCodeAt(0);
const blank = " ".charCodeAt(0);
const byteOrderMark = 0xfeff;

/**
 * One scan of valid JSON that makes no tree of it.
 *
 * @returns of each array `results` in the outermost object where its places end
 */
function resultEnds(text: string): number[][] {
  const arrays: number[][] = [];
  let places: number[] | null = null;
  let [depth, name] = [0, ""];
  /** What came last but for white space, and where it ends. */
  let [last, lastEnd] = [0, 0];
  for (let at = 0; at < text.length;) {
    const code = text.charCodeAt(at);
    const end = code === quote ? stringEnd(text, at) : at + 1;
    if (code === quote) {
      if (depth === 1 && (last === openBrace || last === comma)) name = text.slice(at, end);
    } else if (code === openBrace || code === openBracket) {
      if (++depth === 2 && code === openBracket && JSON.parse(name) === "results") {
        arrays.push(places = []);
      }
    } else if (code === comma || code === closeBrace || code === closeBracket) {
      if (depth === 2 && places !== null && last !== openBracket) places.push(lastEnd);
      if (code !== comma && --depth === 1) places = null;
    }
    if (code > blank && code !== byteOrderMark) [last, lastEnd] = [code, end];
    at = end;
  }
  return arrays;
}

/** @returns one past the quote that ends the string that begins here */
function stringEnd(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (text[at - 1 - backslashes] === "\\") backslashes++;
    if (backslashes % 2 === 0) return at + 1;
  }
  return text.length;
}
