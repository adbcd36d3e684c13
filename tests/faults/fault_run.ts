/**
 * The faults of a real herd: each is done to a herd under traffic, and then it is counted what became
 * of every record that was acknowledged.
 *
 * @module
 */

import { type HerdPlan, RunningHerd, theFive } from "../process/running_herd.ts";
import { until } from "../process/waiting.ts";
import { converged, digestOf, type Healed } from "./census.ts";
import { type Fault, Proxy } from "./proxy.ts";
import { LogMark } from "./taken.ts";
import { type Acknowledged, Traffic } from "./traffic.ts";

/** How much a run does. */
export interface RunSize {
  /** Clients of each server. */
  readonly clients: number;
  /** IAMATs a second to each server. */
  readonly perSecond: number;
  /** How long traffic goes on before the fault, in answers of each server. */
  readonly answers: number;
  /** A bad link does what it does once in so many bytes, */
  readonly faultBytes: number;
  /** so many times. */
  readonly faults: number;
}

/** What became of it. */
export interface RunResult {
  /** Clients whose records were counted, at every server. */
  readonly records: number;
  /** Reports that were answered. */
  readonly acknowledged: number;
  /** Seconds from the end of the fault until nothing was missing anywhere, by the servers' logs. */
  readonly convergedS: number;
  /** What else is worth telling. */
  readonly note: string;
}

/** Kept on disk before the answer, so that what was acknowledged before a kill can be demanded. */
const durable: HerdPlan = { memory: { durable: "sync" } };

/** Two servers with one link between them, which has a proxy in it each way, and one behind it. */
const chain: HerdPlan = {
  servers: ["Clark", "Jaquez", "Bona"],
  links: [["Clark", "Jaquez"], ["Jaquez", "Bona"]],
};

/** Traffic on all servers of a herd, the fault in the middle of it, and the count. */
async function run(
  herd: RunningHerd,
  size: RunSize,
  fault: (traffic: Traffic) => Promise<string | void>,
): Promise<RunResult> {
  const traffic = new Traffic(herd, { ...size, servers: herd.names });
  let records: Map<string, Acknowledged>;
  let note;
  let healed: Healed;
  try {
    await traffic.goesOn(size.answers);
    note = await fault(traffic) ?? "";
  } finally {
    healed = healedNow(herd);
    records = await traffic.end();
  }
  const convergedS = await converged(herd, records, healed);
  assertUnharmed(herd);
  return { records: records.size, acknowledged: traffic.answers, convergedS, note };
}

/** The fault ends now. */
function healedNow(herd: RunningHerd): Healed {
  return { atMs: Date.now(), mark: new LogMark(herd) };
}

/** Every server runs, and has complained of nothing. */
function assertUnharmed(herd: RunningHerd): void {
  for (const name of herd.names) {
    const { ending, errors } = herd.program(name);
    if (ending !== null || errors !== "") throw new Error(`${name}: ${errors} ${ending?.code}`);
  }
}

/** Runs a herd in which one link has a proxy each way. */
async function runChain(
  size: RunSize,
  act: (proxies: readonly Proxy[], traffic: Traffic) => Promise<string | void>,
): Promise<RunResult> {
  await using herd = new RunningHerd(chain);
  using there = new Proxy(herd.port("Jaquez"));
  using back = new Proxy(herd.port("Clark"));
  herd.redirect("Clark", "Jaquez", there.port);
  herd.redirect("Jaquez", "Clark", back.port);
  await Promise.all(herd.names.map((name) => herd.start(name)));
  await herd.connected();
  return await run(herd, size, (traffic) => act([there, back], traffic));
}

/** A link on which something happens again and again. */
function badLink(kind: Exclude<Fault["kind"], "delay" | "none">) {
  return (size: RunSize) =>
    runChain(size, async (proxies) => {
      for (const proxy of proxies) proxy.fault = { kind, bytes: size.faultBytes };
      const done = () => proxies.reduce((sum, proxy) => sum + proxy.done, 0);
      await until(() => done() >= size.faults, `${size.faults} times ${kind}`, 120_000);
      for (const proxy of proxies) proxy.fault = { kind: "none" };
      return `${done()} times`;
    });
}

/** Kills servers in the middle of the traffic, and starts them again. */
function killed(names: readonly string[]) {
  return async (size: RunSize) => {
    await using herd = await RunningHerd.start(durable);
    return await run(herd, size, async () => {
      await Promise.all(names.map((name) => herd.kill(name)));
      await Promise.all(names.map((name) => herd.start(name)));
    });
  };
}

