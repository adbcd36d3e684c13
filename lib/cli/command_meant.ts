/**
 * The command that was meant by a word that is none.
 *
 * @module
 */

import { type CommandName, commands, isCommandName } from "./commands.ts";
import { nearestName } from "../topology/nearest_name.ts";

/** What other programs call them. */
const synonyms: Readonly<Record<string, CommandName>> = {
  start: "serve",
  run: "serve",
  server: "serve",
  up: "herd",
  all: "herd",
  connect: "client",
  talk: "client",
  health: "ping",
  validate: "check",
  "check-config": "check",
  backup: "export",
  dump: "export",
  restore: "import",
  load: "import",
  man: "help",
};

/**
 * @param word what was written where a command could be
 * @returns the command that was meant, or undefined when there is no telling
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(["start", "chek", "Clark"].map(commandMeant), ["serve", "check", undefined]);
 * ```
 */
export function commandMeant(word: string): CommandName | undefined {
  const lower = word.toLowerCase();
  if (Object.hasOwn(synonyms, lower)) return synonyms[lower];
  const nearest = nearestName(word, Object.keys(commands));
  return isCommandName(nearest) ? nearest : undefined;
}
