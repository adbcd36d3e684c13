/**
 * `deno task mutants`: breaks every place of the list, one at a time, in a copy of the program, and
 * demands that the check named beside it notices. `deno task mutants -- digest` takes those with that
 * in their names or files; `--part` a small part of them, which every commit has another one of.
 *
 * @module
 */

import { mutants } from "./list.ts";
import { type Killer, type Mutant, mutated } from "./mutant.ts";
import { Program } from "./program.ts";

/** Parts that the list is cut into: one is run for every commit, in about a minute. */
export const parts = 12;

/** What became of a mutant. */
interface Verdict {
  readonly isKilled: boolean;
  /** What killed it; what was done in vain where nothing did. */
  readonly by: string;
  readonly seconds: number;
}

/** @returns the mutants that the words choose */
export function chosen(all: readonly Mutant[], words: readonly string[], commit: number): Mutant[] {
  const names = words.filter((word) => !word.startsWith("-"));
  return all
    .filter(({ name, file }) =>
      names.length === 0 || names.some((part) => name.includes(part) || file.includes(part))
    )
    .filter((_, index) => !words.includes("--part") || index % parts === commit % parts);
}

/** @returns a number that is another one for every commit; 0 where there is none */
async function commitNumber(): Promise<number> {
  const git = new Deno.Command("git", { args: ["rev-parse", "HEAD"], stderr: "null" });
  const { stdout } = await git.output();
  return parseInt(new TextDecoder().decode(stdout).slice(0, 8), 16) || 0;
}

async function tried(program: Program, mutant: Mutant): Promise<Verdict> {
  const begunMs = performance.now();
  const restore = await program.change(mutant.file, (source) => mutated(mutant, source));
  try {
    const { isKilled, by } = await noticed(program, mutant.killer);
    return { isKilled, by, seconds: (performance.now() - begunMs) / 1_000 };
  } finally {
    await restore();
  }
}

async function noticed(program: Program, killer: Killer): Promise<Omit<Verdict, "seconds">> {
  if (killer.by === "simulator") {
    const found = await program.hunt();
    return { isKilled: found !== null, by: found ?? "no seed" };
  }
  const isKilled = !await program.test(killer.file, killer.name);
  return { isKilled, by: `${killer.file}: ${killer.name}` };
}

/** @returns whether the whole program passes what is to notice mutants */
async function isSound(program: Program, chosen: readonly Mutant[]): Promise<boolean> {
  const tests = new Map(
    chosen.flatMap(({ killer }) =>
      killer.by === "test" ? [[`${killer.file} ${killer.name}`, killer] as const] : []
    ),
  );
  for (const { file, name } of tests.values()) {
    if (await program.test(file, name)) continue;
    console.log(`${file}: "${name}" is no test that passes`);
    return false;
  }
  return true;
}

async function main(words: readonly string[]): Promise<boolean> {
  const list = chosen(mutants, words, await commitNumber());
  await using program = await Program.copy();
  if (list.length === 0 || !await isSound(program, list)) return false;
  let alive = 0;
  console.log("| mutant | killed by | seconds |\n|---|---|---:|");
  for (const mutant of list) {
    const { isKilled, by, seconds } = await tried(program, mutant);
    if (!isKilled) alive++;
    const told = isKilled ? by : `LIVES ON: ${by}; ${mutant.why}`;
    console.log(`| ${mutant.name} | ${told.replaceAll("|", "¦")} | ${seconds.toFixed(1)} |`);
  }
  console.log(`${list.length - alive} passed | ${alive} failed`);
  return alive === 0;
}

if (import.meta.main) Deno.exit(await main(Deno.args.filter((word) => word !== "--")) ? 0 : 1);
