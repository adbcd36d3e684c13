/**
 * How cost grows with clients, connections, neighbours and servers.
 *
 * @module
 */

import { freePorts } from "../../process/running_herd.ts";
import { neighbourNames, serverName } from "../contestants.ts";
import { type Law, straight } from "../law.ts";
import type { LoadJob } from "../load/job.ts";
import { denoRun } from "../processes.ts";
import type { Series } from "../plot.ts";
import { count, fixed, type Section, type Table } from "../report.ts";
import { contestant, planHerd, planMeasured, type Stage, startServer } from "../stage.ts";

/** What one point of a curve costs. */
interface Cost {
  readonly x: number;
  readonly linesPerSecond: number;
  readonly cpuMicros: number;
}

type Target = { readonly port: number; readonly pid: number };

/** What a text about a curve says of its points. */
const howOften = "Each point is the median of three counts of 0.5 s";

/** Counts three times: one moment on a shared machine may be a bad one. */
async function cost(stage: Stage, target: Target, job: Partial<LoadJob>, x: number): Promise<Cost> {
  const counts: Cost[] = [];
  for (let round = 0; round < 3; round++) {
    counts.push(await costOnce(stage, target, { countMs: 500, ...job }, x));
  }
  return counts.sort((one, other) => one.cpuMicros - other.cpuMicros)[1]!;
}

async function costOnce(
  stage: Stage,
  { port, pid }: Target,
  job: Partial<LoadJob>,
  x: number,
): Promise<Cost> {
  const targets = [{ port, server: serverName }];
  const whole = { targets, dialect: "iamat", pids: [pid], ...job } as const;
  const { linesPerSecond, cpuSeconds, lines } = await stage.generator.run(whole);
  return { x, linesPerSecond, cpuMicros: cpuSeconds[0]! / lines * 1e6 };
}

/** Over clients: 16 in flight on 50 connections. */
export async function measureClients(stage: Stage, sizes: readonly number[]): Promise<Section> {
  using servers = planMeasured(stage);
  const pid = await startServer(stage, servers, serverName, { linked: neighbourNames });
  const target = { port: servers.ports[serverName]!, pid };
  const costs: Cost[] = [];
  await costOnce(stage, target, { clients: 1_000, inFlight: 16 }, 0);
  for (const clients of sizes) {
    await costOnce(stage, target, { clients, inFlight: 20, turns: 1 }, clients);
    costs.push(await cost(stage, target, { clients, inFlight: 16 }, clients));
  }
  await stage.processes.end(pid);
  const law = straight(costs.map(({ x, cpuMicros }) => [Math.log10(x), cpuMicros]));
  const points = costs.map(({ x }) => [x, law.at + law.by * Math.log10(x)] as const);
  return {
    title: "Cost over clients",
    text:
      `16 in flight on 50 connections; all clients are known before. ${howOften}. CPU a line grows by
      ${fixed(law.by, 2)} µs with every ten times as many clients (${
        quality(law)
      }): it is the caches
      of the processor that do not hold the table any more, since the work is the same.`,
    tables: [costTable("clients", costs)],
    plots: [{
      id: "clients",
      title: "CPU a line over clients",
      x: { label: "clients", isLog: true },
      y: { label: "µs of CPU a line" },
      series: [curveOf("measured", costs), {
        name: lawText(law, "log₁₀ clients"),
        points,
        isLaw: true,
      }],
    }],
    data: { costs, law },
  };
}

