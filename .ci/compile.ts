/**
 * Makes the executables: `deno task compile` one for this machine, `deno task compile:all` one for
 * every platform, with their sums.
 *
 * The program is bundled first, so that what is inside is what it uses: a package that comes as a
 * thousand files would be inside with all of them. `DENO` names another Deno to compile with, and
 * `DENORT_BIN` the base executable where Deno cannot fetch it.
 *
 * @module
 */

import configuration from "../deno.json" with { type: "json" };

/** The platforms that there is a base executable for. */
export const targets = [
  "x86_64-unknown-linux-gnu",
  "aarch64-unknown-linux-gnu",
  "x86_64-apple-darwin",
  "aarch64-apple-darwin",
  "x86_64-pc-windows-msvc",
] as const;

/** One executable to make. */
export interface Executable {
  /** The bundled program. */
  readonly bundle: string;
  /** Where it goes. */
  readonly output: string;
  /** For which platform; this one when absent. */
  readonly target?: string;
}

/**
 * Nothing of the configuration is needed, or shall be inside; and nothing is written at run time
 * that nobody asked for, such as V8's code cache.
 *
 * @returns the arguments that have Deno make an executable, with the permissions of deno.json
 */
export function compileArgs({ bundle, output, target }: Executable): string[] {
  const words = configuration.tasks["herd-server"].command.split(" ");
  return [
    ...["compile", "--no-config", "--no-lock", "--no-check", "--no-code-cache"],
    ...words.filter((word) => word.startsWith("--")),
    ...(target === undefined ? [] : ["--target", target]),
    ...["--output", output, bundle],
  ];
}

/**
 * @param target a platform
 * @returns the executable's name for it
 */
export function executableName(target: string): string {
  return `herd-server-${target}${target.includes("windows") ? ".exe" : ""}`;
}

/**
 * @param bytes a file
 * @param name what the file is called
 * @returns the line that `sha256sum --check` reads
 */
export async function sumLine(bytes: Uint8Array<ArrayBuffer>, name: string): Promise<string> {
  const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const hex = Array.from(sum, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex}  ${name}\n`;
}

async function run(command: string, args: readonly string[]): Promise<boolean> {
  const { success } = await new Deno.Command(command, { args: [...args], stdin: "null" }).spawn()
    .status;
  return success;
}

/**
 * Makes a file in a new directory beside its place, and moves it there when it is whole: until then,
 * and when it cannot be made, what was there stays.
 *
 * @param path where it goes
 * @param make makes it, at the path that it is given, and tells whether it did
 * @returns whether it is there
 */
export async function replaceFile(
  path: string,
  make: (path: string) => Promise<boolean>,
): Promise<boolean> {
  const [, folder = "", name = ""] = /^(.*\/)?([^/]*)$/.exec(path) ?? [];
  const directory = await Deno.makeTempDir({ dir: folder || ".", prefix: ".new-" });
  try {
    const made = await make(`${directory}/${name}`);
    if (made) await Deno.rename(`${directory}/${name}`, path);
    return made;
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

async function compileAll(bundle: string, compiler: string): Promise<boolean> {
  await Deno.mkdir("dist", { recursive: true });
  let sums = "";
  const failed: string[] = [];
  for (const target of targets) {
    const name = executableName(target);
    // A base executable that is given is one platform's: named for another it would be a lie.
    const hasBase = !Deno.env.get("DENORT_BIN") || target === Deno.build.target;
    const output = `dist/${name}`;
    const compile = (output: string) => run(compiler, compileArgs({ bundle, output, target }));
    if (hasBase && await replaceFile(output, compile)) {
      sums += await sumLine(await Deno.readFile(output), name);
    } else {
      failed.push(target);
    }
  }
  if (sums !== "") {
    await replaceFile("dist/SHA256SUMS", async (path) => {
      await Deno.writeTextFile(path, sums);
      return true;
    });
  }
  if (failed.length > 0) console.error(`no base executable, so not made: ${failed.join(", ")}`);
  return failed.length === 0;
}

async function main(args: readonly string[]): Promise<boolean> {
  const compiler = Deno.env.get("DENO") || Deno.execPath();
  const directory = await Deno.makeTempDir();
  try {
    const bundle = `${directory}/herd-server.js`;
    if (!await run(Deno.execPath(), ["bundle", "--quiet", "--output", bundle, "main.ts"])) {
      return false;
    }
    if (args.includes("--all")) return await compileAll(bundle, compiler);
    const name = Deno.build.os === "windows" ? "herd-server.exe" : "herd-server";
    return await replaceFile(name, (output) => run(compiler, compileArgs({ bundle, output })));
  } finally {
    await Deno.remove(directory, { recursive: true });
  }
}

if (import.meta.main) Deno.exit(await main(Deno.args) ? 0 : 1);
