/**
 * The load generator as the suite sees it.
 *
 * @module
 */

import { within } from "../process/waiting.ts";
import type { LoadJob, LoadResult } from "./load/job.ts";
import { denoRun, type Processes } from "./processes.ts";

/** What a job is when nothing else is said: 10,000 clients on 50 connections, one in flight. */
export const usualJob = {
  connections: 50,
  inFlight: 1,
  clients: 10_000,
  warmMs: 300,
  countMs: 1_000,
  pids: [],
} as const;

/** A running load generator. One is used for a whole run, so that it is warm. */
export class Generator {
  readonly #child: Deno.ChildProcess;
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #lines: ReadableStreamDefaultReader<string>;

  constructor(processes: Processes) {
    const options = { stdin: "piped", stdout: "piped" } as const;
    this.#child = processes.spawn(denoRun("./load.ts"), options);
    this.#writer = this.#child.stdin.getWriter();
    this.#lines = this.#child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  }

  /**
   * @param job what differs from {@linkcode usualJob}
   * @returns what came of it
   * @throws {Error} when an answer was wrong or did not come
   */
  async run(
    job: Partial<LoadJob> & Pick<LoadJob, "targets" | "dialect">,
  ): Promise<LoadResult> {
    await this.#writer.write(
      new TextEncoder().encode(`${JSON.stringify({ ...usualJob, ...job })}\n`),
    );
    let text = "";
    while (!text.endsWith("\n")) {
      const { value } = await within(this.#lines.read(), () => JSON.stringify(job), 600_000);
      if (value === undefined) throw new Error("the load generator ended");
      text += value;
    }
    const result = JSON.parse(text);
    if (result.error !== undefined) throw new Error(result.error);
    return result;
  }
}
