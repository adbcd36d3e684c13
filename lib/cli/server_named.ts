/**
 * From a name on the command line to a server of the configuration.
 *
 * @module
 */

import type { HerdFile, ServerEntry } from "../topology/herd_file.ts";
import { nearestName } from "../topology/nearest_name.ts";
import { commandMeant } from "./command_meant.ts";
import { UsageError } from "./usage.ts";

/** What there is to choose from. */
export interface ServerChoice {
  readonly herd: HerdFile;
  /** The configuration's path, for the message. */
  readonly config: string;
  /** Whether the word may be a misspelled command. */
  readonly orCommand?: boolean;
}

/**
 * @param name what was given on the command line, if anything was
 * @throws {UsageError} with the names that there are, when no server has the name
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 * import { parseHerdFile } from "../topology/herd_file.ts";
 * import { UsageError } from "./usage.ts";
 *
 * const text = `{ "servers": { "Clark": { "host": "::1", "port": 1 } }, "links": [] }`;
 * const herd = parseHerdFile(text, "herd.json");
 * assertThrows(
 *   () => serverNamed("clerk", { herd, config: "herd.json" }),
 *   UsageError,
 *   'no server "clerk" in herd.json; did you mean Clark? There is Clark',
 * );
 * ```
 */
export function serverNamed(
  name: string | undefined,
  { herd, config, orCommand = false }: ServerChoice,
): ServerEntry {
  const names = [...herd.servers.keys()];
  const all = `${names.length === 1 ? "is" : "are"} ${names.join(", ")}`;
  if (name === undefined) {
    throw new UsageError(`which server of ${config}? There ${all}; --help lists the commands`);
  }
  const server = herd.servers.get(name);
  if (server !== undefined) return server;
  const nearest = nearestName(name, names) ?? commandText(orCommand ? name : "");
  const hint = nearest === undefined ? `there ${all}` : `did you mean ${nearest}? There ${all}`;
  throw new UsageError(`no server ${JSON.stringify(name)} in ${config}; ${hint}`);
}

function commandText(word: string): string | undefined {
  const command = commandMeant(word);
  return command === undefined ? undefined : `the command ${JSON.stringify(command)}`;
}
