/**
 * `deno task sim`: many seeds. `deno task sim -- SEED… FIRST..LAST`: these, `--trace` prints what
 * happened.
 *
 * @module
 */

import { type Outcome, simulate } from "./simulation.ts";

/** Seeds that are run when none is named. */
const seedsByDefault = 2_000;
/** Of more seeds, those that hold are not named one by one. */
const seedsShownMax = 50;
/** Events that are printed of a seed that failed. */
const lastEvents = 60;

/** @returns a description of a seed that failed, with what happened last */
async function failed({ seed, failure, hash, plan }: Outcome): Promise<string> {
  const again = await simulate(seed, { isTraced: true });
  const { servers, links } = plan;
  const herd = `${servers.length} servers, ${links.length} links: ` +
    links.map((link) => link.join("-")).join(" ");
  const replay = again.hash === hash ? "" : `\nNOT REPLAYED: ${hash}, then ${again.hash}`;
  const last = again.lines.slice(-lastEvents).join("\n");
  return `${last}\nseed ${seed} FAILED: ${failure}\n${herd}${replay}\n` +
    `again: deno task sim -- ${seed} --trace`;
}

/** @returns the seeds that a word names: `7`, or `7..9` */
function seedsNamed(word: string): number[] {
  const [, first, last = first] = /^(\d+)(?:\.\.(\d+))?$/.exec(word) ?? [];
  if (first === undefined) return [];
  const count = Math.max(0, Number(last) - Number(first) + 1);
  return Array.from({ length: count }, (_, index) => Number(first) + index);
}

async function main(words: readonly string[]): Promise<number> {
  const isTraced = words.includes("--trace");
  const named = words.flatMap(seedsNamed);
  const unknown = words.find((word) => !/^(\d+(\.\.\d+)?|--|--trace)$/.test(word));
  if (unknown !== undefined) {
    console.error(`"${unknown}" is no seed: deno task sim -- [SEED…] [FIRST..LAST] [--trace]`);
    return 2;
  }
  const seeds = named.length > 0
    ? named
    : Array.from({ length: seedsByDefault }, (_, seed) => seed);
  let failures = 0;
  let virtualMs = 0;
  const begunMs = performance.now();
  for (const seed of seeds) {
    const outcome = await simulate(seed, { isTraced });
    virtualMs += outcome.virtualMs;
    if (isTraced) console.log(outcome.lines.join("\n"));
    if (outcome.failure !== null) {
      failures++;
      console.log(await failed(outcome));
    } else if (named.length > 0 && named.length <= seedsShownMax) {
      console.log(`seed ${seed} holds: ${outcome.hash}`);
    }
  }
  const tookS = (performance.now() - begunMs) / 1_000;
  console.log(
    `${seeds.length} seeds, ${failures} failures, ${(virtualMs / 3_600_000).toFixed(1)} hours of ` +
      `the herd in ${tookS.toFixed(1)} s`,
  );
  return failures === 0 ? 0 : 1;
}

if (import.meta.main) Deno.exit(await main(Deno.args));
