/**
 * Runs simulated herds in the order of their seeds until one breaks a promise, and says which did:
 * `SEED: what was broken`, or nothing when none did.
 *
 *     deno run tests/mutants/hunt.ts SEEDS
 *
 * @module
 */

import { simulate } from "../simulation/simulation.ts";

const seeds = Number(Deno.args[0]);
for (let seed = 0; seed < seeds; seed++) {
  const { failure } = await simulate(seed);
  if (failure === null) continue;
  console.log(`${seed}: ${failure.split("\n")[0]}`);
  break;
}
