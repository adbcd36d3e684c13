/**
 * The steps of the one gate, in their order. `deno task ok`, `.ci/run`, the workflows and the hook
 * before a commit take them from here.
 *
 * @module
 */

/** One thing that must hold. */
export interface Step {
  readonly name: string;
  /** What Deno is told. */
  readonly args: readonly string[];
  /** Whether it is a part of `deno task ok --fast`. */
  readonly isFast?: boolean;
  /** Whether only `--fast` runs it, since it is a part of another step. */
  readonly isOnlyFast?: boolean;
  /** Whether it tests the executable, which an earlier step made. */
  readonly needsExecutable?: boolean;
  /** Whether it makes the executable. */
  readonly makesExecutable?: boolean;
  /** Systems on which it does not apply. */
  readonly notOn?: readonly (typeof Deno.build.os)[];
  /** Whether the tests that it ignores are run by another step. */
  readonly mayIgnore?: boolean;
}

/** Every step. */
export const steps: readonly Step[] = [
  { name: "format", args: ["fmt", "--check", "--quiet"], isFast: true },
  { name: "lint", args: ["lint", "--quiet"], isFast: true },
  { name: "types", args: ["check", "--quiet", "main.ts", "lib", "tests", ".ci"], isFast: true },
  {
    name: "house",
    args: ["task", "--quiet", "test", "house", "limits_test.ts", "ci"],
    isFast: true,
    isOnlyFast: true,
  },
  { name: "examples", args: ["test", "--quiet", "--doc", "--reporter=dot", "--allow-read", "lib"] },
  { name: "tests", args: ["task", "--quiet", "test"] },
  {
    name: "tests without permissions",
    args: ["test", "--quiet", "--reporter=dot", "--ignore=tests/bench", "tests"],
    mayIgnore: true,
  },
  // Another part for every commit; all of them by hand: deno task mutants.
  { name: "mutants, a part", args: ["task", "--quiet", "mutants", "--part"] },
  { name: "audit", args: ["task", "--quiet", "audit"] },
  { name: "executable", args: ["task", "--quiet", "compile"], makesExecutable: true },
  {
    name: "the assignment, by the executable",
    args: ["task", "--quiet", "test:spec"],
    needsExecutable: true,
  },
  {
    name: "promises of the executable",
    args: ["task", "--quiet", "test:binary"],
    needsExecutable: true,
    notOn: ["windows"],
  },
];
