import { assert, assertEquals } from "@std/assert";
import { countsIn, withoutDots } from "../../.ci/counts.ts";
import { chosen } from "../../.ci/gate.ts";
import { type Step, steps } from "../../.ci/steps.ts";
import { roomsOfTests } from "../../.ci/test.ts";
import configuration from "../../deno.json" with { type: "json" };
import { needs } from "../needs.ts";

const root = new URL("../../", import.meta.url);

function test(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

test("countsIn() reads the last summary line, coloured or not", () => {
  const counts = { passed: 830, failed: 1, ignored: 252 };
  const line = "FAILED | 830 passed (160 steps) | 1 failed (2 steps) | 252 ignored (1m10s)";
  assertEquals(countsIn(`${line}\n\nerror: Test failed\n`, false), counts);
  assertEquals(countsIn(`\x1b[31mFAILED\x1b[0m${line.slice(6)}\n`, false), counts);
  assertEquals(countsIn(`ok | 2 passed | 0 failed (1s)\n${line}\n`, false), counts);
  assertEquals(countsIn("86 passed | 0 failed (5 s)\n", true), {
    ...{ passed: 86, failed: 0, ignored: 0 },
  });
});

test("countsIn() takes a program that failed without a count for one failure", () => {
  assertEquals(countsIn("error: no such file\n", false).failed, 1);
  assertEquals(countsIn("ok | 5 passed | 0 failed (1s)\n", false), {
    ...{ passed: 5, failed: 1, ignored: 0 },
  });
  assertEquals(countsIn("", true), { passed: 0, failed: 0, ignored: 0 });
});

test("withoutDots() leaves what failed, and the summary", () => {
  assertEquals(
    withoutDots(".\n!\n,\n\n ERRORS \n\na => b:1\n...\n\nFAILED | 1 passed\n"),
    "ERRORS \n\na => b:1\n...\n\nFAILED | 1 passed",
  );
});

test("chosen() leaves to the fast gate what takes seconds, and to the whole one all but it", () => {
  const step = (name: string, rest: Partial<Step>): Step => ({ name, args: [], ...rest });
  const all = [
    step("both", { isFast: true }),
    step("fast", { isFast: true, isOnlyFast: true }),
    step("slow", {}),
    step("elsewhere", { isFast: true, notOn: [Deno.build.os] }),
  ];
  assertEquals(chosen(all, true).map(({ name }) => name), ["both", "fast"]);
  assertEquals(chosen(all, false).map(({ name }) => name), ["both", "slow"]);
});

test("steps are of Deno's commands and of tasks that there are", () => {
  for (const { name, args: [command, ...args] } of steps) {
    assert(["fmt", "lint", "check", "test", "task"].includes(command!), name);
    if (command !== "task") continue;
    const task = args.find((arg) => !arg.startsWith("-"))!;
    assert(Object.hasOwn(configuration.tasks, task), task);
  }
});

test("steps make the executable before they test it", () => {
  const made = steps.findIndex(({ makesExecutable }) => makesExecutable);
  const needed = steps.findIndex(({ needsExecutable }) => needsExecutable);
  assert(made >= 0 && made < needed);
});

Deno.test({
  name: "the fast gate runs rooms that there are, and deno task test every file of tests",
  ...await needs("read"),
  fn() {
    const rooms = roomsOfTests();
    const fast = steps.find(({ isOnlyFast }) => isOnlyFast)!.args;
    for (const room of fast.slice(fast.indexOf("test") + 1)) {
      assert(rooms.includes(`tests/${room}`), room);
    }
    const files = (folder: string): string[] =>
      [...Deno.readDirSync(new URL(folder, root))].flatMap(({ name, isDirectory }) =>
        isDirectory ? files(`${folder}${name}/`) : `${folder}${name}`
      );
    const tests = files("tests/").filter((path) => path.endsWith("_test.ts"));
    assert(tests.length > 100);
    const missed = tests.filter((path) =>
      !path.startsWith("tests/bench/") && !rooms.some((room) => `${path}/`.startsWith(`${room}/`))
    );
    assertEquals(missed, []);
  },
});

Deno.test({
  name: "deno task ok, .ci/run and the hook are one gate",
  ...await needs("read"),
  fn() {
    const lastLine = (path: string) =>
      Deno.readTextFileSync(new URL(path, root)).trim().split("\n").at(-1);
    assert(configuration.tasks.ok.command.endsWith(" .ci/gate.ts"));
    assertEquals(lastLine(".ci/run"), 'exec deno task --quiet ok "$@" </dev/null');
    assertEquals(lastLine(".githooks/pre-commit"), "exec deno task --quiet ok --fast");
    assert(Deno.build.os === "windows" || Deno.statSync(new URL(".ci/run", root)).mode! & 0o100);
  },
});
