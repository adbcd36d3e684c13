/**
 * How long news takes from a client at one server to a neighbour one, two and three links away.
 *
 * @module
 */

import { fixed, type Section } from "../report.ts";
import { quantile } from "../machine.ts";
import { Reader } from "../reader.ts";
import { planHerd, type Servers, type Stage, startServer } from "../stage.ts";

const names = ["Clark", "Bona", "Campbell"] as const;
/** With what the first server is loaded beside, in lines a second. */
const loadLines = 20_000;

/** What came of one distance. */
interface Row {
  readonly hops: number;
  readonly state: "idle" | "loaded";
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** @param options.probes how many lines are followed at each distance */
export async function measurePropagation(
  stage: Stage,
  { probes }: { probes: number },
): Promise<Section> {
  const rows: Row[] = [];
  for (const hops of [1, 2, 3]) rows.push(...await measureHops(stage, hops, probes));
  const idle = rows.find(({ hops, state }) => hops === 1 && state === "idle")!;
  return {
    title: "Propagation",
    text: `A client reports at one end of a chain of servers; a neighbour of the last one reads its
      links' lines. From before the report is written to when its record was read, ${probes} reports
      each, one at a time. Loaded: ${loadLines.toLocaleString("en")} lines a second at the first
      server beside, which all servers of the chain carry.`,
    tables: [{
      columns: ["links", "", "p50", "p99", "worst"],
      rows: rows.map(({ hops, state, p50, p99, max }) => [
        String(hops),
        state,
        `${fixed(p50, 3)} ms`,
        `${fixed(p99, 3)} ms`,
        `${fixed(max, 3)} ms`,
      ]),
    }],
    gates: [{ what: "propagation over one link, p50 idle, in ms", got: idle.p50, atMost: 0.3 }],
    data: rows,
  };
}

async function measureHops(stage: Stage, hops: number, probes: number): Promise<Row[]> {
  using reader = new Reader("Jaquez");
  const chain = names.slice(0, hops);
  const all = [...chain, "Jaquez"];
  const links = chain.map((name, at) => [name, all[at + 1]!] as const);
  using servers = planHerd(stage, { names: all, links, ports: { Jaquez: reader.port } });
  const pids = [];
  for (const [at, name] of [...chain.entries()].reverse()) {
    pids.push(await startServer(stage, servers, name, { linked: [all[at + 1]!] }));
  }
  await reader.live;
  const idle = await follow(servers, reader, probes);
  const done = stage.generator.run({
    targets: [{ port: servers.ports.Clark!, server: "Clark" }],
    dialect: "iamat",
    linesPerSecond: loadLines,
    warmMs: 500,
    countMs: Math.max(1_000, probes * 5),
  });
  await new Promise((resolve) => setTimeout(resolve, 700));
  const loaded = await follow(servers, reader, probes);
  await done;
  for (const pid of pids) await stage.processes.end(pid);
  return [{ hops, state: "idle", ...idle }, { hops, state: "loaded", ...loaded }];
}

/** Reports again and again, and waits each time until the reader has it. */
async function follow({ ports }: Servers, reader: Reader, probes: number) {
  const client = await Deno.connect({ hostname: "127.0.0.1", port: ports.Clark! });
  client.setNoDelay(true);
  const buffer = new Uint8Array(4_096);
  const times = [];
  for (let probe = -20; probe < probes; probe++) {
    const stamp = (Date.now() / 1000).toFixed(3) + String(probe + 20).padStart(6, "0");
    const line = new TextEncoder().encode(`IAMAT probe.example +34-118 ${stamp}\n`);
    const seen = reader.sees(`probe.example +34-118 ${stamp}`);
    const begun = performance.now();
    await client.write(line);
    times.push(await seen - begun);
    await client.read(buffer);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  client.close();
  const sorted = times.slice(20).sort((one, other) => one - other);
  return { p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99), max: sorted.at(-1)! };
}
