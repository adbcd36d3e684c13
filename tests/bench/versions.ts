/**
 * Which versions took part.
 *
 * @module
 */

import { isThere } from "./processes.ts";
import type { Redis } from "./redis.ts";

/** @returns the rivals' runtimes that are there, and their versions */
export async function rivalVersions(): Promise<Record<string, string>> {
  const asked = [["python3", "--version"], ["node", "--version"], ["java", "-version"]] as const;
  const versions: Record<string, string> = {};
  for (const [command, flag] of asked) {
    const text = await printed(command, flag);
    if (text !== null) versions[command] = text;
  }
  return versions;
}

/** @returns Redis's version when it takes part */
export async function redisVersions(redis: Redis | null): Promise<Record<string, string>> {
  const text = redis === null ? null : await printed("redis-server", "--version");
  return text === null ? {} : { redis: text };
}

/** @returns the first version number that a command prints, or null without the command */
async function printed(command: string, ...args: string[]): Promise<string | null> {
  if (!await isThere(command, ...args)) return null;
  const { stdout, stderr } = await new Deno.Command(command, { args }).output();
  const text = [stdout, stderr].map((bytes) => new TextDecoder().decode(bytes)).join("");
  return /\d+(\.\d+)+/.exec(text)?.[0] ?? null;
}
