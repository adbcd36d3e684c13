/**
 * The packages that the program uses, as Deno resolves and keeps them.
 *
 * @module
 */

const root = new URL("../", import.meta.url);

/** A package from npm, of one version. */
export interface Package {
  readonly name: string;
  readonly version: string;
  /** The licence's name, as SPDX has it. */
  readonly licence: string;
  /** The licence as the package has it. */
  readonly licenceText: string;
  /** The sum of the package's archive, in hexadecimal digits. */
  readonly sha512: string;
}

interface ModuleGraph {
  readonly modules: readonly { readonly kind: string; readonly npmPackage?: string }[];
  readonly npmPackages: Readonly<Record<string, ResolvedPackage>>;
}

interface ResolvedPackage {
  readonly name: string;
  readonly version: string;
  readonly dependencies: readonly string[];
  readonly localPath: string;
}

/** Whose the packages are that have no licence but a line at the head of each file. */
const copyrights: Readonly<Record<string, string>> = { "deno-std": "2018-2026 the Deno authors" };

/** The npm packages of `deno.lock`, by name and version. */
export async function lockedPackages(): Promise<Record<string, { integrity: string }>> {
  return JSON.parse(await Deno.readTextFile(new URL("deno.lock", root))).npm;
}

/** @returns the MIT licence, whose words this project's own has too, for somebody else's work */
export async function mitLicence(copyright: string): Promise<string> {
  const own = await Deno.readTextFile(new URL("LICENSE", root));
  return own.replace(/^Copyright .*$/m, `Copyright (c) ${copyright}`);
}

async function outputOf(...args: string[]): Promise<string> {
  const { stdout, success } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd: root,
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`deno ${args.join(" ")} failed`);
  return new TextDecoder().decode(stdout);
}

/** @returns what Deno knows of the modules that `main.ts` imports, and theirs */
async function moduleGraph(): Promise<ModuleGraph> {
  // Only a package that is at hand has a licence to read.
  await outputOf("cache", "--quiet", "main.ts");
  return JSON.parse(await outputOf("info", "--json", "main.ts"));
}

/**
 * @param graph what Deno knows of the program
 * @returns the keys of the packages in it, and of what they depend on; not those of the tests
 */
export function packageKeys({ modules, npmPackages }: ModuleGraph): string[] {
  const keys = new Set<string>();
  const add = (key: string | undefined) => {
    if (key === undefined || keys.has(key)) return;
    keys.add(key);
    npmPackages[key]?.dependencies.forEach(add);
  };
  for (const { npmPackage } of modules) add(npmPackage);
  return [...keys].sort();
}

/** @returns what an SRI sum says in hexadecimal digits */
export function hexOf(integrity: string): string {
  const [algorithm, base64 = ""] = integrity.split("-", 2);
  if (algorithm !== "sha512") throw new Error(`${integrity} is no sha512 sum`);
  return [...atob(base64)]
    .map((byte) => byte.charCodeAt(0).toString(16).padStart(2, "0"))
    .join("");
}

async function licenceTextOf(name: string, folder: string): Promise<string> {
  const copyright = copyrights[name];
  if (copyright !== undefined) return await mitLicence(copyright);
  for await (const file of Deno.readDir(folder)) {
    if (/^licen[cs]e(\.(md|txt))?$/i.test(file.name)) {
      return await Deno.readTextFile(`${folder}/${file.name}`);
    }
  }
  throw new Error(`there is no licence in ${folder}`);
}

/**
 * @returns every package that is in the executable, by name
 * @throws {Error} when one has no licence, or no sum in `deno.lock`
 */
export async function packages(): Promise<Package[]> {
  const [graph, integrities] = await Promise.all([moduleGraph(), lockedPackages()]);
  return await Promise.all(
    packageKeys(graph).map(async (key) => {
      const { name, version, localPath } = graph.npmPackages[key]!;
      const { license } = JSON.parse(await Deno.readTextFile(`${localPath}/package.json`));
      const locked = integrities[key];
      if (locked === undefined) throw new Error(`deno.lock does not have ${key}`);
      return {
        name,
        version,
        licence: license,
        licenceText: await licenceTextOf(name, localPath),
        sha512: hexOf(locked.integrity),
      };
    }),
  );
}
