/**
 * Latency at a pace: 50,000 lines a second from a million clients.
 *
 * @module
 */

import type { Contestant } from "../contestants.ts";
import type { LoadResult } from "../load/job.ts";
import { figures, inTurn, rest } from "./throughput.ts";
import { count, fixed, type Section } from "../report.ts";
import type { Stage } from "../stage.ts";
import { median } from "../machine.ts";

const linesPerSecond = 50_000;
const clients = 1_000_000;
const marks = ["p50", "p99", "p999", "max"] as const;

/** Everyone that can keep the pace. */
export async function measureLatency(
  stage: Stage,
  { rounds, countMs }: { rounds: number; countMs: number },
): Promise<Section> {
  const { generator, contestants } = stage;
  const able = contestants.filter(({ underWayMax, name }) =>
    underWayMax === undefined && name !== "Java threads"
  );
  for (const { name, port, server, dialect } of able) {
    // Everybody knows the million clients before; the echo needs not.
    const job = { targets: [{ port, server }], dialect, clients, connections: 50 };
    if (name !== "echo") await generator.run({ ...job, inFlight: 100, turns: 1 });
  }
  const results = new Map<Contestant, LoadResult[]>(able.map((one) => [one, []]));
  const late = new Set<string>();
  for (let round = 0; round < rounds; round++) {
    for (const one of inTurn(able, round)) {
      const { port, server, dialect, log, pid } = one;
      const target = { targets: [{ port, server }], dialect, clients, pids: [pid] };
      await rest();
      try {
        const result = await generator.run({ ...target, linesPerSecond, warmMs: 500, countMs });
        results.get(one)!.push(result);
      } catch (error) {
        late.add(`${one.name}: ${(error as Error).message}`);
      }
      if (log !== undefined) await Deno.truncate(log);
    }
  }
  const told = able.filter((one) => results.get(one)!.length > 0).map((one) => {
    const own = results.get(one)!;
    const of = (mark: typeof marks[number]) => median(own.map(({ latencyMs }) => latencyMs![mark]));
    const rate = median(own.map(({ linesPerSecond }) => linesPerSecond));
    const cpu = figures(own.map(({ cpuSeconds, lines }) => cpuSeconds[0]! / lines * 1e6)).median;
    return {
      name: one.name,
      rate,
      cpuMicros: cpu,
      ...Object.fromEntries(marks.map((m) => [m, of(m)])),
    };
  }) as (
    & { name: string; rate: number; cpuMicros: number }
    & Record<typeof marks[number], number>
  )[];
  const p99 = (name: string) => told.find((one) => one.name === name)?.p99 ?? NaN;
  return {
    title: "Latency at 50,000 lines a second, a million clients",
    text:
      `Every line is due at a moment of its own, spread evenly over 50 connections; latency counts
      from that moment to the answer, so that a pause is charged for every line that it held up.
      Median of ${rounds} rounds of ${countMs / 1000} s.
      ${late.size === 0 ? "" : `Could not keep the pace: ${[...late].join("; ")}.`}`,
    tables: [{
      columns: ["", "lines a second", "p50", "p99", "p99.9", "worst", "CPU a line"],
      rows: told.map((one) => [
        one.name,
        count(one.rate),
        ...marks.map((mark) => `${fixed(one[mark], 2)} ms`),
        `${fixed(one.cpuMicros, 1)} µs`,
      ]),
    }],
    gates: [{
      what: "p99 at 50,000 a second, a million clients, to the echo's",
      got: p99("herd") / p99("echo"),
      atMost: 2.5,
    }],
    data: told,
  };
}
