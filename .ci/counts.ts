/**
 * What `deno test` counted.
 *
 * @module
 */

/** How many tests went how. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly ignored: number;
}

/**
 * @param output what `deno test --reporter=dot` printed, a line for each dot
 * @returns the rest of it: what failed, and the summary
 */
export function withoutDots(output: string): string {
  return output.replace(/^[.!,]\n/gm, "").trim();
}

/** A summary line: `ok | 2 passed (1 step) | 0 failed | 1 ignored (5ms)`. */
const summary = /^.*\b(\d+) passed\b.*\| (\d+) failed\b(?:.*\| (\d+) ignored\b)?.*$/gm;

/**
 * @param output what a program printed, colours or not
 * @param success whether it ended well
 * @returns what its last summary line says; a program that failed without one counts as a failure
 */
export function countsIn(output: string, success: boolean): Counts {
  // deno-lint-ignore no-control-regex
  const plain = output.replace(/\x1b\[[\d;]*m/g, "");
  const [, passed = 0, failed = 0, ignored = 0] = [...plain.matchAll(summary)].at(-1) ?? [];
  return {
    passed: Number(passed),
    failed: success ? Number(failed) : Math.max(1, Number(failed)),
    ignored: Number(ignored),
  };
}
