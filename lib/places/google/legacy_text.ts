/**
 * What the herd does to the text of Google's legacy answers: it cuts `results` and folds newlines,
 * and leaves every other character as it is.
 *
 * @module
 */

import { type Node, parseTree } from "jsonc-parser";

/**
 * Cuts `results` to its first places, in the text: it removes what is between the end of the last
 * place that stays and the end of the last place of all.
 *
 * @param text an object in valid JSON; a byte order mark may come first
 * @param bound how many places may stay, at least 1
 * @returns the text, and how many places are in it
 * @throws {RangeError} when the text is nested too deeply to be read
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
  for (const { children: places = [] } of resultArrays(text).reverse()) {
    count = Math.max(count, Math.min(places.length, bound));
    const stays = places[bound - 1];
    const last = places.at(-1);
    if (stays && last) cut = cut.slice(0, end(stays)) + cut.slice(end(last));
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

function resultArrays(text: string): Node[] {
  // A byte order mark is not JSON; with a blank in its place the offsets stay valid.
  const members = parseTree(text.replace(/^\uFEFF/, " "))?.children ?? [];
  return members
    .filter(({ children }) => children?.[0]?.value === "results")
    .map(({ children }) => children?.[1])
    .filter((value): value is Node => value?.type === "array");
}

function end(node: Node): number {
  return node.offset + node.length;
}
