/**
 * `init`: what it takes to keep servers running, as files for systemd or Docker, and a secret.
 *
 * @module
 */

import { composeFile } from "./compose_file.ts";
import { dockerfile } from "./dockerfile.ts";
import type { InitKind } from "../command_line.ts";
import { configText, findConfig } from "../find_config.ts";
import { systemRandom } from "../../transport/system.ts";
import { newSecret, secretHint } from "./new_secret.ts";
import { systemdUnit } from "./systemd_unit.ts";

/** What {@linkcode init} needs. */
export interface InitOptions {
  readonly kind: InitKind;
  /** What `--config` says; only `compose` looks at the herd. */
  readonly config: string | undefined;
  /** Where the file goes, and what people are told of it; standard output and error by default. */
  readonly print?: Pick<Console, "log" | "error">;
}

/**
 * Prints a file, or a secret.
 *
 * @returns the exit status 0
 * @throws {HerdFileError} when the configuration is wrong
 */
export async function init({ kind, config, print = console }: InitOptions): Promise<number> {
  print.log((await fileOf(kind, config)).trimEnd());
  if (kind === "secret") print.error(secretHint);
  return 0;
}

async function fileOf(kind: InitKind, config: string | undefined): Promise<string> {
  if (kind === "systemd") return systemdUnit;
  if (kind === "docker") return dockerfile;
  if (kind === "secret") return newSecret(systemRandom);
  const found = await findConfig(config);
  return composeFile(await configText(found), found.name);
}
