/**
 * Which versions took part.
 *
 * @module
 */

import { isThere } from "./processes.ts";
import type { Redis } from "./redis.ts";

/** @returns the rivals' runtimes that are there, and their versions */
export async function rivalVersions(): Promise<Record<string, string>> {
  const asked: Readonly<Record<string, readonly [string, ...string[]]>> = {
    python3: ["python3", "--version"],
    uvloop: ["python3", "-c", "import uvloop; print(uvloop.__version__)"],
    node: ["node", "--version"],
    java: ["java", "-version"],
  };
  const versions: Record<string, string> = {};
  for (const [name, words] of Object.entries(asked)) {
    const text = await printed(...words);
    if (text !== null) versions[name] = text;
  }
  return versions;
}

/** @returns Redis's version when it takes part */
export async function redisVersions(redis: Redis | null): Promise<Record<string, string>> {
  const text = redis === null ? null : await printed("redis-server", "--version");
  return text === null ? {} : { redis: text };
}

/** @returns the first version number that a command prints, or null without the command */
async function printed(
  ...[command, ...args]: readonly [string, ...string[]]
): Promise<string | null> {
  if (!await isThere(command, ...args)) return null;
  const { stdout, stderr } = await new Deno.Command(command, { args }).output();
  const text = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("");
  return /\d+(\.\d+)+/.exec(text)?.[0] ?? null;
}
