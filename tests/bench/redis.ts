/**
 * Redis, if it is there: its own benchmark on GEOADD, and the herd's traffic through its channels.
 *
 * @module
 */

import { freePorts } from "../process/running_herd.ts";
import { cpuSeconds } from "./machine.ts";
import { isThere, type Processes } from "./processes.ts";

/** A running Redis. */
export interface Redis {
  readonly port: number;
  readonly pid: number;
}

/** @returns null when there is none on this machine */
export async function startRedis(processes: Processes): Promise<Redis | null> {
  if (!await isThere("redis-server", "--version")) return null;
  const [port] = freePorts(1) as [number];
  // Subscribers that share two cores with everything else may fall behind: they are not dropped.
  const patient = ["--client-output-buffer-limit", "pubsub 0 0 0"];
  const inMemory = ["--save", "", "--appendonly", "no", ...patient];
  const words = ["redis-server", "--port", String(port), "--bind", "127.0.0.1", ...inMemory];
  const pid = await processes.start([...words, "--logfile", `${processes.directory}/redis.log`], {
    port,
  });
  return { port, pid };
}

/** What `redis-benchmark` measured. */
export interface GeoaddResult {
  readonly linesPerSecond: number;
  readonly cpuMicros: number;
}

/** How positions vary: so that the clients move, or so that Redis stores the same again. */
export type Positions = "moving" | "same cell";

const positions: Readonly<Record<Positions, readonly string[]>> = {
  // Hundredths of a degree of longitude, thousandths of latitude.
  "moving": ["__rand_int__e-2", "__rand_int__e-3"],
  // The digits that vary are beyond the 52 bits that Redis stores.
  "same cell": ["-118.__rand_int__", "34.__rand_int__"],
};

/** @param requests how many */
export async function geoadd(
  processes: Processes,
  redis: Redis,
  { connections, inFlight, requests, kind }: {
    readonly connections: number;
    readonly inFlight: number;
    readonly requests: number;
    readonly kind: Positions;
  },
): Promise<GeoaddResult> {
  const before = cpuSeconds(redis.pid);
  const text = await processes.run([
    ...["redis-benchmark", "-p", String(redis.port), "-c", String(connections)],
    ...["-P", String(inFlight), "-r", "10000", "-n", String(requests), "--csv"],
    ...["GEOADD", "herd", ...positions[kind], "member:__rand_int__"],
  ]);
  const linesPerSecond = Number(text.trim().split("\n").at(-1)!.split('","')[1]);
  return { linesPerSecond, cpuMicros: (cpuSeconds(redis.pid) - before) / requests * 1e6 };
}

const placesPerCommand = 500;

/** Adds places to a sorted set of Redis. Waits until they are there. */
export async function addPlaces(
  { port }: Redis,
  key: string,
  places: Iterable<{ name: string; latitude: string; longitude: string }>,
): Promise<void> {
  using conn = await Deno.connect({ hostname: "127.0.0.1", port });
  const buffer = new Uint8Array(1024);
  let words: string[] = [];
  const send = async () => {
    const all = ["GEOADD", key, ...words].map((word) => encoder.encode(word));
    const text = all.map((word) => `$${word.length}\r\n${decoder.decode(word)}\r\n`).join("");
    const bytes = encoder.encode(`*${all.length}\r\n${text}`);
    for (let sent = 0; sent < bytes.length;) sent += await conn.write(bytes.subarray(sent));
    const read = await conn.read(buffer);
    const reply = decoder.decode(buffer.subarray(0, read ?? 0));
    if (!reply.startsWith(":")) throw new Error(`GEOADD was answered ${reply}`);
    words = [];
  };
  for (const { name, latitude, longitude } of places) {
    words.push(longitude, latitude, name);
    if (words.length >= 3 * placesPerCommand) await send();
  }
  if (words.length > 0) await send();
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();
