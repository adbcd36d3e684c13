/**
 * Collection pauses: what V8 tells of them while a server works.
 *
 * @module
 */

import { neighbourNames, serve, serverName } from "../contestants.ts";
import { fixed, type Section } from "../report.ts";
import { areLinked, planMeasured, type Stage } from "../stage.ts";

/** `… ms: Scavenge 9.1 (10.2) -> 8.1 (12.2) MB, pooled: 0 MB, 0.45 / 0.00 ms …` */
const pausePattern =
  /ms: ([A-Z][\w -]*?) (?:\(.*?\) )?[\d.]+ \([\d.]+\) -> .*?, ([\d.]+) \/ [\d.]+ ms/g;

/** @param options.countMs how long each load lasts */
export async function measureGarbage(
  stage: Stage,
  { clients, countMs }: { clients: number; countMs: number },
): Promise<Section> {
  using servers = planMeasured(stage);
  const words = serve(servers, { v8Flags: ["--trace-gc"] });
  const child = stage.processes.spawn(words, { stdin: "null", stdout: "piped" });
  const printed = new Response(child.stdout).text();
  await new Promise((resolve) => setTimeout(resolve, 500));
  await areLinked(servers, serverName, neighbourNames);
  const targets = [{ port: servers.ports[serverName]!, server: serverName }];
  const job = { targets, dialect: "iamat", clients } as const;
  await stage.generator.run({ ...job, inFlight: 100, turns: 1 });
  await stage.generator.run({ ...job, linesPerSecond: 50_000, countMs });
  await stage.generator.run({ ...job, inFlight: 16, countMs });
  await stage.processes.end(child.pid);
  const pauses = [...(await printed).matchAll(pausePattern)].map(([, kind, ms]) => ({
    kind: kind!.trim(),
    ms: Number(ms),
  }));
  const kinds = [...new Set(pauses.map(({ kind }) => kind))].map((kind) => {
    const own = pauses.filter((pause) => pause.kind === kind).map(({ ms }) => ms);
    const sum = own.reduce((total, ms) => total + ms, 0);
    return { kind, count: own.length, sum, max: Math.max(...own) };
  });
  const max = Math.max(0, ...kinds.map((kind) => kind.max));
  return {
    title: "Collection pauses",
    text: `In a run of its own, since telling costs: V8's own account (\`--trace-gc\`) while
      ${clients.toLocaleString("en")} clients log on, then at 50,000 lines a second, then with 16 in
      flight on 50 connections, ${countMs / 1000} s each.`,
    tables: [{
      columns: ["kind", "how many", "together", "longest"],
      rows: kinds.map(({ kind, count, sum, max }) => [
        kind,
        String(count),
        `${fixed(sum, 0)} ms`,
        `${fixed(max, 2)} ms`,
      ]),
    }],
    gates: [{ what: "longest collection pause, in ms", got: max, atMost: 5 }],
    data: kinds,
  };
}
