/**
 * `deno task test`: every test, room by room, with a line for each room while it runs and only what
 * failed in full. `deno task test links cli` takes these rooms; flags are passed on to `deno test`.
 *
 * @module
 */

import { type Counts, countsIn, withoutDots } from "./counts.ts";

/** Folders of `tests/` without tests that belong here: benchmarks are no tests. */
const noRooms = new Set(["bench"]);

/** Rooms that only run when they are named: they need an executable. */
const onlyNamed = new Set(["tests/binary"]);

const root = new URL("../", import.meta.url);

/** The width of a room's name. */
const nameWidth = 23;

/** @returns whether there are tests in a folder, or in one of its own */
function hasTests(folder: URL): boolean {
  return [...Deno.readDirSync(folder)].some(({ name, isDirectory }) =>
    isDirectory ? hasTests(new URL(`${name}/`, folder)) : name.endsWith("_test.ts")
  );
}

/** @returns the rooms of `tests/`, and the tests that are in none, from the top of the project */
export function roomsOfTests(): string[] {
  const entries = [...Deno.readDirSync(new URL("tests/", root))];
  return entries
    .filter(({ name, isDirectory }) =>
      isDirectory
        ? !noRooms.has(name) && hasTests(new URL(`tests/${name}/`, root))
        : name.endsWith("_test.ts")
    )
    .map(({ name }) => `tests/${name}`)
    .sort();
}

/** @returns what Deno printed, and whether it ended well */
async function deno(...args: string[]): Promise<{ output: string; success: boolean }> {
  const { stdout, stderr, success } = await new Deno.Command(Deno.execPath(), {
    args,
    cwd: root,
    stdin: "null",
    env: { NO_COLOR: "1" },
  }).output();
  const decoder = new TextDecoder();
  return { output: decoder.decode(stdout) + decoder.decode(stderr), success };
}

const print = (text: string) => Deno.stdout.writeSync(new TextEncoder().encode(text));

/** Runs the tests of one room, and prints its line. */
async function runRoom(path: string, flags: readonly string[]): Promise<Counts> {
  const begunMs = performance.now();
  print(`${path.replace(/^tests\//, "").padEnd(nameWidth)} `);
  const { output, success } = await deno(
    ...["test", "--quiet", "--no-check", "--reporter=dot", "--allow-all", ...flags, path],
  );
  const counts = countsIn(output, success);
  const { passed, failed, ignored } = counts;
  const tookS = (performance.now() - begunMs) / 1_000;
  const others = `${failed > 0 ? `, ${failed} FAILED` : ""}${
    ignored > 0 ? `, ${ignored} ignored` : ""
  }`;
  print(`${String(passed).padStart(5)} passed${others}, ${tookS.toFixed(1)} s\n`);
  if (failed > 0) print(`\n${withoutDots(output)}\n\n`);
  return counts;
}

async function main(args: readonly string[]): Promise<boolean> {
  const flags = args.filter((arg) => arg.startsWith("-"));
  const rooms = roomsOfTests();
  const named = args.filter((arg) => !arg.startsWith("-"))
    .map((name) => rooms.includes(`tests/${name}`) ? `tests/${name}` : name);
  const unknown = named.find((path) => !/^tests\/./.test(path));
  if (unknown !== undefined) {
    const names = rooms.map((room) => room.slice("tests/".length)).join(", ");
    console.error(`no room "${unknown}" in tests/: it has ${names}`);
    return false;
  }
  const paths = named.length > 0 ? named : rooms.filter((room) => !onlyNamed.has(room));
  const begunMs = performance.now();
  // Once for all: the rooms have most of their modules in common.
  const types = await deno("check", "--quiet", ...paths);
  if (!types.success) {
    print(types.output);
    return false;
  }
  const sum = { passed: 0, failed: 0, ignored: 0 };
  for (const path of paths) {
    const { passed, failed, ignored } = await runRoom(path, flags);
    sum.passed += passed;
    sum.failed += failed;
    sum.ignored += ignored;
  }
  const tookS = Math.round((performance.now() - begunMs) / 1_000);
  const ignored = sum.ignored > 0 ? ` | ${sum.ignored} ignored` : "";
  print(`${sum.passed} passed | ${sum.failed} failed${ignored} (${tookS} s)\n`);
  return sum.failed === 0 && sum.passed > 0;
}

if (import.meta.main) Deno.exit(await main(Deno.args) ? 0 : 1);
