/**
 * Every fault on a herd under much traffic, as a table.
 *
 *     deno task faults [PART OF A NAME] [IAMATS A SECOND TO EACH SERVER]
 *
 * @module
 */

import { faults, killedEmpty, type RunSize } from "./fault_run.ts";

const size: RunSize = {
  clients: 5_000,
  perSecond: Number(Deno.args[1] ?? 4_000),
  answers: 20_000,
  faultBytes: 1_000_000,
  faults: 50,
};

/** Of these the issue wants many clients. */
const manyClients = 25_000;

const [part = ""] = Deno.args;
const cores = navigator.hardwareConcurrency;
console.log(`${size.perSecond} IAMATs a second to each server are tried for; ${cores} cores\n`);
console.log(
  "| fault | clients | reports acknowledged | records missing afterwards | convergence, s | |",
);
console.log("|---|---:|---:|---:|---:|---|");
let failed = false;
for (const [name, fault] of Object.entries(faults)) {
  if (!name.includes(part)) continue;
  try {
    const clients = fault === killedEmpty ? manyClients : size.clients;
    const { records, acknowledged, convergedS, note } = await fault({ ...size, clients });
    const seconds = convergedS.toFixed(2);
    console.log(`| ${name} | ${records} | ${acknowledged} | 0 | ${seconds} | ${note} |`);
  } catch (error) {
    failed = true;
    console.log(`| ${name} | | | ${error instanceof Error ? error.message : error} | | |`);
  }
}
Deno.exit(failed ? 1 : 0);
