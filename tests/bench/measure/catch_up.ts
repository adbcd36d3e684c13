/**
 * Catch-up: a server that knows nothing joins one that knows a million clients.
 *
 * @module
 */

import { Asking } from "../asking.ts";
import { clientId } from "../load/traffic.ts";
import { count, fixed, type Section } from "../report.ts";
import { planHerd, type Stage, startServer } from "../stage.ts";

/** Of so many clients it is asked whether the newcomer knows them. */
const sample = 500;

/** @param options.clients how many */
export async function measureCatchUp(
  stage: Stage,
  { clients }: { clients: number },
): Promise<Section> {
  using servers = planHerd(stage, { names: ["Clark", "Bona"], links: [["Clark", "Bona"]] });
  const pids = [await startServer(stage, servers, "Clark")];
  const targets = [{ port: servers.ports.Clark!, server: "Clark" }];
  await stage.generator.run({ targets, dialect: "iamat", clients, inFlight: 100, turns: 1 });
  const begun = performance.now();
  pids.push(await startServer(stage, servers, "Bona"));
  const startedMs = performance.now() - begun;
  const meanwhile = stage.generator.run({
    targets,
    dialect: "iamat",
    clients: 1_000,
    linesPerSecond: 5_000,
    warmMs: 0,
    countMs: 3_000,
  });
  using newcomer = await Asking.connect(servers.ports.Bona!);
  for (let at = 0; at < sample; at++) {
    const id = clientId(Math.floor((at + 0.5) * clients / sample));
    while (await newcomer.record(id) === null) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
  const seconds = (performance.now() - begun) / 1000;
  const { latencyMs } = await meanwhile;
  for (const pid of pids) await stage.processes.end(pid);
  const name = `${clients.toLocaleString("en")} clients`;
  return {
    title: "Catch-up",
    text:
      `Bona is started beside Clark, who knows ${name}; until Bona knows ${sample} of them, spread
      evenly, her start-up included. In the meantime another client reports to Clark, 5,000 lines a
      second.`,
    tables: [{
      columns: ["", "start-up", "knows all after", "IAMAT meanwhile p50", "p99", "worst"],
      rows: [[
        name,
        `${fixed(startedMs / 1000, 2)} s`,
        `${fixed(seconds, 2)} s (${count(clients / (seconds - startedMs / 1000))} a second)`,
        `${fixed(latencyMs!.p50, 2)} ms`,
        `${fixed(latencyMs!.p99, 2)} ms`,
        `${fixed(latencyMs!.max, 1)} ms`,
      ]],
    }],
    data: { clients, seconds, startedMs, latencyMs },
  };
}
