/**
 * The suite: this herd's server beside what its users would take instead, and how its cost grows.
 *
 *     deno task bench                 all of it, some ten minutes
 *     deno task bench -- quick        the comparison alone, half a minute
 *     deno task bench -- write        all of it, and README.md and the plots anew
 *     deno task bench -- NAME...      some measurements: comparison many latency propagation …
 *
 * `--json FILE` writes the figures to a file. Ends with status 1 when something that must show does
 * not.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { startEcho, startRivals, startSinks } from "./contestants.ts";
import { Generator } from "./generator.ts";
import { machineKind } from "./machine.ts";
import { measureCatchUp } from "./measure/catch_up.ts";
import { measureChannels } from "./measure/channels.ts";
import { measureComparison } from "./measure/comparison.ts";
import { measureFive } from "./measure/five.ts";
import { measureGarbage } from "./measure/garbage.ts";
import { measureClients, measureConnections, measureNeighbours } from "./measure/growth.ts";
import { measureGeosearch } from "./measure/geosearch.ts";
import { measureLatency } from "./measure/latency.ts";
import { measureIdle } from "./measure/idle.ts";
import { measureMany } from "./measure/many.ts";
import { measureMemory } from "./measure/memory.ts";
import { measurePlaces } from "./measure/places.ts";
import { measurePropagation } from "./measure/propagation.ts";
import { measureServers } from "./measure/servers.ts";
import { measureStartUp } from "./measure/start_up.ts";
import { Processes } from "./processes.ts";
import { startRedis } from "./redis.ts";
import { gateTable, isMet, type Section, sectionText, tableText } from "./report.ts";
import { redisVersions, rivalVersions } from "./versions.ts";
import { writeReadme } from "./readme.ts";
import { type Stage, startHerd } from "./stage.ts";

const sizes = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];

/** Every measurement of the whole suite, by the name that chooses it. */
const measurements: Readonly<Record<string, (stage: Stage) => Promise<Section | null>>> = {
  comparison: (stage) => measureComparison(stage, { rounds: 5, countMs: 700 }),
  many: (stage) => measureMany(stage, { rounds: 5, countMs: 500 }),
  channels: (stage) => measureChannels(stage, { rounds: 3, countMs: 500 }),
  latency: (stage) => measureLatency(stage, { rounds: 5, countMs: 1_500 }),
  propagation: (stage) => measurePropagation(stage, { probes: 300 }),
  five: (stage) => measureFive(stage, { countMs: 2_000 }),
  memory: (stage) => measureMemory(stage, { sizes: [10_000, 100_000, 1_000_000] }),
  idle: (stage) => measureIdle(stage, { connections: 10_000 }),
  places: (stage) => measurePlaces(stage, { countMs: 2_000 }),
  geosearch: (stage) => measureGeosearch(stage, { rounds: 5, countMs: 700 }),
  startUp: (stage) => measureStartUp(stage, { starts: 20 }),
  catchUp: (stage) => measureCatchUp(stage, { clients: 1_000_000 }),
  garbage: (stage) => measureGarbage(stage, { clients: 1_000_000, countMs: 3_000 }),
  clients: (stage) => measureClients(stage, sizes.slice(1)),
  connections: (stage) => measureConnections(stage, [1, 10, 50, 200, 1_000, 3_000, 10_000]),
  neighbours: (stage) => measureNeighbours(stage, 8),
  servers: (stage) =>
    measureServers(stage, { sizes: [2, 3, 5, 10, 20], linesPerSecond: 20_000, countMs: 2_000 }),
};

const flags = parseArgs(Deno.args.filter((word) => word !== "--"), {
  string: ["json", "_"],
});
const words = flags._.map(String);
const chosen = words.filter((word) => word in measurements);
const isQuick = words.includes("quick");
const plan = isQuick
  ? [(stage: Stage) => measureComparison(stage, { rounds: 1, countMs: 300 })]
  : (chosen.length > 0 ? chosen : Object.keys(measurements)).map((name) => measurements[name]!);
Deno.exit(await run());

/** @returns the exit status */
async function run(): Promise<number> {
  const commands: string[] = [];
  await using processes = new Processes((command) => {
    commands.push(command);
    console.log(`$ ${command}`);
  });
  const interrupted = () => processes[Symbol.asyncDispose]().finally(() => Deno.exit(130));
  Deno.addSignalListener("SIGINT", interrupted);
  Deno.addSignalListener("SIGTERM", interrupted);
  const missing: string[] = [];
  const stage = await setUp(processes, missing);
  const machine = {
    ...machineKind(),
    ...await rivalVersions(),
    ...await redisVersions(stage.redis),
  };
  const sections: Section[] = [];
  const failures: unknown[] = [];
  for (const measure of plan) {
    try {
      const section = await measure(stage);
      if (section === null) continue;
      sections.push(section);
      console.log(sectionText(section));
    } catch (error) {
      // What was measured so far is worth keeping.
      failures.push(error);
      console.error(error);
    }
  }
  const gates = sections.flatMap((section) => section.gates ?? []);
  if (gates.length > 0) console.log(`\n== What must show\n\n${tableText(gateTable(gates))}`);
  if (missing.length > 0) console.log(`\nnot on this machine, left out: ${missing.join("; ")}`);
  const run = { machine, commands, missing, sections };
  if (flags.json) await Deno.writeTextFile(flags.json, `${JSON.stringify(run, null, 1)}\n`);
  if (words.includes("write")) await writeReadme(run);
  const shows = gates.every((gate) => isMet(gate) || Number.isNaN(gate.got));
  return shows && failures.length === 0 ? 0 : 1;
}

async function setUp(processes: Processes, missing: string[]): Promise<Stage> {
  const sinks = await startSinks(processes);
  const redis = await startRedis(processes);
  if (redis === null) missing.push("Redis (redis-server, redis-benchmark)");
  const generator = new Generator(processes);
  const bare = { processes, generator, sinks, contestants: [], redis };
  const rivals = await startRivals(processes, { sinks, missing: (name) => missing.push(name) });
  const own = [await startHerd(bare), await startEcho(processes)];
  return { ...bare, contestants: [...own, ...rivals] };
}
