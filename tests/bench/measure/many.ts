/**
 * Thousands of connections with one line in flight on each.
 *
 * @module
 */

import { startEcho } from "../contestants.ts";
import { count, type Gate, type Section } from "../report.ts";
import type { Stage } from "../stage.ts";
import { table } from "./comparison.ts";
import { measureThroughput, type Standing } from "./throughput.ts";

const sizes = [1_000, 5_000, 10_000] as const;
/** Bytes of a connection's buffer in the echo that is made for this: a line or two. */
const smallBytes = 512;

/** What is wanted of the herd's lines a second to another's, with so many connections. */
const wanted: Readonly<Record<string, readonly [number, number, number]>> = {
  "echo": [0.8, NaN, NaN],
  [`echo, ${smallBytes} bytes`]: [NaN, 0.85, 0.85],
  "Node net": [NaN, 1.3, 1],
  "Java NIO": [NaN, 0.9, 0.6],
};

/** Everyone that can keep thousands of lines in flight, and an echo whose buffers are small. */
export async function measureMany(
  stage: Stage,
  { rounds, countMs }: { rounds: number; countMs: number },
): Promise<Section> {
  const points = sizes.map((connections) => ({ connections, inFlight: 1 }));
  const small = await startEcho(stage.processes, smallBytes);
  const able = stage.contestants.filter(({ underWayMax, name }) =>
    underWayMax === undefined && name !== "Java threads" && name !== "asyncio"
  );
  const field = { ...stage, redis: null, contestants: [...able, small] };
  const standings: Standing[] = [];
  for (const point of points) {
    standings.push(...await measureThroughput(field, { points: [point], rounds, countMs }));
  }
  await stage.processes.end(small.pid);
  return {
    title: "Many connections",
    text: `One line in flight on each; ${rounds} rounds of ${countMs / 1000} s in turn. The echo of
      ${smallBytes} bytes keeps a buffer of as many for each connection; the other one 64 KiB, which
      alone are ${count(sizes[2] * 64 / 1024)} MiB with ${count(sizes[2])} connections.`,
    tables: points.map((point) => table(standings, point)),
    gates: sizes.flatMap((connections, index) => gates(standings, connections, index)),
    data: standings,
  };
}

function gates(standings: readonly Standing[], connections: number, index: number): Gate[] {
  const rate = (name: string) =>
    standings.find((one) => one.name === name && one.connections === connections)?.linesPerSecond
      .median ?? NaN;
  return Object.entries(wanted).filter(([, ratios]) => !Number.isNaN(ratios[index])).map((
    [name, ratios],
  ) => ({
    what: `${count(connections)} connections, to ${name.startsWith("echo") ? `the ${name}` : name}`,
    got: rate("herd") / rate(name),
    atLeast: ratios[index]!,
  }));
}
