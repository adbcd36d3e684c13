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
  const rows = [{ load: "idle", linesPerSecond: 0, cpuMicros: NaN, ...await lag(servers, 1_000) }];
  for (const load of [{ linesPerSecond: 10_000 }, { inFlight: 1 }, { inFlight: 16 }]) {
    const job = { targets, dialect: "iamat", ...load, warmMs: 500, countMs, pids } as const;
    const running = stage.generator.run(job);
    const lags = await lag(servers, countMs);
    const { lines, linesPerSecond, cpuSeconds } = await running;
    const cpuMicros = cpuSeconds.reduce((sum, one) => sum + one, 0) / lines * 1e6;
    const name = load.inFlight === undefined ? "paced" : `${load.inFlight} in flight`;
    rows.push({ load: name, linesPerSecond, cpuMicros, ...lags });
  }
  for (const pid of pids) await stage.processes.end(pid);
  return {
    title: "The herd of five, under load on every server",
    text:
      `All five servers with their six links, 50 connections over all of them. CPU a line is that
      of all five together: each line is handled by every server. Lag: a client reports to one server
      in turn, and all five are asked until each has the record.`,
    tables: [{
      columns: ["load", "lines a second", "CPU a line, all five", "lag p50", "lag worst"],
      rows: rows.map(({ load, linesPerSecond, cpuMicros, p50, max }) => [
        load,
        count(linesPerSecond),
        `${fixed(cpuMicros, 1)} µs`,
        `${fixed(p50, 1)} ms`,
        `${fixed(max, 1)} ms`,
      ]),
    }],
    data: rows,
  };
}

function neighboursOf(name: string): string[] {
  return theSixLinks.filter((link) => link.some((end) => end === name))
    .map((link) => link[0] === name ? link[1] : link[0]);
}

/** Reports to each server in turn, and asks all of them until they know, for so long. */
async function lag({ ports }: Servers, forMs: number): Promise<{ p50: number; max: number }> {
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
  return { p50: quantile(sorted, 0.5), max: sorted.at(-1)! };
}
