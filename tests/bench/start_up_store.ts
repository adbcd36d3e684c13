/**
 * How long a durable server takes to start with a file of a million records.
 *
 *     deno run --allow-all tests/bench/start_up_store.ts [CLIENTS]
 *
 * @module
 */

import { RunningHerd } from "../process/running_herd.ts";
import { countKnown, fill } from "./filling.ts";
import { Pings, tell } from "./pings.ts";

const saveMs = 1_000;
const [words = "1000000"] = Deno.args;
const clients = Number(words);
await using herd = await RunningHerd.start({ servers: ["Clark"], memory: { durable: true } });
const port = herd.port("Clark");
const pings = await Pings.begin(port);
const begun = performance.now();
await fill(port, clients);
const fillS = (performance.now() - begun) / 1000;
await new Promise((resolve) => setTimeout(resolve, saveMs));
const latency = await pings.end();
await herd.kill("Clark");
const { size } = Deno.statSync(`${herd.dataDir}/Clark.db`);
const startMs = performance.now();
await herd.start("Clark");
const startS = (performance.now() - startMs) / 1000;
const known = await countKnown(port, clients);
console.log(`${navigator.hardwareConcurrency} cores, load ${Deno.loadavg()[0]!.toFixed(1)}`);
console.log(`${clients} clients reported in ${fillS.toFixed(1)} s; ${size >> 20} MiB on disk`);
console.log(`  another client meanwhile: ${tell(latency)}`);
console.log(`killed and started: listens after ${startS.toFixed(2)} s and knows ${known}`);
if (known !== clients) throw new Error(`${clients - known} are missing`);
