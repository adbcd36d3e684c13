/**
 * Lines a second and CPU a line: everyone in turn, again and again, so that what happens on the
 * machine meanwhile happens to all.
 *
 * @module
 */

import { delay } from "@std/async/delay";
import type { Contestant } from "../contestants.ts";
import type { Generator } from "../generator.ts";
import { median } from "../machine.ts";
import { bringMemoryToHand } from "../memory_at_hand.ts";
import type { Processes } from "../processes.ts";
import { geoadd, type Positions, type Redis } from "../redis.ts";

/** One point of the comparison. */
export interface Point {
  readonly connections: number;
  readonly inFlight: number;
}

/** Medians, and what else came up. */
export interface Figures {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

/** One contestant at one point, over all rounds. */
export interface Standing extends Point {
  readonly name: string;
  readonly linesPerSecond: Figures;
  /** CPU time of the server's process, its neighbours' not counted. */
  readonly cpuMicros: Figures;
  /** How much of a core the load generator used; NaN where it was not this suite's. */
  readonly generatorCores: number;
}

/** @returns the middle, the least and the greatest */
export function figures(numbers: readonly number[]): Figures {
  return { median: median(numbers), min: Math.min(...numbers), max: Math.max(...numbers) };
}

/** What takes part. */
export interface Field {
  readonly processes: Processes;
  readonly generator: Generator;
  readonly contestants: readonly Contestant[];
  readonly redis: Redis | null;
}

/** How long everybody rests before a measurement: what the last one left behind is done meanwhile. */
const restMs = 200;

/**
 * Waits until the last contestant has collected its garbage and the system has freed its files, and
 * gives the next one the memory that all others had.
 */
export async function rest(): Promise<void> {
  await delay(restMs);
  bringMemoryToHand();
}

/** @returns the contestants in an order that begins with another one each round */
export function inTurn(
  contestants: readonly Contestant[],
  round: number,
): readonly Contestant[] {
  const first = round % contestants.length;
  return [...contestants.slice(first), ...contestants.slice(0, first)];
}

interface Sample extends Point {
  readonly name: string;
  readonly linesPerSecond: number;
  readonly cpuMicros: number;
  readonly generatorCores: number;
}

/**
 * Measures everybody at every point.
 *
 * @param field who takes part
 * @param options.points where
 * @param options.rounds how often
 * @param options.countMs how long each time
 */
export async function measureThroughput(
  field: Field,
  { points, rounds, countMs }: { points: readonly Point[]; rounds: number; countMs: number },
): Promise<Standing[]> {
  const samples: Sample[] = [];
  for (const contestant of field.contestants) {
    // Machine code is made of what runs often.
    await one(field.generator, contestant, { connections: 50, inFlight: 16, countMs });
  }
  for (let round = 0; round < rounds; round++) {
    for (const point of points) {
      for (const contestant of inTurn(field.contestants, round)) {
        samples.push(await one(field.generator, contestant, { ...point, countMs }));
      }
      if (field.redis === null) continue;
      for (const kind of ["moving", "same cell"] as const) {
        samples.push(await oneOfRedis(field, { ...point, countMs, kind }, samples));
      }
    }
  }
  return points.flatMap((point) => standings(samples, point));
}

async function one(
  generator: Generator,
  { name, dialect, port, pid, log, server, underWayMax = Infinity }: Contestant,
  { connections, inFlight, countMs }: Point & { countMs: number },
): Promise<Sample> {
  const job = { targets: [{ port, server }], dialect, inFlight, countMs, pids: [pid] };
  const most = Math.ceil(underWayMax / inFlight);
  await rest();
  const result = await generator.run({ ...job, connections: Math.min(connections, most) });
  if (log !== undefined) await Deno.truncate(log);
  return {
    name,
    connections,
    inFlight,
    linesPerSecond: result.linesPerSecond,
    cpuMicros: result.cpuSeconds[0]! / result.lines * 1e6,
    generatorCores: result.ownCpuSeconds / result.seconds,
  };
}

/** As many requests as were answered in the time in the last round. */
async function oneOfRedis(
  { processes, redis }: Field,
  { connections, inFlight, countMs, kind }: Point & { countMs: number; kind: Positions },
  samples: readonly Sample[],
): Promise<Sample> {
  const name = kind === "moving" ? "Redis GEOADD" : `Redis GEOADD, ${kind}`;
  const last = samples.findLast((sample) =>
    sample.name === name && sample.connections === connections && sample.inFlight === inFlight
  );
  const rate = last?.linesPerSecond ?? (inFlight === 1 ? 80_000 : 500_000);
  const requests = Math.round(rate * countMs / 1000);
  await rest();
  const result = await geoadd(processes, redis!, { connections, inFlight, requests, kind });
  return { name, connections, inFlight, ...result, generatorCores: NaN };
}

function standings(samples: readonly Sample[], point: Point): Standing[] {
  const here = samples.filter(({ connections, inFlight }) =>
    connections === point.connections && inFlight === point.inFlight
  );
  return [...new Set(here.map(({ name }) => name))].map((name) => {
    const own = here.filter((sample) => sample.name === name);
    return {
      name,
      ...point,
      linesPerSecond: figures(own.map(({ linesPerSecond }) => linesPerSecond)),
      cpuMicros: figures(own.map(({ cpuMicros }) => cpuMicros)),
      generatorCores: median(own.map(({ generatorCores }) => generatorCores)),
    };
  });
}
