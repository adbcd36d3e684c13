/**
 * Finds herd.json, and reads it.
 *
 * @module
 */

import { type HerdFile, HerdFileError, parseHerdFile } from "../topology/herd_file.ts";

/** A configuration, found. */
export interface FoundConfig {
  /** What messages call it: its path, or {@linkcode builtInName}. */
  readonly name: string;
  /** Its path; null for the copy that is inside the program. */
  readonly path: string | null;
}

/** The program, as far as the search needs it. */
export interface ProgramFile {
  /** Whether it is a compiled executable (`Deno.build.standalone`). */
  readonly standalone: boolean;
  /** The executable (`Deno.execPath()`). */
  readonly execPath: string;
}

/** What messages call the herd.json that the program was made with. */
export const builtInName = "built-in herd.json";

const fileName = "herd.json";

/**
 * Looks for herd.json: what `--config` says, else in the working directory, else beside the
 * executable, else inside it. From source there is no executable to look beside, and the copy
 * inside is the repository's.
 *
 * @param given what `--config` says; such a path is taken whether the file exists or not
 * @param program this process by default
 * @returns where it is; a file that exists but cannot be read is found too
 */
export async function findConfig(
  given: string | undefined,
  program: ProgramFile = { standalone: Deno.build.standalone, execPath: Deno.execPath() },
): Promise<FoundConfig> {
  if (given !== undefined) return { name: given, path: given };
  const paths = program.standalone ? [fileName, beside(program.execPath)] : [fileName];
  for (const path of paths) {
    if (await exists(path)) return { name: path, path };
  }
  return { name: builtInName, path: null };
}

/**
 * Reads what {@linkcode findConfig} found.
 *
 * @throws {HerdFileError} when the file cannot be read, or something in it is wrong
 */
export async function readConfig({ name, path }: FoundConfig): Promise<HerdFile> {
  return parseHerdFile(await configText({ name, path }), name);
}

/**
 * Finds herd.json and reads it, as every command does.
 *
 * @param given what `--config` says
 * @returns where it is, and the herd that it describes
 * @throws {HerdFileError} when the file cannot be read, or something in it is wrong
 */
export async function openConfig(
  given: string | undefined,
): Promise<{ readonly config: FoundConfig; readonly herd: HerdFile }> {
  const config = await findConfig(given);
  return { config, herd: await readConfig(config) };
}

/**
 * As {@linkcode readConfig}, but gives the text as it is.
 *
 * @throws {HerdFileError} when the file cannot be read
 */
export async function configText({ name, path }: FoundConfig): Promise<string> {
  if (path === null) {
    const { default: builtIn } = await import("../../herd.json", { with: { type: "json" } });
    return JSON.stringify(builtIn);
  }
  try {
    return await Deno.readTextFile(path);
  } catch (error) {
    throw new HerdFileError([`${name}: ${readFailure(error)}`]);
  }
}

/**
 * @param config herd.json
 * @param file a path in it
 * @returns the path as herd.json means it: beside itself, unless absolute
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const config = { name: "herds/hill.json", path: "herds/hill.json" };
 * assertEquals(besideConfig(config, "hill.pem"), "herds/hill.pem");
 * assertEquals(besideConfig(config, "/etc/hill.pem"), "/etc/hill.pem");
 * assertEquals(besideConfig({ name: "built-in", path: null }, "hill.pem"), "hill.pem");
 * ```
 */
export function besideConfig({ path }: FoundConfig, file: string): string {
  const directory = /^(.*)[/\\][^/\\]*$/.exec(path ?? "")?.[1];
  const isAbsolute = /^([/\\]|[A-Za-z]:[/\\])/.test(file);
  return isAbsolute || directory === undefined ? file : `${directory}/${file}`;
}

/**
 * @param error what reading a file has thrown
 * @returns why the file could not be read, for a message that has named it
 */
export function readFailure(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) return "there is no such file";
  return `cannot be read: ${error instanceof Error ? error.message : error}`;
}

/** @returns herd.json in the directory of a file */
function beside(path: string): string {
  return path.replace(/[^/\\]*$/, fileName);
}

async function exists(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    return !(error instanceof Deno.errors.NotFound);
  }
}
