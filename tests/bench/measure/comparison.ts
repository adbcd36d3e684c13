/**
 * The comparison: everybody at 1, 16 and 100 in flight on 50 connections, and the ratios that must
 * show.
 *
 * @module
 */

import { count, fixed, type Gate, type Section } from "../report.ts";
import type { Stage } from "../stage.ts";
import { measureThroughput, type Point, type Standing } from "./throughput.ts";

/** What is wanted of the herd's lines a second to another's, at 1, 16 and 100 in flight. */
const wanted: Readonly<Record<string, readonly [number, number, number]>> = {
  "Redis GEOADD": [1.1, 1.1, 1.4],
  "echo": [0.75, 0.40, 0.26],
  "asyncio, a connection a message": [100, 100, 100],
  "asyncio": [3, NaN, 15],
  "Node net": [1, 1, 1],
  "Java NIO": [1, 1, 1],
  "Java threads": [1, 1, 1],
};

const inFlights = [1, 16, 100] as const;

/** At 1, 16 and 100 in flight. */
export async function measureComparison(
  stage: Stage,
  { rounds, countMs }: { rounds: number; countMs: number },
): Promise<Section> {
  const points = inFlights.map((inFlight) => ({ connections: 50, inFlight }));
  const own = stage.redis === null ? [] : [{
    name: "Redis GEOADD, this generator",
    dialect: "geoadd" as const,
    server: "",
    ...stage.redis,
  }];
  const field = { ...stage, contestants: [...stage.contestants, ...own] };
  const standings = await measureThroughput(field, { points, rounds, countMs });
  return {
    title: "Lines a second and CPU a line",
    text: `50 connections, each with so many lines in flight; ${rounds} rounds of
      ${countMs / 1000} s in turn, the median and in brackets the least and the greatest. CPU a line
      is that of the server's process, user and system. 10,000 clients; every line moves its client.
      The herd and its rivals log every line in and out and send it over two live links; Redis and
      the echo do not. The last column is the load generator's own CPU, of one core; for Redis it is
      \`redis-benchmark\` that loads, which does not tell. In "same cell" the positions differ in
      digits that Redis does not store: nothing changes, and it is the most that it can do. In "this
      generator" clients move by metres, as they do for everybody else here.`,
    tables: points.map((point) => table(standings, point)),
    gates: points.flatMap((point, at) => gates(standings, point, at)),
    data: standings,
  };
}

function at(standings: readonly Standing[], { connections, inFlight }: Point): Standing[] {
  return standings.filter((one) => one.connections === connections && one.inFlight === inFlight);
}

/** @returns the table of one point */
export function table(standings: readonly Standing[], point: Point) {
  const here = at(standings, point);
  const own = here.find(({ name }) => name === "herd")!.linesPerSecond.median;
  return {
    caption: `${count(point.connections)} connections, ${point.inFlight} in flight on each`,
    columns: ["", "lines a second", "CPU a line", "herd to it", "generator"],
    rows: here.map(({ name, linesPerSecond: { median, min, max }, cpuMicros, generatorCores }) => [
      name,
      `${count(median)} (${count(min)}–${count(max)})`,
      `${fixed(cpuMicros.median, 2)} µs`,
      fixed(own / median, 2),
      fixed(generatorCores, 2),
    ]),
  };
}

function gates(standings: readonly Standing[], point: Point, index: number): Gate[] {
  const here = at(standings, point);
  const rate = (name: string) =>
    here.find((one) => one.name === name)?.linesPerSecond.median ?? NaN;
  return Object.entries(wanted).filter(([, ratios]) => !Number.isNaN(ratios[index])).map((
    [name, ratios],
  ) => ({
    what: `${point.inFlight} in flight, to ${name === "echo" ? "the echo" : name}`,
    got: rate("herd") / rate(name),
    atLeast: ratios[index]!,
  }));
}
