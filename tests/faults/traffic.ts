/**
 * Clients that move all the time, and know what they were answered.
 *
 * @module
 */

import type { RunningHerd } from "../process/running_herd.ts";
import { until } from "../process/waiting.ts";

/** How much is said. */
export interface TrafficOptions {
  /** Servers that are talked to. */
  readonly servers: readonly string[];
  /** Clients of each server. */
  readonly clients: number;
  /** IAMATs a second to each server. */
  readonly perSecond: number;
}

/** What a client was answered last. */
export interface Acknowledged {
  readonly line: string;
  /** Which of the connection's reports it was: the whole seconds of its time. */
  readonly time: number;
  /** When the answer was read, as `performance.now()` has it. */
  readonly atMs: number;
}

const tickMs = 10;
const redialMs = 50;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** The clients of one server: one connection for all, made anew whenever it breaks. */
class Clients {
  readonly server: string;
  readonly acknowledged = new Map<string, Acknowledged>();
  answers = 0;
  reports = 0;
  isOver = false;
  readonly #port: number;
  readonly #options: TrafficOptions;
  #time = 0;

  constructor(server: string, { port, options }: { port: number; options: TrafficOptions }) {
    this.server = server;
    this.#port = port;
    this.#options = options;
  }

  /** Reports until it is over and everything is answered. */
  async run(): Promise<void> {
    while (!this.isOver) {
      try {
        using conn = await Deno.connect({ hostname: "127.0.0.1", port: this.#port });
        await this.#talk(conn);
      } catch {
        // The server is down. What it did not answer is not acknowledged.
        await new Promise((resolve) => setTimeout(resolve, redialMs));
      }
    }
  }

  async #talk(conn: Deno.TcpConn): Promise<void> {
    const waiting: { id: string; time: number }[] = [];
    const reading = this.#read(conn, waiting);
    reading.catch(() => {});
    const begun = performance.now();
    let said = 0;
    while (!this.isOver) {
      const due = Math.ceil((performance.now() - begun) / 1000 * this.#options.perSecond) - said;
      // A server that is slow is not asked for more than it can answer.
      const room = this.#options.perSecond - waiting.length;
      const count = Math.max(0, Math.min(due, room));
      said += due;
      if (count > 0) await this.#report(conn, waiting, count);
      await Promise.race([reading, new Promise((resolve) => setTimeout(resolve, tickMs))]);
    }
    await conn.closeWrite();
    await reading;
  }

  async #report(conn: Deno.TcpConn, waiting: { id: string; time: number }[], count: number) {
    let text = "";
    for (let index = 0; index < count; index++) {
      const time = ++this.#time;
      const id = `${this.server}.${time % this.#options.clients}`;
      const place = String(time % 1_000_000).padStart(6, "0");
      text += `IAMAT ${id} +34.${place}-118.${place} ${time}.5\n`;
      waiting.push({ id, time });
    }
    this.reports += count;
    const bytes = encoder.encode(text);
    for (let at = 0; at < bytes.length;) at += await conn.write(bytes.subarray(at));
  }

  async #read(conn: Deno.TcpConn, waiting: { id: string; time: number }[]): Promise<void> {
    const buffer = new Uint8Array(64 * 1024);
    let rest = "";
    let answered = 0;
    for (let count = await conn.read(buffer); count !== null; count = await conn.read(buffer)) {
      const atMs = performance.now();
      const lines = (rest + decoder.decode(buffer.subarray(0, count))).split("\n");
      rest = lines.pop()!;
      for (const line of lines) {
        const { id, time } = waiting[answered++]!;
        if (!line.endsWith(` ${time}.5`)) throw new Error(`${id} at ${time} got ${line}`);
        this.acknowledged.set(id, { line, time, atMs });
      }
      this.answers += lines.length;
      waiting.splice(0, answered);
      answered = 0;
    }
    if (!this.isOver) throw new Error("the server has closed the connection");
  }
}

/** Traffic on several servers at once. */
export class Traffic {
  readonly #clients: readonly Clients[];
  readonly #running: Promise<unknown>;

  constructor(herd: RunningHerd, options: TrafficOptions) {
    this.#clients = options.servers.map((name) =>
      new Clients(name, { port: herd.port(name), options })
    );
    this.#running = Promise.all(this.#clients.map((clients) => clients.run()));
  }

  /** How many reports were answered. */
  get answers(): number {
    return this.#clients.reduce((sum, { answers }) => sum + answers, 0);
  }

  /** Waits until every server has answered so many more reports. */
  async goesOn(answers: number): Promise<void> {
    const before = this.#clients.map((clients) => clients.answers);
    const more = () =>
      this.#clients.every((clients, index) => clients.answers >= before[index]! + answers);
    await until(more, `${answers} more answers of every server`, 60_000);
  }

  /** Ends it. @returns what every client was answered last */
  async end(): Promise<Map<string, Acknowledged>> {
    for (const clients of this.#clients) clients.isOver = true;
    await this.#running;
    return new Map(this.#clients.flatMap(({ acknowledged }) => [...acknowledged]));
  }
}
