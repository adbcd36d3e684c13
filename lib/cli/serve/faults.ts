/**
 * What would keep servers from starting although herd.json is right in itself: the files that it
 * names, and the environment.
 *
 * @module
 */

import { isLoopback } from "../../links/incoming.ts";
import { ConfigurationError } from "../../topology/configuration_error.ts";
import { type HerdFile, HerdFileError, type ServerEntry } from "../../topology/herd_file.ts";
import { systemClock, systemRandom } from "../../transport/system.ts";
import { besideConfig, type FoundConfig } from "../find_config.ts";
import { UsageError } from "../usage.ts";
import { checkSecret, tokenWarnings } from "./check_secret.ts";
import { choosePlaces } from "./choose_places.ts";
import { readTlsFiles } from "./tls_files.ts";

/** What {@linkcode faultsOf} found, a line each. */
export interface Faults {
  /** What is wrong wherever a server is started. */
  readonly errors: readonly string[];
  /** What may be otherwise in another environment, or on another machine. */
  readonly warnings: readonly string[];
}

/** Where herd.json is, and how the environment is asked. */
export interface FaultsOptions {
  readonly config: FoundConfig;
  /** Gives the herd's secrets, or throws {@linkcode UsageError}. */
  readonly secrets: () => Promise<readonly string[]>;
  /** Gives `GOOGLE_PLACES_API_KEY`, or throws {@linkcode UsageError}. */
  readonly placesKey: () => Promise<string | undefined>;
}

/** @returns everything for which `serve` would refuse one of the servers of a herd, or warn */
export async function faultsOf(herd: HerdFile, options: FaultsOptions): Promise<Faults> {
  const all = [
    await placesFaults(herd, options),
    await secretFaults(herd, options),
    ...await Promise.all(
      [...herd.servers.values()].map((server) => tlsFaults(herd, server, options.config)),
    ),
  ];
  const distinct = (lines: readonly string[]) => [...new Set(lines)];
  return {
    errors: distinct(all.flatMap(({ errors }) => errors)),
    warnings: distinct(all.flatMap(({ warnings }) => warnings)),
  };
}

const none: Faults = { errors: [], warnings: [] };

async function placesFaults(herd: HerdFile, { config, placesKey }: FaultsOptions): Promise<Faults> {
  try {
    const places = choosePlaces({
      ...herd.places,
      file: herd.places.file && besideConfig(config, herd.places.file),
      key: await placesKey(),
      fetch: globalThis.fetch,
      clock: systemClock,
      random: systemRandom,
      logTrouble: () => {},
    });
    try {
      await places.ready;
      return none;
    } catch (error) {
      return { ...none, errors: linesOf(error) };
    }
  } catch (error) {
    return { ...none, warnings: linesOf(error) };
  }
}

async function secretFaults(herd: HerdFile, { config, secrets }: FaultsOptions): Promise<Faults> {
  try {
    const hasSecret = (await secrets()).length > 0;
    checkSecret(herd, { config: config.name, insecureLinks: false, hasSecret });
    const warnings = [...herd.servers.values()].flatMap((server) => tokenWarnings(herd, server));
    return { ...none, warnings };
  } catch (error) {
    return { ...none, warnings: linesOf(error) };
  }
}

/** The files of a server of another machine may be there. */
async function tlsFaults(
  herd: HerdFile,
  { name, host, tls }: ServerEntry,
  config: FoundConfig,
): Promise<Faults> {
  const isHere = host === "localhost" || isLoopback(host);
  for (const file of isHere || tls === undefined ? [] : [tls.cert, tls.key]) {
    if (await isThere(besideConfig(config, file))) continue;
    const where = `${config.name}: servers.${name}.tls: ${JSON.stringify(file)}`;
    return { ...none, warnings: [`${where}: is not on this machine; ${name} needs it on its own`] };
  }
  try {
    const { warnings } = await readTlsFiles(herd, { name, config });
    return { ...none, warnings };
  } catch (error) {
    return { ...none, errors: linesOf(error) };
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.stat(path);
    return true;
  } catch (error) {
    return !(error instanceof Deno.errors.NotFound);
  }
}

/** @returns what is wrong, in lines; a bug is thrown on */
function linesOf(error: unknown): readonly string[] {
  if (error instanceof HerdFileError) return error.errors;
  if (error instanceof ConfigurationError || error instanceof UsageError) return [error.message];
  throw error;
}
