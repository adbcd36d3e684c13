/**
 * `init`: what it takes to begin with a herd, and to keep its servers running.
 *
 * @module
 */

import configuration from "../../../deno.json" with { type: "json" };
import { composeFile } from "./compose_file.ts";
import { completions } from "./completions.ts";
import { dockerfile } from "./dockerfile.ts";
import { firstHerd } from "./first_herd.ts";
import { manPage } from "./man_page.ts";
import type { InitLine } from "../command_line.ts";
import { configText, findConfig } from "../find_config.ts";
import { systemdUnit } from "./systemd_unit.ts";

/** What {@linkcode init} needs; only `compose` looks at the herd. */
export interface InitOptions extends Omit<InitLine, "command"> {
  /** Where the file goes; standard output by default. */
  readonly print?: Pick<Console, "log">;
}

/**
 * Prints a file.
 *
 * @returns the exit status 0
 * @throws {HerdFileError} when the configuration is wrong
 */
export async function init({ print = console, ...wanted }: InitOptions): Promise<number> {
  print.log((await fileOf(wanted)).trimEnd());
  return 0;
}

async function fileOf({ kind, shell = "bash", config }: Omit<InitOptions, "print">) {
  switch (kind) {
    case "herd":
      return firstHerd;
    case "schema":
      return (await import("./json_schema.ts")).jsonSchema();
    case "systemd":
      return systemdUnit;
    case "docker":
      return dockerfile;
    case "compose": {
      const found = await findConfig(config);
      return composeFile(await configText(found), found.name);
    }
    case "completions":
      return completions(shell);
    case "man":
      return manPage(configuration.version);
  }
}
