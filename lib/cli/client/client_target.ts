/**
 * What the words after `client` are: a server's name, lines, or both.
 *
 * @module
 */

import type { HerdFile } from "../../topology/herd_file.ts";
import { serverNamed } from "../server_named.ts";

/** Which server a client talks to, and what it sends. */
export interface ClientTarget {
  /** The server, or undefined for whichever answers first. */
  readonly name: string | undefined;
  /** What to send; when empty, what standard input holds. */
  readonly lines: readonly string[];
}

/**
 * The first word is a server's name if there is such a server, or a line if it looks like one: it
 * holds white space, or is the name of a command. After the bare name of a command, the words are
 * one line: quotes around a line can be left out.
 *
 * @param words what follows `client`
 * @param options.config the configuration's path, for the message
 * @throws {UsageError} when the first word is neither
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { parseHerdFile } from "../../topology/herd_file.ts";
 *
 * const text = `{ "servers": { "Clark": { "host": "::1", "port": 1 } }, "links": [] }`;
 * const options = { herd: parseHerdFile(text, "herd.json"), config: "herd.json" };
 * assertEquals(clientTarget(["Clark", "WHATSAT kiwi 10 5"], options), {
 *   name: "Clark",
 *   lines: ["WHATSAT kiwi 10 5"],
 * });
 * assertEquals(clientTarget(["WHATSAT", "kiwi", "10", "5"], options), {
 *   name: undefined,
 *   lines: ["WHATSAT kiwi 10 5"],
 * });
 * ```
 */
export function clientTarget(
  words: readonly string[],
  options: { readonly herd: HerdFile; readonly config: string },
): ClientTarget {
  const [first, ...others] = words;
  if (first === undefined) return { name: undefined, lines: [] };
  const named = options.herd.servers.has(first) || !isLine(first);
  if (named) return { name: serverNamed(first, options).name, lines: asLines(others) };
  return { name: undefined, lines: asLines(words) };
}

function isLine(word: string): boolean {
  return word === "" || isCommandName(word) || /[ \t\r\n\f\v]/.test(word);
}

function isCommandName(word: string): boolean {
  return word === "IAMAT" || word === "WHATSAT";
}

function asLines(words: readonly string[]): readonly string[] {
  const [first] = words;
  return first !== undefined && isCommandName(first) ? [words.join(" ")] : words;
}
