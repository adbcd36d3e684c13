/**
 * The load generator, a process of its own: takes one job a line on standard input, as JSON, and
 * answers each with one line.
 *
 *     deno run --allow-all tests/bench/load.ts
 *
 * @module
 */

import { runAsked } from "./load/asked.ts";
import { runClosed } from "./load/closed.ts";
import type { LoadJob } from "./load/job.ts";
import { runPaced } from "./load/paced.ts";
import { Stamps } from "./load/traffic.ts";

const stamps = new Stamps();
let text = "";
for await (const piece of Deno.stdin.readable.pipeThrough(new TextDecoderStream())) {
  const lines = (text + piece).split("\n");
  text = lines.pop()!;
  for (const line of lines) console.log(JSON.stringify(answer(line)));
}

function answer(line: string) {
  try {
    const job = JSON.parse(line) as LoadJob;
    const { questions } = job;
    if (questions !== undefined) return runAsked({ ...job, questions });
    return job.linesPerSecond === undefined ? runClosed(job, stamps) : runPaced(job, stamps);
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error) };
  }
}
