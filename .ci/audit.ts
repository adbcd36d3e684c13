/**
 * `deno task audit`: asks the npm registry which packages of `deno.lock` have known
 * vulnerabilities, as `npm audit` does. Where the registry cannot be asked it says so, and does not
 * fail.
 *
 * @module
 */

import { lockedPackages } from "./packages.ts";

/** The longest that the registry may take, in milliseconds. */
const timeoutMs = 20_000;

/** A known vulnerability, as the registry describes it. */
export interface Advisory {
  readonly title: string;
  readonly severity: string;
  readonly url: string;
  readonly vulnerable_versions: string;
}

/**
 * @param keys the packages of a lock file, `name@version` or `name@version_peer@version`
 * @returns the versions of each package, as the registry is asked about them
 */
export function versionsByName(keys: readonly string[]): Record<string, string[]> {
  const versions: Record<string, string[]> = {};
  for (const key of keys) {
    const [, name, version] = key.match(/^(@?[^@]+)@([^_]+)/) ?? [];
    if (name === undefined || version === undefined) throw new Error(`"${key}" names no version`);
    (versions[name] ??= []).push(version);
  }
  return versions;
}

/** @returns a line for each known vulnerability */
export function report(advisories: Readonly<Record<string, readonly Advisory[]>>): string[] {
  return Object.entries(advisories).flatMap(([name, found]) =>
    found.map(({ title, severity, url, vulnerable_versions: versions }) =>
      `${name} ${versions}: ${severity}: ${title} (${url})`
    )
  );
}

/**
 * @param registry its address
 * @param versions the versions of each package
 * @returns the known vulnerabilities by package
 * @throws {Error} when the registry cannot be asked
 */
export async function advisoriesFor(
  registry: string,
  versions: Readonly<Record<string, readonly string[]>>,
): Promise<Record<string, Advisory[]>> {
  const address = new URL("-/npm/v1/security/advisories/bulk", `${registry.replace(/\/*$/, "")}/`);
  const response = await fetch(address, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(versions),
    signal: AbortSignal.timeout(timeoutMs),
  });
  if (!response.ok) {
    await response.body?.cancel();
    throw new Error(`it answered ${response.status}`);
  }
  return await response.json();
}

/** @returns the exit status: 1 where a vulnerability is known */
async function main(): Promise<number> {
  const registry = Deno.env.get("NPM_CONFIG_REGISTRY") || "https://registry.npmjs.org/";
  const versions = versionsByName(Object.keys(await lockedPackages()));
  let known: string[];
  try {
    known = report(await advisoriesFor(registry, versions));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    console.log(`NOT TESTED: audit: the npm registry cannot be asked: ${why}`);
    return 0;
  }
  const count = Object.keys(versions).length;
  for (const line of known) console.error(line);
  console.log(`${count} packages, ${known.length} with known vulnerabilities`);
  return known.length === 0 ? 0 : 1;
}

if (import.meta.main) Deno.exit(await main());
