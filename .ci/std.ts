/**
 * Whether this project fits the `@std` packages themselves, which it imports under their own names:
 * `deno task check:std` checks all types against what they declare; `deno task test:jsr` checks,
 * and tests what uses them, with the packages from JSR, where that can be reached.
 *
 * @module
 */

import configuration from "../deno.json" with { type: "json" };

/** The packages, at the versions that the declarations in lib/std were made after. */
export const packages: Readonly<Record<string, string>> = {
  "@std/assert": "jsr:@std/assert@1.0.19",
  "@std/async/abortable": "jsr:@std/async@1.5.0/abortable",
  "@std/async/deadline": "jsr:@std/async@1.5.0/deadline",
  "@std/async/delay": "jsr:@std/async@1.5.0/delay",
  "@std/cli/parse-args": "jsr:@std/cli@1.0.32/parse-args",
  "@std/log": "jsr:@std/log@0.224.14",
};

/**
 * What the packages declare, by their names; written down, since JSR is not always within reach.
 */
export const signatures: Readonly<Record<string, string>> = {
  "@std/async/abortable": "./tests/std/signatures/abortable.d.ts",
  "@std/async/deadline": "./tests/std/signatures/deadline.d.ts",
  "@std/async/delay": "./tests/std/signatures/delay.d.ts",
  "@std/cli/parse-args": "./tests/std/signatures/parse_args.d.ts",
  "@std/log": "./tests/std/signatures/log.d.ts",
};

const root = new URL("../", import.meta.url);
const rooms = ["tests/cli", "tests/std", "tests/log", "tests/server"];

/**
 * @param std where names of `@std` lead, in place of what deno.json says
 * @returns an import map for a file anywhere
 */
export function importMap(std: Readonly<Record<string, string>>): string {
  const imports = Object.entries({ ...configuration.imports, ...std })
    .map(([name, target]) => [name, target.startsWith("./") ? new URL(target, root).href : target]);
  return JSON.stringify({ imports: Object.fromEntries(imports) });
}

async function deno(...args: string[]): Promise<boolean> {
  const options = { args, cwd: root, stdin: "null" } as const;
  return (await new Deno.Command(Deno.execPath(), options).spawn().status).success;
}

async function canReachJsr(): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(10_000);
    return (await fetch("https://jsr.io/@std/log/meta.json", { signal })).ok;
  } catch {
    return false;
  }
}

async function main([from]: readonly string[]): Promise<boolean> {
  const isJsr = from === "jsr";
  if (isJsr && !await canReachJsr()) {
    console.error("test:jsr: nothing was tested, since https://jsr.io cannot be reached from here");
    return false;
  }
  const map = await Deno.makeTempFile({ suffix: ".json" });
  try {
    await Deno.writeTextFile(map, importMap(isJsr ? packages : signatures));
    // The lock file has no packages from JSR.
    const flags = ["--quiet", `--import-map=${map}`, ...(isJsr ? ["--no-lock"] : [])];
    if (!await deno("check", ...flags, "main.ts", "lib", "tests", ".ci")) return false;
    return !isJsr || await deno("test", "--no-check", "--allow-all", ...flags, ...rooms);
  } finally {
    await Deno.remove(map);
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args) ? 0 : 1);