/** A server that is stopped for a while, and its neighbours that are to notice. */
async function stopped(size: RunSize): Promise<RunResult> {
  await using herd = await RunningHerd.start();
  const neighbours = ["Campbell", "Clark", "Bailey"];
  return await run(herd, size, async () => {
    const lost = (name: string) => herd.log(name).match(/link to Bona lost/g)?.length ?? 0;
    const before = new Map(neighbours.map((name) => [name, lost(name)]));
    const begun = performance.now();
    herd.program("Bona").signal("SIGSTOP");
    const noticed = neighbours.map(async (name) => {
      await until(() => lost(name) > before.get(name)!, `${name} notices`, 15_000);
      return (performance.now() - begun) / 1000;
    });
    const noticedS = Math.max(...await Promise.all(noticed));
    await new Promise((resolve) => setTimeout(resolve, 10_000 - noticedS * 1000));
    herd.program("Bona").signal("SIGCONT");
    if (noticedS > 5) throw new Error(`noticed after ${noticedS} s`);
    return `noticed after ${noticedS.toFixed(1)} s`;
  });
}

/** Servers that are started one after the other, while clients talk to those that are there. */
async function startedInTurn(size: RunSize): Promise<RunResult> {
  await using herd = new RunningHerd();
  const order = [...theFive].sort(() => Math.random() - 0.5);
  const traffic = new Traffic(herd, { ...size, servers: herd.names });
  for (const name of order) await herd.start(name);
  await traffic.goesOn(size.answers);
  const healed = healedNow(herd);
  const records = await traffic.end();
  const convergedS = await converged(herd, records, healed);
  assertUnharmed(herd);
  const note = order.join(", ");
  return { records: records.size, acknowledged: traffic.answers, convergedS, note };
}

/**
 * All killed at once with `"durable": true`: what was acknowledged in the last moment may be lost, all
 * else not.
 *
 * @param graceMs how long that moment is
 */
function killedDurable(graceMs: number) {
  return async (size: RunSize): Promise<RunResult> => {
    await using herd = await RunningHerd.start({ memory: { durable: true } });
    const traffic = new Traffic(herd, { ...size, servers: herd.names });
    await traffic.goesOn(size.answers);
    const killedMs = performance.now();
    await Promise.all(herd.names.map((name) => herd.kill(name)));
    const records = await traffic.end();
    for (const [id, { atMs }] of records) if (atMs > killedMs - graceMs) records.delete(id);
    await Promise.all(herd.names.map((name) => herd.start(name)));
    const convergedS = await converged(herd, records, healedNow(herd));
    assertUnharmed(herd);
    const note = `without what was answered in the last ${graceMs} ms`;
    return { records: records.size, acknowledged: traffic.answers, convergedS, note };
  };
}

/** A server killed while clients of the others move: what it missed comes with its links. */
export async function killedEmpty(size: RunSize): Promise<RunResult> {
  await using herd = await RunningHerd.start();
  const neighbours = ["Bailey", "Bona", "Jaquez"];
  /** When Campbell's links of this life were made, in milliseconds since 1970. */
  const linksOf = () => {
    const log = herd.log("Campbell").split("Campbell listens on").at(-1)!;
    return neighbours.flatMap((name) => {
      const made = log.match(new RegExp(`^(\\S+) INFO link from ${name} made$`, "m"));
      return made === null ? [] : [Date.parse(made[1]!)];
    });
  };
  const servers = theFive.filter((name) => name !== "Campbell");
  const traffic = new Traffic(herd, { ...size, servers });
  await traffic.goesOn(Math.max(size.clients, size.answers));
  await herd.kill("Campbell");
  await traffic.goesOn(size.answers);
  const mark = new LogMark(herd);
  await herd.start("Campbell");
  await until(() => linksOf().length === neighbours.length, "Campbell has its links");
  const atMs = Math.max(...linksOf());
  const records = await traffic.end();
  const convergedS = await converged(herd, records, { atMs, mark });
  assertUnharmed(herd);
  const all = await Promise.all(
    herd.names.map((name) => digestOf(herd, name, [...records.keys()])),
  );
  if (new Set(all).size !== 1) throw new Error(`digests differ: ${all}`);
  const note = `from its links on; SHA-256 of all records ${all[0]!.slice(0, 12)}… at all five`;
  return { records: records.size, acknowledged: traffic.answers, convergedS, note };
}

/** Every fault by its name. */
export const faults: Readonly<Record<string, (size: RunSize) => Promise<RunResult>>> = {
  "one server killed, nothing on disk, restarted": killedEmpty,
  'one server killed and restarted, "durable": "sync"': killed(["Campbell"]),
  'all five killed at once and restarted, "durable": "sync"': killed(theFive),
  'all five killed at once and restarted, "durable": true': killedDurable(100),
  "a server stopped for 10 s": stopped,
  "servers started in any order": startedInTurn,
  "a link delayed by 200 ms each way": (size) =>
    runChain(size, async (proxies, traffic) => {
      for (const proxy of proxies) proxy.fault = { kind: "delay", ms: 200 };
      await traffic.goesOn(size.answers);
    }),
  "a link cut in the middle of lines": badLink("truncate"),
  "a link reset again and again": badLink("reset"),
  "a link that corrupts lines": badLink("corrupt"),
};
