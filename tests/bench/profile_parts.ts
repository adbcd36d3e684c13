/**
 * Where a line's time goes, the system's part included: Linux's `perf` looks at a server, some three
 * thousand times a second, while the load generator works.
 *
 *     deno run --allow-all tests/bench/profile_parts.ts [--source DIRECTORY] [IN_FLIGHT...]
 *
 * `--source` names another checkout, whose server is looked at instead: one of before. What perf finds
 * is measured with perf at work: a line costs a tenth more.
 *
 * @module
 */

import { parseArgs } from "@std/cli/parse-args";
import { delay } from "@std/async/delay";
import { until } from "../process/waiting.ts";
import { neighbourNames, serve, serverName, startSinks } from "./contestants.ts";
import { Generator } from "./generator.ts";
import { bringMemoryToHand } from "./memory_at_hand.ts";
import { Processes } from "./processes.ts";
import { fixed, tableMarkdown } from "./report.ts";
import { areLinked, planMeasured } from "./stage.ts";

/** Parts, by what stands in a sample's stack: the first that does. */
const kernelParts = [
  ["sys_sendto", "kernel: send"],
  ["sys_recvfrom", "kernel: receive"],
  ["unlink", "kernel: log"],
  ["vfs_write", "kernel: log"],
  ["", "kernel: wait, and others"],
] as const;

/** Parts, by the file that a function is in. */
const ownParts = [
  ["lib/log/", "log"],
  ["lib/protocol/line_buffer", "session"],
  ["lib/protocol/", "scan, and write the answer"],
  ["lib/locations/outbox", "links"],
  ["lib/locations/", "table"],
  ["lib/links/", "links"],
  ["lib/", "session"],
  ["ext:", "runtime"],
  ["", "runtime"],
] as const;

const runtimePart = "runtime";
const perSecond = 2_999;
const seconds = 3;

/** A function that V8 has compiled, and where. */
interface Compiled {
  readonly start: number;
  readonly bytes: number;
  readonly name: string;
}

const flags = parseArgs(Deno.args, { string: ["source", "_"] });
const inFlights = flags._.length === 0 ? [1, 16, 100] : flags._.map(Number);
bringMemoryToHand();
await using processes = new Processes(() => {});
const sinks = await startSinks(processes);
const generator = new Generator(processes);
const columns: { inFlight: number; micros: number; shares: Map<string, number> }[] = [];
for (const inFlight of inFlights) columns.push(await look(inFlight));
const parts = [...new Set([...kernelParts, ...ownParts].map(([, part]) => part))];
const rows = parts.map((part) => [
  part,
  ...columns.map(({ micros, shares }) => fixed(micros * (shares.get(part) ?? 0), 3)),
]);
rows.push(["µs of CPU a line", ...columns.map(({ micros }) => fixed(micros, 2))]);
console.log(tableMarkdown({ columns: ["in flight", ...inFlights.map(String)], rows }));

/** Starts a server, and looks at it for a while. */
async function look(inFlight: number) {
  using servers = planMeasured({ processes, generator, sinks, contestants: [], redis: null });
  const source = flags.source === undefined ? {} : { source: flags.source };
  const words = serve(servers, { v8Flags: ["--perf-basic-prof"], ...source });
  const { pid } = processes.spawn(words, { stdin: "null", stdout: "null", stderr: "null" });
  await until(() => Deno.stat(`${servers.logDir}/${serverName}.log`).catch(() => null), "a log");
  await areLinked(servers, serverName, neighbourNames);
  const targets = [{ port: servers.ports[serverName]!, server: serverName }];
  const countMs = seconds * 1_000;
  const job = { targets, dialect: "iamat", inFlight, warmMs: countMs, pids: [pid] } as const;
  const running = generator.run({ ...job, countMs });
  await delay(countMs);
  const data = `${processes.directory}/perf.data`;
  const what = ["-F", String(perSecond), "-e", "cpu-clock", "-g", "-p", String(pid), "-o", data];
  await processes.run(["perf", "record", "--quiet", ...what, "--", "sleep", String(seconds - 1)]);
  const { cpuSeconds, lines } = await running;
  const compiled = await compiledFunctions(`/tmp/perf-${pid}.map`);
  const text = await processes.run(["perf", "script", "-i", data, "-F", "ip,sym,dso"]);
  await processes.end(pid);
  await Deno.remove(`/tmp/perf-${pid}.map`);
  const shares = sharesOf(text, compiled);
  return { inFlight, micros: cpuSeconds[0]! / lines * 1e6, shares };
}

/** @returns what V8 says that it compiled, by address; the last where it used one twice */
async function compiledFunctions(path: string): Promise<Compiled[]> {
  const lines = (await Deno.readTextFile(path)).split("\n").filter((line) => line !== "");
  const byStart = new Map<number, Compiled>();
  for (const line of lines) {
    const [, start, bytes, name] = /^([0-9a-f]+) ([0-9a-f]+) (.*)$/.exec(line)!;
    const compiled = { start: parseInt(start!, 16), bytes: parseInt(bytes!, 16), name: name! };
    byStart.set(compiled.start, compiled);
  }
  return [...byStart.values()].sort((one, other) => one.start - other.start);
}

/** @returns of each part, which share of the samples was taken in it */
function sharesOf(text: string, compiled: readonly Compiled[]): Map<string, number> {
  const samples = text.trim().split(/\n\s*\n/);
  const shares = new Map<string, number>();
  for (const sample of samples) {
    const part = partOf(sample, compiled);
    shares.set(part, (shares.get(part) ?? 0) + 1 / samples.length);
  }
  return shares;
}

/** @param sample a stack, the innermost function first: an address, a name, and the file it is in */
function partOf(sample: string, compiled: readonly Compiled[]): string {
  const [innermost = ""] = sample.trimStart().split("\n", 1);
  if (innermost.includes("[kernel")) {
    return kernelParts.find(([within]) => sample.includes(within))![1];
  }
  const address = parseInt(innermost, 16);
  const at = compiled.findLastIndex(({ start }) => start <= address);
  const own = compiled[at];
  if (own === undefined || address >= own.start + own.bytes || !own.name.startsWith("JS:")) {
    return runtimePart;
  }
  return ownParts.find(([within]) => own.name.includes(within))![1];
}
