/**
 * Where a server's time goes: V8's sampling profiler, through the inspector, while the load generator
 * works.
 *
 *     deno run --allow-all tests/bench/profile.ts [IN_FLIGHT...]
 *
 * @module
 */

import { freePorts } from "../process/running_herd.ts";
import { until } from "../process/waiting.ts";
import { neighbourNames, serve, serverName, startSinks } from "./contestants.ts";
import { Generator } from "./generator.ts";
import { Processes } from "./processes.ts";
import { tableMarkdown } from "./report.ts";
import { areLinked, planMeasured } from "./stage.ts";

/** The part of the inspector's profile that is used. */
interface Profile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
  }[];
  readonly samples: readonly number[];
}

const sampleMicros = 200;
const rowsMax = 18;

const inFlights = Deno.args.length === 0 ? [1, 16, 100] : Deno.args.map(Number);
await using processes = new Processes(() => {});
const sinks = await startSinks(processes);
const generator = new Generator(processes);
const [inspectPort] = freePorts(1) as [number];
const servers = planMeasured({ processes, generator, sinks, contestants: [], redis: null });
const [command, run, ...rest] = serve(servers) as [string, string, ...string[]];
const words = [command, run, `--inspect=127.0.0.1:${inspectPort}`, ...rest];
const { port } = { port: servers.ports[serverName]! };
const child = processes.spawn(words, { stdin: "null", stdout: "null", stderr: "null" });
await until(() => Deno.stat(`${servers.logDir}/${serverName}.log`).catch(() => null), "a log");
await areLinked(servers, serverName, neighbourNames);
for (const inFlight of inFlights) {
  const targets = [{ port, server: serverName }];
  const job = { targets, dialect: "iamat", inFlight, warmMs: 1_000, countMs: 2_000 } as const;
  await generator.run({ ...job, countMs: 1 });
  const profiled = await profile(inspectPort, () => generator.run(job));
  console.log(`\n${inFlight} in flight:\n`);
  console.log(tableMarkdown({ columns: ["where", "share"], rows: shares(profiled) }));
}
await processes.end(child.pid);

/** Profiles a process while something runs. */
async function profile(port: number, work: () => Promise<unknown>): Promise<Profile> {
  const [target] = await (await fetch(`http://127.0.0.1:${port}/json`)).json();
  const socket = new WebSocket(target.webSocketDebuggerUrl);
  await new Promise((resolve) => socket.onopen = resolve);
  const waiting = new Map<number, (result: unknown) => void>();
  socket.onmessage = ({ data }) => {
    const { id, result } = JSON.parse(data);
    waiting.get(id)?.(result);
  };
  const ask = (method: string, params = {}) =>
    new Promise<unknown>((resolve) => {
      const id = waiting.size + 1;
      waiting.set(id, resolve);
      socket.send(JSON.stringify({ id, method, params }));
    });
  await ask("Profiler.enable");
  await ask("Profiler.setSamplingInterval", { interval: sampleMicros });
  await ask("Profiler.start");
  await work();
  const { profile } = await ask("Profiler.stop") as { profile: Profile };
  socket.close();
  return profile;
}

/** @returns the functions in which most samples were taken, inlined ones counted to their callers */
function shares({ nodes, samples }: Profile): string[][] {
  const names = new Map(nodes.map(({ id, callFrame: { functionName, url } }) => {
    const file = /(?:lib|ext|node)[/:].*$/.exec(url)?.[0] ?? "";
    return [id, `${functionName || "(anonymous)"} ${file}`.trim()];
  }));
  const counts = new Map<string, number>();
  for (const id of samples) {
    const name = names.get(id)!;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].sort(([, one], [, other]) => other - one).slice(0, rowsMax)
    .map(([name, count]) => [name, `${(count / samples.length * 100).toFixed(1)} %`]);
}
