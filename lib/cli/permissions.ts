/**
 * What a command may not do, though the program may: all commands are started alike, and a compiled
 * executable has one set of permissions.
 *
 * @module
 */

import type { CommandLine } from "./command_line.ts";

/** The permissions of the program that a command has no use for. */
const useless: Record<CommandLine["command"], readonly Deno.PermissionName[]> = {
  serve: ["run"],
  herd: ["net", "write"],
  client: ["run"],
  ping: ["run", "write"],
  check: ["run", "write"],
  export: ["run", "net"],
  import: ["run", "write"],
  init: ["run", "write", "net"],
  help: ["run", "write", "net", "read"],
  version: ["run", "write", "net", "read"],
};

/**
 * Gives up what a command does not need, for the rest of the process: only `herd` starts programs,
 * and only `serve` writes files: `client` its history, and SQLite may beside what `export` reads.
 *
 * @param command the one that is about to run
 */
export async function giveUpPermissions(command: CommandLine["command"]): Promise<void> {
  for (const name of useless[command]) await Deno.permissions.revoke({ name });
}
