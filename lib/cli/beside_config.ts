/**
 * Paths in herd.json.
 *
 * @module
 */

/**
 * @param config herd.json's path
 * @param file a path in it
 * @returns the path as herd.json means it: beside itself, unless absolute
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(besideConfig("herds/hill.json", "hill.pem"), "herds/hill.pem");
 * assertEquals(besideConfig("herds/hill.json", "/etc/hill.pem"), "/etc/hill.pem");
 * assertEquals(besideConfig("herd.json", "hill.pem"), "hill.pem");
 * ```
 */
export function besideConfig(config: string, file: string): string {
  const directory = /^(.*)[/\\][^/\\]*$/.exec(config)?.[1];
  const isAbsolute = /^([/\\]|[A-Za-z]:[/\\])/.test(file);
  return isAbsolute || directory === undefined ? file : `${directory}/${file}`;
}
