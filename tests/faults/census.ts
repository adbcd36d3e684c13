/**
 * Counts what every server has, client by client.
 *
 * @module
 */

import { logFlushMs } from "../../lib/limits.ts";
import type { RunningHerd } from "../process/running_herd.ts";
import type { LogMark } from "./taken.ts";
import type { Acknowledged } from "./traffic.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("latin1");

/**
 * Asks a server for every client.
 *
 * @returns by client the AT line that the server has; a client that it does not know is missing
 */
export async function recordsOf(
  herd: RunningHerd,
  name: string,
  ids: readonly string[],
): Promise<Map<string, string>> {
  using conn = await Deno.connect({ hostname: "127.0.0.1", port: herd.port(name) });
  const asking = (async () => {
    const bytes = encoder.encode(ids.map((id) => `WHATSAT ${id} 0 0\n`).join(""));
    for (let at = 0; at < bytes.length;) at += await conn.write(bytes.subarray(at));
    await conn.closeWrite();
  })();
  const records = new Map<string, string>();
  const buffer = new Uint8Array(256 * 1024);
  let rest = "";
  let answered = 0;
  for (let count = await conn.read(buffer); count !== null; count = await conn.read(buffer)) {
    const lines = (rest + decoder.decode(buffer.subarray(0, count))).split("\n");
    rest = lines.pop()!;
    for (const line of lines) {
      if (line.startsWith("AT ")) records.set(line.split(" ")[3]!, line);
      if (/^(AT|\?) /.test(line)) answered++;
    }
  }
  await asking;
  if (answered !== ids.length) throw new Error(`${name} gave ${answered} of ${ids.length} answers`);
  return records;
}

/** What a count found. */
export interface Census {
  /** Records that a server lacks, or of which it has an older one than was acknowledged. */
  readonly missing: number;
  /** Clients of which not all servers have the same record. */
  readonly different: number;
  /** The first that was found, for the error. */
  readonly example: string;
  /** Of the records that were acknowledged and that all servers have, when they were. */
  readonly acknowledgedMs: ReadonlyMap<string, number>;
}

/**
 * Counts at every server, for every client, whether it has the record that was acknowledged last, or
 * a later one that was not answered any more.
 */
export async function census(
  herd: RunningHerd,
  acknowledged: ReadonlyMap<string, Acknowledged>,
): Promise<Census> {
  const ids = [...acknowledged.keys()];
  const all = await Promise.all(herd.names.map((name) => recordsOf(herd, name, ids)));
  const acknowledgedMs = new Map<string, number>();
  const found = { missing: 0, different: 0, example: "", acknowledgedMs };
  for (const [id, { line, time, atMs }] of acknowledged) {
    const known = all.map((records) => records.get(id));
    if (known.some((other) => other !== known[0])) found.different++;
    else if (known[0] === line) acknowledgedMs.set(line, performance.timeOrigin + atMs);
    for (const [index, record] of known.entries()) {
      if (record === line || (record !== undefined && timeOf(record) > time)) continue;
      found.missing++;
      found.example ||= `${herd.names[index]} has ${record}, acknowledged was ${line}`;
    }
  }
  return found;
}

function timeOf(line: string): number {
  return Number(line.slice(line.lastIndexOf(" ") + 1, -2));
}

/** How long convergence may take before a run has failed, in milliseconds. */
const convergedMsMax = 60_000;

/** The end of a fault. */
export interface Healed {
  /** When it was, in milliseconds since 1970. */
  readonly atMs: number;
  /** What servers had logged by then, or a little earlier. */
  readonly mark: LogMark;
}

/**
 * Counts until nothing is missing and all are the same, and then reads in the servers' logs how long
 * that took.
 *
 * @param healed the moment from which on it is timed
 * @returns how many seconds the slowest record took to the last server, from then or from its answer
 *   on, whichever was later; 0 when all were everywhere before
 * @throws {Error} when it is not so in time
 */
export async function converged(
  herd: RunningHerd,
  acknowledged: ReadonlyMap<string, Acknowledged>,
  { atMs, mark }: Healed,
): Promise<number> {
  for (const begunMs = performance.now();;) {
    const { missing, different, example, acknowledgedMs } = await census(herd, acknowledged);
    if (missing === 0 && different === 0) {
      // Until then a line may wait to be written.
      await new Promise((resolve) => setTimeout(resolve, 2 * logFlushMs));
      const dueMs = new Map([...acknowledgedMs].map(([line, ms]) => [line, Math.max(ms, atMs)]));
      return await mark.longestMs(dueMs) / 1_000;
    }
    if (performance.now() - begunMs > convergedMsMax) {
      throw new Error(`${missing} records missing, ${different} different: ${example}`);
    }
  }
}

/** @returns the SHA-256 of all records that a server has of these clients, in hexadecimal digits */
export async function digestOf(
  herd: RunningHerd,
  name: string,
  ids: readonly string[],
): Promise<string> {
  const records = await recordsOf(herd, name, ids);
  const text = encoder.encode([...records.values()].sort().join("\n"));
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", text));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
