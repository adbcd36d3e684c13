/**
 * A server that tells how long its event loop stood still: ten times a second it prints a line
 * `pause EPOCH_MS LONGEST_MS`.
 *
 * @module
 */

import { parseCommandLine } from "../../lib/cli/command_line.ts";
import { serve } from "../../lib/cli/serve/serve.ts";

const printMs = 100;

/** What {@linkcode pausesOf} reads. */
const form = /^pause (\d+) ([\d.]+)$/gm;

/**
 * @param output what a probed server printed
 * @param fromMs from this moment on, as `Date.now()` has it
 * @returns the longest pauses of each tenth of a second since, in milliseconds
 */
export function pausesOf(output: string, fromMs: number): number[] {
  return [...output.matchAll(form)]
    .filter(([, atMs]) => Number(atMs) - printMs >= fromMs)
    .map(([, , longestMs]) => Number(longestMs));
}

if (import.meta.main) {
  let longestMs = 0;
  let lastMs = performance.now();
  setInterval(() => {
    const nowMs = performance.now();
    longestMs = Math.max(longestMs, nowMs - lastMs);
    lastMs = nowMs;
  }, 1);
  setInterval(() => {
    console.log(`pause ${Date.now()} ${longestMs.toFixed(1)}`);
    longestMs = 0;
  }, printMs);
  const line = parseCommandLine(Deno.args);
  if (line.command !== "serve") throw new TypeError("a probed server is one server");
  await serve(line, { secrets: () => Promise.resolve([]) });
  Deno.exit(0);
}
