/**
 * What the load generator is told, and what it tells.
 *
 * @module
 */

import type { Dialect } from "./traffic.ts";

/** A server under load. */
export interface Target {
  readonly port: number;
  /** The server's name, as it stands in its answers. */
  readonly server: string;
}

/** One measurement. */
export interface LoadJob {
  /** The servers; connections go to each in turn. */
  readonly targets: readonly Target[];
  readonly dialect: Dialect;
  readonly connections: number;
  /** How many lines a connection sends before it waits for their answers. */
  readonly inFlight: number;
  /** How many clients take turns, over all connections. */
  readonly clients: number;
  /** What is sent instead of the clients' lines, each in turn, with its line end. */
  readonly questions?: readonly string[];
  /**
   * Lines a second over all connections, `inFlight` of them at a time, evenly; as many as are answered
   * when absent.
   */
  readonly linesPerSecond?: number;
  /** How long it runs before counting begins. */
  readonly warmMs: number;
  /** How long is counted. */
  readonly countMs: number;
  /** Processes whose CPU time is read when counting begins and ends. */
  readonly pids: readonly number[];
  /** Sends each client's line this often, then ends; counts from the first line. */
  readonly turns?: number;
}

/** What came of it. */
export interface LoadResult {
  readonly lines: number;
  readonly seconds: number;
  readonly linesPerSecond: number;
  /** CPU seconds of each of the job's processes, in its order. */
  readonly cpuSeconds: readonly number[];
  /** CPU seconds of the generator itself. */
  readonly ownCpuSeconds: number;
  /** How many answers were compared byte by byte. */
  readonly checked: number;
  /** From when a line was due to be sent to its answer; for a paced job. */
  readonly latencyMs?: Readonly<Record<"p50" | "p90" | "p99" | "p999" | "max", number>>;
}
