/**
 * `init`: what it takes to begin with a herd, and to keep its servers running; and a secret.
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
import { systemRandom } from "../../transport/system.ts";
import { newSecret, secretHint } from "./new_secret.ts";
import { systemdUnit } from "./systemd_unit.ts";

/** What {@linkcode init} needs; only `compose` looks at the herd. */
export interface InitOptions extends Omit<InitLine, "command"> {
  /** Where the file goes, and what people are told of it; standard output and error by default. */
  readonly print?: Pick<Console, "log" | "error">;
}

/**
 * Prints a file, or a secret.
 *
 * @returns the exit status 0
 * @throws {HerdFileError} when the configuration is wrong
 */
export async function init({ print = console, ...wanted }: InitOptions): Promise<number> {
  print.log((await fileOf(wanted)).trimEnd());
  if (wanted.kind === "secret") print.error(secretHint);
  return 0;
}

async function fileOf({ kind, shell = "bash", config }: Omit<InitOptions, "print">) {
  switch (kind) {
    case "herd":
      return firstHerd;
    case "schema":
      return (await import("./json_schema.ts")).jsonSchema();
    case "secret":
      return newSecret(systemRandom);
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
