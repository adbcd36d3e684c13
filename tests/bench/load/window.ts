/**
 * The time in which lines and CPU are counted: behind the warming up, before the end.
 *
 * @module
 */

import { cpuSeconds } from "../machine.ts";
import type { LoadJob } from "./job.ts";

/** What was counted so far at one moment. */
interface Reading {
  readonly ms: number;
  readonly lines: number;
  readonly cpu: readonly number[];
  readonly ownCpu: number;
}

/** Counts between two moments. */
export class Window {
  readonly #job: LoadJob;
  readonly #beginMs: number;
  #first: Reading | null = null;
  #last: Reading | null = null;

  constructor(job: LoadJob) {
    this.#job = job;
    this.#beginMs = performance.now() + job.warmMs;
    if (job.turns !== undefined) this.#first = this.#read(performance.now(), 0);
  }

  /** Whether the warming up is over. */
  get isOpen(): boolean {
    return this.#first !== null;
  }

  /**
   * @param ms now
   * @param lines how many were answered since the start
   * @returns whether counting has ended
   */
  over(ms: number, lines: number): boolean {
    if (this.#job.turns !== undefined) return false;
    if (this.#first === null) {
      if (ms >= this.#beginMs) this.#first = this.#read(ms, lines);
      return false;
    }
    if (ms < this.#first.ms + this.#job.countMs) return false;
    this.finish(ms, lines);
    return true;
  }

  /** Ends counting. */
  finish(ms: number, lines: number): void {
    this.#last = this.#read(ms, lines);
  }

  #read(ms: number, lines: number): Reading {
    return { ms, lines, cpu: this.#job.pids.map(cpuSeconds), ownCpu: cpuSeconds(Deno.pid) };
  }

  /** What was counted. */
  result() {
    const first = this.#first!;
    const last = this.#last!;
    const seconds = (last.ms - first.ms) / 1000;
    const lines = last.lines - first.lines;
    return {
      lines,
      seconds,
      linesPerSecond: lines / seconds,
      cpuSeconds: last.cpu.map((cpu, at) => cpu - first.cpu[at]!),
      ownCpuSeconds: last.ownCpu - first.ownCpu,
    };
  }
}
