/**
 * The whole herd of the assignment, five servers and six links, under load on every server at once;
 * two cores carry all of it, and the load generator.
 *
 * @module
 */

import { theFive, theSixLinks } from "../../process/running_herd.ts";
import { Asking, newStamp } from "../asking.ts";
import { quantile } from "../machine.ts";
import { count, fixed, type Section } from "../report.ts";
import { areLinked, planHerd, type Servers, type Stage, startServer } from "../stage.ts";

/** @param options.countMs how long each load lasts */
export async function measureFive(
  stage: Stage,
  { countMs }: { countMs: number },
): Promise<Section> {
  using servers = planHerd(stage, { names: theFive, links: theSixLinks });
  const pids = await Promise.all(theFive.map((name) => startServer(stage, servers, name)));
  for (const name of theFive) await areLinked(servers, name, neighboursOf(name));
  const targets = theFive.map((server) => ({ port: servers.ports[server]!, server }));
  // Machine code is made of what runs often: at a pace that takes many seconds.
  await stage.generator.run({ targets, dialect: "iamat", inFlight: 16, countMs });
  const idle = await lag(servers, 1_000);
  const rows = [{ load: "idle", linesPerSecond: 0, cpuMicros: NaN, ...idle }];
  const paces = [1_000, 10_000, 50_000].map((linesPerSecond) => ({ linesPerSecond }));
  for (const load of [...paces, { inFlight: 1 }, { inFlight: 16 }]) {
    const job = { targets, dialect: "iamat", ...load, warmMs: 500, countMs, pids } as const;
    const { lines, linesPerSecond, cpuSeconds } = await stage.generator.run(job);
    const running = stage.generator.run({ ...job, pids: [] });
    const lags = await lag(servers, countMs);
    await running;
    const cpuMicros = cpuSeconds.reduce((sum, one) => sum + one, 0) / lines * 1e6;
    const name = "inFlight" in load
      ? `${load.inFlight} in flight`
      : `${count(load.linesPerSecond)} a second`;
    rows.push({ load: name, linesPerSecond, cpuMicros, ...lags });
  }
  for (const pid of pids) await stage.processes.end(pid);
  const paced = rows.find(({ load }) => load === `${count(10_000)} a second`)!;
  return {
    title: "The herd of five, under load on every server",
    text:
      `All five servers with their six links, 50 connections over all of them; at a pace each line is
      sent by itself. CPU a line is that of all five together: each line is handled by every server.
      Lag, in a second run: a client reports to one server in turn, and all five are asked until each
      has the record, as fast as they answer; nobody asks while CPU is counted.`,
    tables: [{
      columns: ["load", "lines a second", "CPU a line, all five", "lag p50", "p99", "worst"],
      rows: rows.map(({ load, linesPerSecond, cpuMicros, p50, p99, max }) => [
        load,
        count(linesPerSecond),
        `${fixed(cpuMicros, 1)} µs`,
        ...[p50, p99, max].map((ms) => `${fixed(ms, 1)} ms`),
      ]),
    }],
    gates: [
      {
        what: "herd of five at 10,000 lines a second, CPU a line of all five, in µs",
        got: paced.cpuMicros,
        atMost: 90,
      },
      { what: "herd of five at 10,000 lines a second, lag p99, in ms", got: paced.p99, atMost: 10 },
    ],
    data: rows,
  };
}

function neighboursOf(name: string): string[] {
  return theSixLinks.filter((link) => link.some((end) => end === name))
    .map((link) => link[0] === name ? link[1] : link[0]);
}

/** Milliseconds until all servers know. */
interface Lag {
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
}

/** Reports to each server in turn, and asks all of them until they know, for so long. */
async function lag({ ports }: Servers, forMs: number): Promise<Lag> {
  const clients = await Promise.all(theFive.map((name) => Asking.connect(ports[name]!)));
  const times: number[] = [];
  const endMs = performance.now() + forMs;
  for (let turn = 0; performance.now() < endMs; turn++) {
    const begun = performance.now();
    const answer = await clients[turn % clients.length]!.line(
      `IAMAT lag.example +34-118 ${newStamp()}\n`,
    );
    await Promise.all(clients.map(async (client) => {
      while (await client.record("lag.example") !== answer.trimEnd()) continue;
    }));
    times.push(performance.now() - begun);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  for (const client of clients) client[Symbol.dispose]();
  const sorted = times.sort((one, other) => one - other);
  return { p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99), max: sorted.at(-1)! };
}
