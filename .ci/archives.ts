/**
 * `deno task archives`: makes a release of the executables that `deno task compile:all` left in
 * `dist/`: an archive for each, with the licences in it, a bill of materials, and the sums.
 *
 * @module
 */

import { executableName, sumLine, targets } from "./compile.ts";

const licences = ["LICENSE", "THIRD_PARTY_LICENSES"];

/** What is packed for one platform. */
export interface Archive {
  /** The archive's name. */
  readonly name: string;
  /** The executable's name in it. */
  readonly executable: string;
  /** The command that packs it, in the folder where its files are. */
  readonly command: readonly [string, ...string[]];
}

/**
 * @param target a platform
 * @returns its archive: a .zip for Windows, a .tar.gz for the others
 */
export function archiveOf(target: string): Archive {
  const base = `herd-server-${target}`;
  if (target.includes("windows")) {
    const name = `${base}.zip`;
    const executable = "herd-server.exe";
    return { name, executable, command: ["zip", "-q", name, executable, ...licences] };
  }
  const name = `${base}.tar.gz`;
  const executable = "herd-server";
  return { name, executable, command: ["tar", "-czf", name, executable, ...licences] };
}

async function run([command, ...args]: readonly [string, ...string[]], cwd: string) {
  const { success } = await new Deno.Command(command, { args, cwd }).spawn().status;
  if (!success) throw new Error(`${command} ${args.join(" ")} failed`);
}

async function outputOf(task: string): Promise<string> {
  const { stdout, success } = await new Deno.Command(Deno.execPath(), {
    args: ["task", "--quiet", task],
    stderr: "inherit",
  }).output();
  if (!success) throw new Error(`deno task ${task} failed`);
  return new TextDecoder().decode(stdout);
}

/** Packs one platform's executable, which is replaced by its archive. */
async function pack(target: string, licencesText: string): Promise<string> {
  const { name, executable, command } = archiveOf(target);
  const folder = await Deno.makeTempDir({ dir: "dist" });
  await Deno.rename(`dist/${executableName(target)}`, `${folder}/${executable}`);
  await Deno.copyFile("LICENSE", `${folder}/LICENSE`);
  await Deno.writeTextFile(`${folder}/THIRD_PARTY_LICENSES`, licencesText);
  await run(command, folder);
  await Deno.rename(`${folder}/${name}`, `dist/${name}`);
  await Deno.remove(folder, { recursive: true });
  return name;
}

async function main(): Promise<void> {
  const licencesText = await outputOf("licences");
  const names = ["herd-server.cdx.json"];
  await Deno.writeTextFile(`dist/${names[0]}`, await outputOf("sbom"));
  const made = [...Deno.readDirSync("dist")].map(({ name }) => name);
  for (const target of targets) {
    if (made.includes(executableName(target))) names.push(await pack(target, licencesText));
  }
  let sums = "";
  for (const name of names) sums += await sumLine(await Deno.readFile(`dist/${name}`), name);
  await Deno.writeTextFile("dist/SHA256SUMS", sums);
}

if (import.meta.main) await main();
