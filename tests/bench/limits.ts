/**
 * A server under hostile load: ten thousand connections that are idle, a thousand that never say
 * anything, a hundred that flood and never read. What does a client feel that behaves well?
 *
 *     sh -c 'ulimit -n 30000; deno run --allow-all tests/bench/limits.ts'
 *
 * @module
 */

import { RunningHerd } from "../process/running_herd.ts";
import { residentBytes } from "../process/system_processes.ts";
import { type Latency, Pings, tell } from "./pings.ts";

/** How much there is of everything. */
export interface LimitsLoad {
  readonly idle: number;
  readonly silent: number;
  readonly flooding: number;
  /** How long the flood lasts. */
  readonly floodMs: number;
}

/** What was measured. */
export interface LimitsFound {
  /** Resident memory of the server; null where the system does not tell. */
  readonly bytes: {
    readonly begun: number | null;
    readonly connected: number | null;
    readonly flooded: number | null;
  };
  /** What a client that behaves well waited for. */
  readonly latency: { readonly connecting: Latency; readonly flooded: Latency };
  /** How many of the idle were answered, in the end. */
  readonly idleAnswered: number;
  /** Lines that those sent who flooded and then began to read. */
  readonly floodLines: number;
  /** How many right answers they got. */
  readonly floodAnswers: number;
}

const connectAtOnce = 100;
const encoder = new TextEncoder();

/** Puts a server under this load. */
export async function measureLimits(load: LimitsLoad): Promise<LimitsFound> {
  await using herd = await RunningHerd.start({ servers: ["Clark"] });
  const port = herd.port("Clark");
  const memory = () => residentBytes(herd.program("Clark").pid);
  const begun = await memory();
  let pings = await Pings.begin(port);
  using idle = await Crowd.connect(port, load.idle);
  await idle.answered("here\n");
  using silent = await Crowd.connect(port, load.silent);
  const connecting = await pings.end();
  const connected = await memory();
  pings = await Pings.begin(port);
  using crowd = await Crowd.connect(port, load.flooding);
  const floods = crowd.conns.map((conn) => new Flood(conn));
  let flooded = connected;
  for (const endMs = performance.now() + load.floodMs; performance.now() < endMs;) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    flooded = Math.max(flooded ?? 0, await memory() ?? 0) || null;
  }
  const latency = { connecting, flooded: await pings.end() };
  const [floodLines, floodAnswers] = await readAll(floods);
  const idleAnswered = await idle.answered("still here\n") + await silent.answered("at last\n");
  return {
    bytes: { begun, connected, flooded },
    latency,
    idleAnswered,
    floodLines,
    floodAnswers,
  };
}

/** @returns lines that were sent, and right answers, all together */
async function readAll(floods: readonly Flood[]): Promise<[number, number]> {
  const all = await Promise.all(floods.map((flood) => flood.end()));
  return [
    floods.reduce((sum, { lines }) => sum + lines, 0),
    all.reduce((sum, answers) => sum + answers, 0),
  ];
}

/** Many connections. */
class Crowd implements Disposable {
  readonly conns: readonly Deno.TcpConn[];

  private constructor(conns: readonly Deno.TcpConn[]) {
    this.conns = conns;
  }

  static async connect(port: number, count: number): Promise<Crowd> {
    const conns: Deno.TcpConn[] = [];
    while (conns.length < count) {
      const length = Math.min(connectAtOnce, count - conns.length);
      const dials = Array.from({ length }, () => Deno.connect({ hostname: "127.0.0.1", port }));
      conns.push(...await Promise.all(dials));
    }
    return new Crowd(conns);
  }

  /** Has each say a line that is no command. @returns how many got the answer */
  async answered(line: string): Promise<number> {
    const answer = encoder.encode(`? ${line}`);
    let count = 0;
    for (let from = 0; from < this.conns.length; from += connectAtOnce) {
      const some = this.conns.slice(from, from + connectAtOnce);
      await Promise.all(some.map(async (conn) => {
        await conn.write(encoder.encode(line));
        const buffer = new Uint8Array(answer.length + 1);
        const length = await conn.read(buffer);
        if (length === answer.length && answer.every((byte, at) => byte === buffer[at])) count++;
      }));
    }
    return count;
  }

  [Symbol.dispose](): void {
    for (const conn of this.conns) {
      try {
        conn.close();
      } catch (error) {
        if (!(error instanceof Deno.errors.BadResource)) throw error;
      }
    }
  }
}

const floodLine = encoder.encode("flood\n");
const floodAnswer = encoder.encode("? flood\n");
const floodBytes = new Uint8Array(64 * 1024 * floodLine.length).map((_, at) =>
  floodLine[at % floodLine.length]!
);

/** One that writes all the time and reads nothing, until it is over. */
class Flood {
  /** Lines that it has sent whole. */
  lines = 0;
  readonly #conn: Deno.TcpConn;
  readonly #writing: Promise<void>;
  #isOver = false;

  constructor(conn: Deno.TcpConn) {
    this.#conn = conn;
    this.#writing = this.#write();
  }

  async #write(): Promise<void> {
    let sent = 0;
    while (!this.#isOver || sent % floodLine.length !== 0) {
      const from = sent % floodLine.length;
      const end = this.#isOver ? floodLine.length : floodBytes.length;
      sent += await this.#conn.write(floodBytes.subarray(from, end));
    }
    this.lines = sent / floodLine.length;
    await this.#conn.closeWrite();
  }

  /** Writes to the end of a line and reads. @returns how many right answers came */
  async end(): Promise<number> {
    this.#isOver = true;
    const buffer = new Uint8Array(256 * 1024);
    let got = 0;
    let wrong = 0;
    for (let count = await this.#conn.read(buffer); count !== null;) {
      for (let at = 0; at < count; at++) {
        if (buffer[at] !== floodAnswer[(got + at) % floodAnswer.length]) wrong++;
      }
      got += count;
      count = await this.#conn.read(buffer);
    }
    await this.#writing;
    return wrong === 0 ? got / floodAnswer.length : 0;
  }
}

if (import.meta.main) {
  const load = { idle: 10_000, silent: 1_000, flooding: 100, floodMs: 10_000 };
  const found = await measureLimits(load);
  const mebibytes = (bytes: number | null) => bytes === null ? "?" : `${bytes >> 20} MiB`;
  const { begun, connected, flooded } = found.bytes;
  console.log(
    `${navigator.hardwareConcurrency} cores, load ${Deno.loadavg()[0]!.toFixed(1)}; ` +
      `memory ${mebibytes(begun)} without connections`,
  );
  console.log(`${load.idle} idle and ${load.silent} silent connections: ${mebibytes(connected)}`);
  console.log(`  a client while they come: ${tell(found.latency.connecting)}`);
  console.log(`${load.flooding} that flood and do not read: ${mebibytes(flooded)} at the most`);
  console.log(`  a client meanwhile: ${tell(found.latency.flooded)}`);
  console.log(`  ${found.floodAnswers} right answers to ${found.floodLines} lines, read at last`);
  console.log(`${found.idleAnswered} of the others are answered afterwards`);
}
