/**
 * At a given pace, whatever the server does: every line has a time at which it is due, and latency
 * counts from then on. A server that stands still for a while is charged for all lines that were due
 * meanwhile, not for the one that was under way (coordinated omission).
 *
 * @module
 */

import { quantile } from "../machine.ts";
import type { LoadJob } from "./job.ts";
import { Poll, Socket, wakePunctually } from "./libc.ts";
import { answerBytes, Blocks, checkAnswer, type Stamps } from "./traffic.ts";
import { Window } from "./window.ts";

const checkEvery = 997;
/** Blocks of one connection that may be under way; more is a server that does not keep up. */
const underWayMax = 1 << 16;

/** One connection: the blocks that are under way, as a ring; a block is a line, as a rule. */
interface Talk {
  readonly socket: Socket;
  readonly blocks: Blocks;
  readonly server: string;
  /** Bytes of the answers to one block. */
  readonly bytes: number;
  readonly dueMs: Float64Array;
  sent: number;
  answered: number;
  /** Bytes of an answer that is not complete. */
  partBytes: number;
  checked: { readonly line: Uint8Array; readonly number: number } | null;
}

/**
 * @param job what is sent, where, how fast and how long
 * @param stamps the times of the lines, in one order over all jobs
 * @returns what came of it, with the latencies
 * @throws {Error} when the server answers wrongly, or falls behind for good
 */
export function runPaced(job: LoadJob, stamps: Stamps) {
  wakePunctually();
  const pace = new Paced(job, stamps);
  try {
    return pace.run();
  } finally {
    pace.close();
  }
}

class Paced {
  readonly #job: LoadJob;
  readonly #poll = new Poll();
  readonly #talks: Talk[];
  readonly #window: Window;
  readonly #latencies: Float64Array;
  readonly #into = new Uint8Array(256 * 1024);
  #measured = 0;
  #answered = 0;
  #sent = 0;
  #checked = 0;

  constructor(job: LoadJob, stamps: Stamps) {
    this.#job = job;
    this.#latencies = new Float64Array(Math.ceil(job.linesPerSecond! * job.countMs / 500));
    const clients = Math.max(1, Math.floor(job.clients / job.connections));
    this.#talks = Array.from({ length: job.connections }, (_, index) => {
      const { port, server } = job.targets[index % job.targets.length]!;
      const socket = new Socket(port);
      this.#poll.add(socket, index);
      const { dialect, inFlight } = job;
      const firstClient = index * clients;
      const blocks = new Blocks({ dialect, inFlight, firstClient, clients, stamps });
      const dueMs = new Float64Array(underWayMax);
      const bytes = answerBytes(dialect, server) * inFlight;
      const counts = { sent: 0, answered: 0, partBytes: 0 };
      return { socket, blocks, server, bytes, dueMs, ...counts, checked: null };
    });
    this.#window = new Window(job);
  }

  close(): void {
    for (const { socket } of this.#talks) socket.close();
    this.#poll.close();
  }

  run() {
    const eachMs = 1000 * this.#job.inFlight / this.#job.linesPerSecond!;
    const startMs = performance.now();
    for (;;) {
      let now = performance.now();
      let dueMs = startMs + this.#sent * eachMs;
      while (dueMs <= now) {
        this.#send(dueMs);
        dueMs = startMs + this.#sent * eachMs;
      }
      const ready = this.#poll.waitFinely(dueMs - performance.now());
      now = performance.now();
      for (let at = 0; at < ready; at++) this.#receive(this.#talks[this.#poll.ready(at)]!, now);
      if (this.#window.over(now, this.#answered * this.#job.inFlight)) break;
    }
    const sorted = this.#latencies.subarray(0, this.#measured).sort();
    const latencyMs = {
      p50: quantile(sorted, 0.5),
      p90: quantile(sorted, 0.9),
      p99: quantile(sorted, 0.99),
      p999: quantile(sorted, 0.999),
      max: sorted.at(-1) ?? NaN,
    };
    return { ...this.#window.result(), latencyMs, checked: this.#checked };
  }

  #send(dueMs: number): void {
    const talk = this.#talks[this.#sent % this.#talks.length]!;
    if (talk.sent - talk.answered >= underWayMax) throw new Error("the server does not keep up");
    const line = talk.blocks.next();
    if (this.#sent++ % checkEvery === 0) talk.checked ??= { line: line.slice(), number: talk.sent };
    talk.dueMs[talk.sent++ % underWayMax] = dueMs;
    talk.socket.send(line);
  }

  #receive(talk: Talk, now: number): void {
    const count = talk.socket.receive(this.#into);
    if (count === 0) throw new Error("the server closed the connection");
    if (count < 0) return;
    let bytes = talk.partBytes + count;
    for (; bytes >= talk.bytes; bytes -= talk.bytes) this.#take(talk, now, count);
    talk.partBytes = bytes;
  }

  #take(talk: Talk, now: number, count: number): void {
    const number = talk.answered++;
    this.#answered++;
    if (this.#window.isOpen && this.#measured < this.#latencies.length) {
      this.#latencies[this.#measured++] = now - talk.dueMs[number % underWayMax]!;
    }
    if (talk.checked?.number !== number) return;
    // Compared when it came by itself, as it nearly always does.
    if (talk.partBytes === 0 && count === talk.bytes) {
      const { dialect } = this.#job;
      checkAnswer(talk.checked.line, this.#into.subarray(0, count), {
        dialect,
        server: talk.server,
      });
      this.#checked++;
    }
    talk.checked = null;
  }
}
