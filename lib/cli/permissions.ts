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
  herd: ["net", "write", "sys"],
  client: ["run", "sys"],
  ping: ["run", "write", "sys"],
  check: ["run", "write", "sys"],
  export: ["run", "net", "sys"],
  import: ["run", "write", "sys"],
  forget: ["run", "write", "sys"],
  token: ["run", "write", "net", "sys"],
  init: ["run", "write", "net", "sys"],
  help: ["run", "write", "net", "read", "sys"],
  version: ["run", "write", "net", "read", "sys"],
};

/**
 * Gives up what a command does not need, for the rest of the process: only `herd` starts programs,
 * and only `serve` asks how much memory there is. `client` writes its history, and SQLite may write
 * beside what `export` reads.
 *
 * @param command the one that is about to run
 */
export async function giveUpPermissions(command: CommandLine["command"]): Promise<void> {
  for (const name of useless[command]) await Deno.permissions.revoke({ name });
}
