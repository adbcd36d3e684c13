/**
 * Where a server's records are on disk.
 *
 * @module
 */

import { besideConfig, type FoundConfig } from "./find_config.ts";

/**
 * @param dataDir what `--data-dir` says: a path from the working directory
 * @param config herd.json
 * @returns the directory: without the flag it is beside herd.json, so that a server finds its
 *   records wherever it is started from
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const config = { name: "herds/hill.json", path: "herds/hill.json" };
 * assertEquals(dataDirectory(undefined, config), "herds/data");
 * assertEquals(dataDirectory("elsewhere", config), "elsewhere");
 * ```
 */
export function dataDirectory(dataDir: string | undefined, config: FoundConfig): string {
  return dataDir ?? besideConfig(config, "data");
}
