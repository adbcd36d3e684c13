import { assert, assertEquals, assertNotEquals } from "@std/assert";
import type { Table } from "../../lib/locations/table.ts";
import { OlderWins, WithoutCatchUp, WithoutTieBreak } from "./sabotage.ts";
import { type Outcome, simulate } from "./simulation.ts";

/** Seeds that every run of the tests goes through, besides the one that the commit gives. */
const seedsAlways = 149;
/** A herd that is sabotaged is found out within so many seeds. */
const sabotageSeeds = 50;

/** @returns a seed that is another one for every commit, so that new ones are tried all the time */
async function seedOfCommit(): Promise<number> {
  const { state } = await Deno.permissions.query({ name: "run", command: "git" });
  if (state !== "granted") return seedsAlways;
  try {
    const git = new Deno.Command("git", { args: ["rev-parse", "HEAD"], stderr: "null" });
    const { stdout } = await git.output();
    const commit = new TextDecoder().decode(stdout).trim();
    return /^[0-9a-f]{40,}$/.test(commit) ? parseInt(commit.slice(0, 8), 16) : seedsAlways;
  } catch {
    return seedsAlways;
  }
}

const commitSeed = await seedOfCommit();

function described({ seed, failure }: Outcome): string {
  return `seed ${seed}: ${failure}; again: deno task sim -- ${seed} --trace`;
}

Deno.test({
  name:
    `simulate() finds the promise kept with ${seedsAlways} seeds, and with ${commitSeed} of this commit`,
  permissions: "none",
  async fn() {
    const seeds = [...Array(seedsAlways).keys(), commitSeed];
    for (const seed of seeds) {
      const outcome = await simulate(seed);
      assert(outcome.failure === null, described(outcome));
    }
  },
});

Deno.test({
  name: "simulate() runs the same for the same seed, traced or not, and otherwise for another",
  permissions: "none",
  async fn() {
    const hashes = new Set<string>();
    for (const seed of [7, 8, 9]) {
      const { hash, virtualMs } = await simulate(seed);
      const again = await simulate(seed, { isTraced: true });
      assertEquals([again.hash, again.virtualMs], [hash, virtualMs]);
      assert(again.lines.length > 100);
      hashes.add(hash);
    }
    assertEquals(hashes.size, 3);
  },
});

const sabotages: Record<string, { make: (salt: number) => Table; broken: RegExp }> = {
  "without the tie-break": { make: (salt) => new WithoutTieBreak(salt), broken: /^convergence/ },
  "where the older record wins": {
    make: (salt) => new OlderWins(salt),
    broken: /^never backwards/,
  },
  "without catch-up": { make: (salt) => new WithoutCatchUp(salt), broken: /^convergence/ },
};

for (const [what, { make, broken }] of Object.entries(sabotages)) {
  Deno.test({
    name: `simulate() finds a herd ${what} within ${sabotageSeeds} seeds, and finds it again`,
    permissions: "none",
    async fn() {
      let seed = 0;
      let found = await simulate(seed, { makeTable: make });
      while (found.failure === null && ++seed < sabotageSeeds) {
        found = await simulate(seed, { makeTable: make });
      }
      assert(found.failure !== null && broken.test(found.failure), described(found));
      const again = await simulate(seed, { makeTable: make, isTraced: true });
      assertEquals([again.failure, again.hash], [found.failure, found.hash]);
      assertNotEquals(again.lines, []);
    },
  });
}
