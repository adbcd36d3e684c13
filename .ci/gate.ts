/**
 * `deno task ok`: what must hold before a change is taken, step by step, ending with a line
 * `N passed, N failed`.
 *
 * `--fast` runs the steps that take seconds. Where no executable can be made, it says what was
 * therefore not tested; with `--with-executable` that is a failure.
 *
 * @module
 */

import { type Counts, countsIn, withoutDots } from "./counts.ts";
import { type Step, steps } from "./steps.ts";

const root = new URL("../", import.meta.url);
const executable = `herd-server${Deno.build.os === "windows" ? ".exe" : ""}`;

/** How a step went. */
interface Outcome extends Counts {
  readonly success: boolean;
  /** What the step itself said it did not test. */
  readonly notTested: readonly string[];
}

/**
 * @param all the steps of the gate
 * @param isFast whether only those are wanted that take seconds
 * @returns the steps to run on this system
 */
export function chosen(all: readonly Step[], isFast: boolean): Step[] {
  return all
    .filter((step) => isFast ? step.isFast : !step.isOnlyFast)
    .filter(({ notOn = [] }) => !notOn.includes(Deno.build.os));
}

/** Keeps what comes, and shows it at once where that is wanted. */
async function kept(stream: ReadableStream<Uint8Array>, isShown: boolean): Promise<string> {
  const decoder = new TextDecoder();
  let text = "";
  for await (const bytes of stream) {
    if (isShown) Deno.stdout.writeSync(bytes);
    text += decoder.decode(bytes, { stream: true });
  }
  return text;
}

/** Runs a step. What it prints is seen as it comes, but for the dots of a reporter. */
async function run(step: Step): Promise<Outcome> {
  const isShown = step.args[0] !== "test";
  const begunMs = performance.now();
  console.log(`== ${step.name}: deno ${step.args.join(" ")}`);
  const child = new Deno.Command(Deno.execPath(), {
    args: [...step.args],
    cwd: root,
    env: {
      NO_COLOR: "1",
      DENO_NO_UPDATE_CHECK: "1",
      ...(step.needsExecutable ? { HERD_SERVER: `./${executable}` } : {}),
    },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const [{ success }, ...texts] = await Promise.all([
    child.status,
    kept(child.stdout, isShown),
    kept(child.stderr, isShown),
  ]);
  const output = texts.join("\n");
  if (!isShown) console.log(withoutDots(output));
  const counts = countsIn(output, success);
  const notTested = [...output.matchAll(/^NOT TESTED: (.*)$/gm)].map(([, what]) => what!);
  if (counts.ignored > 0 && !step.mayIgnore) {
    notTested.push(`${step.name}: ${counts.ignored} ignored`);
  }
  const tookS = ((performance.now() - begunMs) / 1_000).toFixed(1);
  console.log(`== ${step.name}: ${success ? "ok" : "FAILED"}, ${tookS} s\n`);
  return { ...counts, success, notTested };
}

/** @returns whether the gate is passed */
async function gate({ isFast, isExecutableDue }: { isFast: boolean; isExecutableDue: boolean }) {
  let [passed, failed] = [0, 0];
  const notTested: string[] = [];
  let hasExecutable = true;
  for (const step of chosen(steps, isFast)) {
    if (step.needsExecutable && !hasExecutable) {
      notTested.push(step.name);
      continue;
    }
    // One of an earlier run must not pass for this one's.
    if (step.makesExecutable) await Deno.remove(new URL(executable, root)).catch(() => {});
    const outcome = await run(step);
    notTested.push(...outcome.notTested);
    passed += outcome.passed;
    // With a base at hand the fault is not the network's.
    const isDue = isExecutableDue || Deno.env.get("DENORT_BIN");
    if (step.makesExecutable && !outcome.success && !isDue) {
      hasExecutable = false;
      notTested.push(`${step.name}: it could not be made here`);
    } else failed += outcome.failed;
  }
  for (const what of notTested) console.log(`NOT TESTED: ${what}`);
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0;
}

if (import.meta.main) {
  const unknown = Deno.args.find((arg) => arg !== "--fast" && arg !== "--with-executable");
  if (unknown !== undefined) {
    console.error(`unknown "${unknown}": deno task ok [--fast] [--with-executable]`);
    Deno.exit(2);
  }
  const passed = await gate({
    isFast: Deno.args.includes("--fast"),
    isExecutableDue: Deno.args.includes("--with-executable"),
  });
  Deno.exit(passed ? 0 : 1);
}
