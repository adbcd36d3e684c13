/**
 * How long servers that know nothing take to know everything: a line of them, the first of which has
 * all records, while the others start.
 *
 *     deno run --allow-all tests/faults/convergence.ts [SERVERS] [RECORDS]
 *
 * @module
 */

import { countKnown, fill } from "../bench/filling.ts";
import { RunningHerd, theFive } from "../process/running_herd.ts";
import { until } from "../process/waiting.ts";
import { takenIn } from "./taken.ts";

/** What is promised of links that hold, in milliseconds. */
export const promisedMs = 3_000;
/** What each record that a server lacks adds, over each link on its way, in microseconds. */
export const promisedUsPerRecord = 10;

/** How long a measurement may take, in milliseconds. */
const patienceMs = 120_000;
/** A log that has not grown for so long has all, in milliseconds. */
const quietMs = 3_000;

/** What was measured. */
export interface Convergence {
  /** Milliseconds from when the last link was made until the last record was at the last server. */
  readonly tookMs: number;
  /** What is promised for so many records and links, in milliseconds. */
  readonly promisedMs: number;
}

/**
 * @param options.servers how many, in a line
 * @param options.records how many only the first one has
 */
export async function measureConvergence(
  { servers, records }: { readonly servers: number; readonly records: number },
): Promise<Convergence> {
  const names = theFive.slice(0, servers);
  const links = names.slice(1).map((name, index) => [names[index]!, name] as const);
  await using herd = new RunningHerd({ servers: names, links });
  const [first, ...others] = names;
  await herd.start(first!);
  await fill(herd.port(first!), records);
  await Promise.all(others.map((name) => herd.start(name)));
  const made = await Promise.all(others.map((name, index) => linkMade(herd, names[index]!, name)));
  const last = names.at(-1)!;
  await quiet(`${herd.logDir}/${last}.log`);
  const tookMs = lastTaken(herd, last) - Math.max(...made);
  const known = await countKnown(herd.port(last), records);
  if (known !== records) throw new Error(`${last} knows ${known} of ${records} clients`);
  return {
    tookMs,
    promisedMs: promisedMs + promisedUsPerRecord * records * links.length / 1_000,
  };
}

/** @returns when a link was made, in milliseconds since 1970 */
async function linkMade(herd: RunningHerd, from: string, to: string): Promise<number> {
  const [, stamp] = await herd.logged(to, new RegExp(`^(\\S+) INFO link from ${from} made`, "m"));
  return Date.parse(stamp!);
}

/** Waits until a log has not grown for a while; heartbeats are not in it. */
async function quiet(path: string): Promise<void> {
  let [size, sinceMs] = [0, performance.now()];
  const isQuiet = () => {
    const now = Deno.statSync(path).size;
    if (now !== size) [size, sinceMs] = [now, performance.now()];
    return performance.now() - sinceMs > quietMs;
  };
  await until(isQuiet, `nothing more comes to ${path}`, patienceMs);
}

/** @returns when a server took the last record from a neighbour, in milliseconds since 1970 */
function lastTaken(herd: RunningHerd, name: string): number {
  let latest = NaN;
  for (const line of herd.log(name).split("\n")) latest = takenIn(line)?.atMs ?? latest;
  return latest;
}

if (import.meta.main) {
  const [servers = 2, records = 100_000] = Deno.args.map(Number);
  const { tookMs, promisedMs } = await measureConvergence({ servers, records });
  console.log(
    `${servers} servers in a line, ${records} records: ${(tookMs / 1_000).toFixed(2)} s; ` +
      `promised are ${(promisedMs / 1_000).toFixed(1)} s`,
  );
}
