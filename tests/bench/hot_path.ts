/**
 * The quickest look at the hot path, for who works on it: this herd's server, the echo and Redis.
 *
 *     deno run --allow-all tests/bench/hot_path.ts [ROUNDS [rivals]]
 *
 * @module
 */

import { startEcho, startRivals, startSinks } from "./contestants.ts";
import { Generator } from "./generator.ts";
import { measureThroughput, type Standing } from "./measure/throughput.ts";
import { Processes } from "./processes.ts";
import { startHerd } from "./stage.ts";
import { startRedis } from "./redis.ts";

const rounds = Number(Deno.args[0] ?? 3);
await using processes = new Processes((command) => console.log(`$ ${command}`));
const sinks = await startSinks(processes);
const generator = new Generator(processes);
const stage = { processes, generator, sinks, contestants: [], redis: null };
const contestants = [await startEcho(processes), await startHerd(stage)];
if (Deno.args[1] === "rivals") {
  const missing = (name: string) => console.log(`missing: ${name}`);
  contestants.push(...await startRivals(processes, { sinks, missing }));
}
const redis = await startRedis(processes);
const points = [1, 16, 100].map((inFlight) => ({ connections: 50, inFlight }));
const field = { processes, generator, contestants, redis };
const standings = await measureThroughput(field, { points, rounds, countMs: 1_000 });
for (const { inFlight } of points) {
  const here = standings.filter((standing) => standing.inFlight === inFlight);
  const of = (name: string) => here.find((standing) => standing.name === name);
  for (const standing of here) console.log(row(standing));
  const ratios = ["echo", "Redis GEOADD"].map((name) => {
    const [own, other] = [of("herd"), of(name)];
    if (own === undefined || other === undefined) return "";
    return `${(own.linesPerSecond.median / other.linesPerSecond.median).toFixed(2)} × ${name}`;
  });
  console.log(`P=${inFlight}: ${ratios.join(", ")}`);
}

function row({ name, inFlight, linesPerSecond, cpuMicros, generatorCores }: Standing): string {
  const { median, min, max } = linesPerSecond;
  const rate = `${thousands(median)} (${thousands(min)}–${thousands(max)})`;
  return `P=${inFlight}\t${name.padEnd(14)}${rate.padEnd(24)}${cpuMicros.median.toFixed(2)} µs` +
    `\tgenerator ${generatorCores.toFixed(2)} cores`;
}

function thousands(number: number): string {
  return `${(number / 1000).toFixed(0)}k`;
}
