/**
 * How cost grows with servers, and what that means: every server handles every line.
 *
 * @module
 */

import { chain, flood, mesh, ring } from "../flood.ts";
import { straight } from "../law.ts";
import { count, fixed, type Section, type Table } from "../report.ts";
import { areLinked, planHerd, type Servers, type Stage, startServer } from "../stage.ts";
import { lawText, quality } from "./growth.ts";

/** What a line costs the server that a client tells, and the one that a neighbour tells, in µs. */
interface LineCosts {
  readonly report: number;
  readonly record: number;
}

/** Lines that a connection sends at once in a ring. */
const burst = 16;

/** Of a core, before latency suffers. */
const busyMax = 0.7;

/** Rings of servers at a pace, then two at full speed, then what follows. */
export async function measureServers(
  stage: Stage,
  { sizes, linesPerSecond, countMs }: {
    readonly sizes: readonly number[];
    readonly linesPerSecond: number;
    readonly countMs: number;
  },
): Promise<Section> {
  const rows = [];
  for (const size of sizes) rows.push(await measureRing(stage, size, { linesPerSecond, countMs }));
  const costs = await measurePair(stage, countMs);
  const law = straight(rows.map(({ servers, cpuMicros }) => [servers, cpuMicros]));
  const points = rows.map(({ servers }) => [servers, law.at + law.by * servers] as const);
  const ceiling = (servers: number) => 1e6 / load(costs, servers);
  return {
    title: "Cost over servers",
    text: `Rings of servers as processes of this machine, ${
      count(linesPerSecond)
    } lines a second over
      all of them in bursts of ${burst}. The CPU of all servers together for one line is ${
      lawText(law, "servers")
    } µs
      (${quality(law)}): every server handles every line, so that one more takes nothing off the
      others but its share of the clients' reports. Where the servers fill both cores the curve bends:
      a server that waited takes more lines at a time, which is cheaper a line. At full speed, 16 in flight,
      a report costs ${fixed(costs.report, 2)} µs with one link, and a record from a neighbour
      ${fixed(costs.record, 2)} µs. A server of n therefore carries m updates a second with
      m × (${fixed(costs.report, 2)} / n + ${fixed(costs.record, 2)} × (n − 1) / n) µs of CPU. More
      servers take more connections and live nearer to their clients; they do not take more updates:
      the ceiling is ${count(ceiling(2))} a second with two servers and ${count(ceiling(20))} with
      twenty. A herd should be split, by region for instance, when all its clients together come near
      ${count(busyMax * ceiling(5))} updates a second (${busyMax} of a core in a herd of five),
      whatever their number.`,
    tables: [
      {
        caption: "Rings as processes",
        columns: ["servers", "lines a second", "CPU a line, all servers", "a server"],
        rows: rows.map(({ servers, rate, cpuMicros }) => [
          String(servers),
          count(rate),
          `${fixed(cpuMicros, 1)} µs`,
          `${fixed(cpuMicros / servers, 1)} µs`,
        ]),
      },
      cores(costs),
      floods(),
    ],
    plots: [{
      id: "servers",
      title: "CPU a line over servers, all of them together",
      x: { label: "servers" },
      y: { label: "µs of CPU a line" },
      series: [
        { name: "measured", points: rows.map(({ servers, cpuMicros }) => [servers, cpuMicros]) },
        { name: lawText(law, "servers"), points, isLaw: true },
      ],
    }],
    data: { rows, law, costs },
  };
}

/** What one line costs a server of a herd of so many, on the average, in µs. */
function load({ report, record }: LineCosts, servers: number): number {
  return (report + record * (servers - 1)) / servers;
}

function cores(costs: LineCosts): Table {
  const rates = [10_000, 50_000, 100_000, 200_000, 500_000];
  return {
    caption: "Calculated: cores that each server needs for m updates a second in all",
    columns: ["servers", ...rates.map((rate) => `m = ${count(rate)}`), "most updates a second"],
    rows: [2, 5, 10, 20].map((servers) => [
      String(servers),
      ...rates.map((rate) => fixed(rate * load(costs, servers) / 1e6, 2)),
      count(1e6 / load(costs, servers)),
    ]),
  };
}

/** Counted by flooding one record over the links. */
function floods(): Table {
  const shapes = { chain, ring, mesh };
  return {
    caption:
      "Simulated: lines on links for one update, of these surplus, and links to the last server",
    columns: ["servers", ...Object.keys(shapes)],
    rows: [2, 5, 10, 20].map((servers) => [
      String(servers),
      ...Object.values(shapes).map((shape) => {
        const { sent, surplus, hops } = flood(servers, shape(servers));
        return `${sent}, ${surplus}, ${hops}`;
      }),
    ]),
  };
}

async function measureRing(
  stage: Stage,
  servers: number,
  { linesPerSecond, countMs }: { linesPerSecond: number; countMs: number },
) {
  // Names of one length, so that every server's answers have one.
  const names = Array.from({ length: servers }, (_, at) => `S${String(at).padStart(2, "0")}`);
  const links = ring(servers).map(([one, other]) => [names[one]!, names[other]!] as const);
  using herd = planHerd(stage, { names, links });
  const pids = [];
  for (const name of names) pids.push(await startServer(stage, herd, name));
  for (const name of names) {
    const linked = links.filter((link) => link.includes(name))
      .map(([one, other]) => one === name ? other : one);
    await areLinked(herd, name, linked);
  }
  const targets = names.map((server) => ({ port: herd.ports[server]!, server }));
  const pace = { linesPerSecond, inFlight: burst, warmMs: 1_000, countMs };
  const result = await stage.generator.run({ targets, dialect: "iamat", ...pace, pids });
  for (const pid of pids) await stage.processes.end(pid);
  const cpu = result.cpuSeconds.reduce((sum, one) => sum + one, 0);
  return { servers, rate: result.linesPerSecond, cpuMicros: cpu / result.lines * 1e6 };
}

/** Which share of Clark's records went to Bona by themselves, not in one with a later one. */
async function sentShare({ logDir }: Servers): Promise<number> {
  const records = await logLines(`${logDir}/Bona.log`);
  // Clark logs three lines for each: in, out, and out to Bona, unless it went with a later one.
  const all = await logLines(`${logDir}/Clark.log`);
  return records / ((all - records) / 2);
}

async function logLines(path: string): Promise<number> {
  let lines = 0;
  for (const name of [path, ...[1, 2, 3, 4].map((number) => `${path}.${number}`)]) {
    try {
      for await (const piece of (await Deno.open(name)).readable) {
        for (let at = piece.indexOf(10); at >= 0; at = piece.indexOf(10, at + 1)) lines++;
      }
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  return lines;
}

/** Two servers, one of them told by clients: what a line costs the one and the other. */
async function measurePair(stage: Stage, countMs: number): Promise<LineCosts> {
  using herd = planHerd(stage, { names: ["Clark", "Bona"], links: [["Clark", "Bona"]] });
  const pids = [await startServer(stage, herd, "Bona"), await startServer(stage, herd, "Clark")];
  await areLinked(herd, "Clark", ["Bona"]);
  const targets = [{ port: herd.ports.Clark!, server: "Clark" }];
  const job = { targets, dialect: "iamat", inFlight: 16, warmMs: 1_000, countMs, pids } as const;
  const { lines, cpuSeconds } = await stage.generator.run(job);
  // Ended in order, so that the logs are whole.
  for (const pid of pids) await stage.processes.end(pid, "SIGTERM");
  const [record, report] = cpuSeconds.map((cpu) => cpu / lines * 1e6);
  return { report: report!, record: record! / await sentShare(herd) };
}