/** Over connections, one in flight, beside the echo. */
export async function measureConnections(
  stage: Stage,
  sizes: readonly number[],
): Promise<Section> {
  const echo = contestant(stage, "echo");
  const herd = contestant(stage, "herd");
  const costs: Cost[] = [];
  const limits: Cost[] = [];
  for (const connections of sizes) {
    costs.push(await cost(stage, herd, { connections }, connections));
    limits.push(await cost(stage, echo, { connections, dialect: "echo" }, connections));
  }
  return {
    title: "Cost over connections",
    text:
      `One line in flight on each; the load generator and the server have a core each. ${howOften}.
      Nothing in the server goes through its connections: what grows is the kernel's and the runtime's part,
      for the echo as for the herd.`,
    tables: [{
      columns: ["connections", "herd, lines a second", "CPU a line", "echo", "CPU a line", "ratio"],
      rows: costs.map(({ x, linesPerSecond, cpuMicros }, at) => [
        count(x),
        count(linesPerSecond),
        `${fixed(cpuMicros, 1)} µs`,
        count(limits[at]!.linesPerSecond),
        `${fixed(limits[at]!.cpuMicros, 1)} µs`,
        fixed(linesPerSecond / limits[at]!.linesPerSecond, 2),
      ]),
    }],
    plots: [{
      id: "connections",
      title: "CPU a line over connections, one in flight on each",
      x: { label: "connections", isLog: true },
      y: { label: "µs of CPU a line" },
      series: [curveOf("herd", costs), curveOf("echo", limits)],
    }],
    data: { costs, limits },
  };
}

/** Over neighbours, from none: 16 in flight. */
export async function measureNeighbours(stage: Stage, most: number): Promise<Section> {
  const names = Array.from({ length: most }, (_, at) => `Far${at + 1}`);
  const free = freePorts(most);
  const sinks = await stage.processes.start(denoRun("./sink.ts", ...free), { port: free[0]! });
  const costs: Cost[] = [];
  for (let neighbours = 0; neighbours <= most; neighbours++) {
    const linked = names.slice(0, neighbours);
    using servers = planHerd(stage, {
      names: [serverName, ...linked],
      links: linked.map((name) => [serverName, name] as const),
      ports: Object.fromEntries(linked.map((name, at) => [name, free[at]!])),
    });
    const pid = await startServer(stage, servers, serverName, { linked });
    const target = { port: servers.ports[serverName]!, pid };
    costs.push(await cost(stage, target, { inFlight: 16, warmMs: 700 }, neighbours));
    await stage.processes.end(pid);
  }
  await stage.processes.end(sinks);
  const law = straight(costs.map(({ x, cpuMicros }) => [x, cpuMicros]));
  const points = costs.map(({ x }) => [x, law.at + law.by * x] as const);
  return {
    title: "Cost over neighbours",
    text:
      `16 in flight on 50 connections, the far ends in one process of the suite's. ${howOften}. A line costs
      ${fixed(law.at, 2)} µs and ${fixed(law.by, 2)} µs for each neighbour that it goes to
      (${quality(law)}): copied once, logged once and written in one call with all others of that
      turn. Where the far ends fall behind, a client that moved twice is sent once.`,
    tables: [costTable("neighbours", costs)],
    plots: [{
      id: "neighbours",
      title: "CPU a line over neighbours",
      x: { label: "neighbours" },
      y: { label: "µs of CPU a line" },
      series: [curveOf("measured", costs), {
        name: lawText(law, "neighbours"),
        points,
        isLaw: true,
      }],
    }],
    data: { costs, law },
  };
}

export function costTable(what: string, costs: readonly Cost[]): Table {
  return {
    columns: [what, "lines a second", "CPU a line"],
    rows: costs.map(({ x, linesPerSecond, cpuMicros }) => [
      count(x),
      count(linesPerSecond),
      `${fixed(cpuMicros, 2)} µs`,
    ]),
  };
}

function curveOf(name: string, costs: readonly Cost[]): Series {
  return { name, points: costs.map(({ x, cpuMicros }) => [x, cpuMicros] as const) };
}

export function quality({ fit }: Law): string {
  return `R² ${fixed(fit, 2)}`;
}

export function lawText({ at, by }: Law, of: string): string {
  return `${fixed(at, 2)} ${by < 0 ? "−" : "+"} ${fixed(Math.abs(by), 2)} × ${of}`;
}
