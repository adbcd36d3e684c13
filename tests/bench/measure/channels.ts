/**
 * The herd's traffic through Redis: one process publishes `AT` lines, two subscribe. What a herd
 * would be that used a channel of Redis for its links: the message to the neighbours alone, without
 * the client's answer, the table or the log.
 *
 * @module
 */

import { until } from "../../process/waiting.ts";
import { denoRun } from "../processes.ts";
import { count, fixed, type Section } from "../report.ts";
import type { Stage } from "../stage.ts";
import { figures } from "./throughput.ts";

/** Waits until so many subscribe. */
async function subscribed(port: number, count: number): Promise<void> {
  const conn = await Deno.connect({ hostname: "127.0.0.1", port });
  const buffer = new Uint8Array(1024);
  await until(async () => {
    await conn.write(new TextEncoder().encode("PUBSUB NUMSUB herd\r\n"));
    const read = await conn.read(buffer);
    const answer = new TextDecoder().decode(buffer.subarray(0, read ?? 0));
    return answer.endsWith(`:${count}\r\n`);
  }, "subscribers");
  conn.close();
}

/** @returns null when there is no Redis */
export async function measureChannels(
  { processes, generator, redis }: Stage,
  { rounds, countMs }: { rounds: number; countMs: number },
): Promise<Section | null> {
  if (redis === null) return null;
  const subscribers = [];
  for (const name of ["one", "two"]) {
    subscribers.push(await processes.start(denoRun("./subscriber.ts", redis.port, name)));
  }
  await subscribed(redis.port, subscribers.length);
  const targets = [{ port: redis.port, server: "" }];
  const rows = [];
  for (const inFlight of [1, 16, 100]) {
    const results = [];
    for (let round = 0; round < rounds; round++) {
      const pids = [redis.pid];
      results.push(await generator.run({ targets, dialect: "publish", inFlight, countMs, pids }));
    }
    const rate = figures(results.map(({ linesPerSecond }) => linesPerSecond));
    const cpu = figures(results.map((one) => one.cpuSeconds[0]! / one.lines * 1e6));
    rows.push({ inFlight, rate, cpuMicros: cpu.median });
  }
  for (const pid of subscribers) await processes.end(pid);
  return {
    title: "The same traffic through Redis's channels",
    text: `\`PUBLISH herd AT …\` by the suite's load generator on 50 connections, two processes that
      subscribe and only read. Redis then does the part of the links and nothing else: no answer with
      a time difference, no table, no log; a herd built on it would spend this beside its own work.`,
    tables: [{
      columns: ["in flight", "lines a second", "CPU a line in Redis"],
      rows: rows.map(({ inFlight, rate, cpuMicros }) => [
        String(inFlight),
        `${count(rate.median)} (${count(rate.min)}–${count(rate.max)})`,
        `${fixed(cpuMicros, 2)} µs`,
      ]),
    }],
    data: rows,
  };
}
