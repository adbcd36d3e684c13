/**
 * Secrets, from the environment or from files that it names.
 *
 * @module
 */

import { readFailure } from "../find_config.ts";
import { UsageError } from "../usage.ts";

/** Everybody of the machine may read the file. */
const readableByAll = 0o004;

/** What {@linkcode secretOf} needs. */
export interface SecretOptions {
  /** Looks a variable up, for instance `Deno.env.get`. */
  readonly env: (variable: string) => string | undefined;
  /** Takes a line for people. */
  readonly warn: (line: string) => void;
}

/**
 * A secret: the value of a variable, or what stands in the file that is named by the variable with
 * `_FILE` behind its name, as systemd's credentials, Docker and Kubernetes hand them over. White
 * space around what the file holds is not part of the secret. A file that everybody may read is
 * used, but with a warning: in a container that is usual.
 *
 * @param variable for instance `GOOGLE_PLACES_API_KEY`
 * @returns the secret, or undefined when there is none
 * @throws {UsageError} when both variables are set, or the file cannot be used; what it holds is in
 * no message
 */
export async function secretOf(
  variable: string,
  options: SecretOptions,
): Promise<string | undefined> {
  const { secrets, where } = await secretsOf(variable, options);
  if (secrets.length > 1) {
    throw new UsageError(`${where}: has several lines; should hold a secret and nothing else`);
  }
  return secrets[0];
}

/**
 * Secrets as {@linkcode secretOf} finds one, where a file may hold several, each on a line of its own.
 *
 * @returns the secrets, and where they are, for messages
 * @throws {UsageError} as {@linkcode secretOf} does
 */
export async function secretsOf(
  variable: string,
  { env, warn }: SecretOptions,
): Promise<{ readonly secrets: readonly string[]; readonly where: string }> {
  const value = env(variable) || undefined;
  const path = env(`${variable}_FILE`) || undefined;
  if (path === undefined) return { secrets: value === undefined ? [] : [value], where: variable };
  if (value !== undefined) {
    throw new UsageError(`${variable} and ${variable}_FILE are both set; one of them is enough`);
  }
  const where = `${variable}_FILE: ${path}`;
  const { text, mode } = await readFile(path, where);
  const secrets = text.split(/[\r\n]/).map((line) => line.trim()).filter((line) => line !== "");
  if (secrets.length === 0) throw new UsageError(`${where}: is empty; should hold a secret`);
  if (mode !== null && (mode & readableByAll) !== 0) {
    warn(`${where}: every user of this machine can read it; "chmod o-r" helps`);
  }
  return { secrets, where };
}

async function readFile(path: string, where: string) {
  let bytes: Uint8Array;
  let mode: number | null;
  try {
    bytes = await Deno.readFile(path);
    mode = (await Deno.stat(path)).mode;
  } catch (error) {
    throw new UsageError(`${where}: ${readFailure(error)}`);
  }
  try {
    return { text: new TextDecoder("utf-8", { fatal: true }).decode(bytes), mode };
  } catch {
    throw new UsageError(`${where}: is not text; should hold a secret`);
  }
}
