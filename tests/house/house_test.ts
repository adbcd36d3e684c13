import { assert, assertEquals } from "@std/assert";
import * as limits from "../../lib/limits.ts";
import { needs } from "../needs.ts";
import { isBound, strayBounds } from "./bounds.ts";
import { circleIn, edgesOf, pastTheSeam, roomOf, wrongWith } from "./floors.ts";
import { readSource, type SourceFile } from "./source_file.ts";

/** The most files of a folder, and the lines that a file and a function stay under. */
const [folderFilesMax, fileLinesMax, functionLinesMax] = [16, 300, 50];

const root = new URL("../../", import.meta.url);
const files = await needs("read");

/** Every file of a folder and of those in it, from the top of the project. */
function pathsIn(folder: string): string[] {
  return [...Deno.readDirSync(new URL(folder, root))].flatMap(({ name, isDirectory }) =>
    isDirectory ? pathsIn(`${folder}${name}/`) : `${folder}${name}`
  );
}

let house: SourceFile[] | undefined;

/** Every module of the program, read once. */
function sources(): SourceFile[] {
  const paths = () => [...pathsIn("lib/").filter((path) => path.endsWith(".ts")), "main.ts"];
  const read = (path: string) => readSource(path, Deno.readTextFileSync(new URL(path, root)));
  return house ??= paths().map(read);
}

function test(name: string, fn: () => void): void {
  Deno.test({ name, ...files, fn });
}

test("readSource() finds every way to name a module, and no example in a comment", () => {
  const text = [
    '// @ts-types="./a.d.ts"',
    'import a, { type b } from "./a.ts";',
    'import type { C } from "./c.ts";',
    'import "./d.ts";',
    'export * from "./e.ts";',
    'export type { F } from "./f.ts";',
    'type G = import("./g.ts").G;',
    'const { h } = await import("./h.ts");',
    '/** import { no } from "./no.ts"; */',
    "const text = 'import \"./no.ts\"';",
    "",
  ].join("\n");
  assertEquals(
    readSource("lib/x.ts", text).imports.map(({ text }) => text).sort(),
    [..."acdefgh"].map((letter) => `./${letter}.ts`).concat("./a.d.ts").sort(),
  );
});

test("readSource() finds sockets, the clock, timers and chance", () => {
  const uses = [
    ...["Deno.listen", "Deno.connect", "Deno.listenTls", "Deno.connectTls", "Deno.serve"],
    ...["Date.now", "performance.now", "new Date()", "Math.random", "crypto.getRandomValues"],
    ...["setTimeout", "setInterval", "setImmediate", "AbortSignal.timeout"],
  ];
  const text = `/** Date.now */\n${uses.map((use) => `console.log(${use});`).join("\n")}\n`;
  const { world } = readSource("lib/x.ts", text);
  assertEquals(world.map(({ text }) => text), uses);
  assertEquals(world.map(({ line }) => line), uses.map((_, index) => index + 2));
  assertEquals(readSource("lib/x.ts", "new Date(0); clock.now(); x.connect();\n").world, []);
});

test("readSource() counts a function's lines from its first to its last", () => {
  const text = "class A {\n  b() {\n    return 1;\n  }\n}\nconst c = () =>\n  1;\n";
  const { functions, lines } = readSource("lib/x.ts", text);
  assertEquals(functions.map(({ line, lines }) => [line, lines]), [[2, 3], [6, 2]]);
  assertEquals(lines, 7);
});

test("wrongWith() lets an import down, and not up, sideways or out of the house", () => {
  const verdict = (from: string, to: string) =>
    wrongWith({ from, to, line: 1, text: `${from} imports ${to}` });
  assertEquals(verdict("lib/server/a.ts", "lib/locations/table.ts"), null);
  assertEquals(verdict("lib/links/links.ts", "lib/links/hello.ts"), null);
  assert(verdict("lib/locations/table.ts", "lib/server/a.ts")?.includes(": up, from"));
  assert(verdict("lib/places/places.ts", "lib/places/google/google.ts")?.includes(": up, from"));
  for (
    const to of ["lib/store/store.ts", "lib/gateway/a.ts", "lib/jetstream/a.ts"]
  ) {
    assert(verdict("lib/links/links.ts", to)?.includes("know nothing of each other"), to);
  }
  for (const to of ["lib/links/links.ts", "lib/gateway/a.ts", "lib/jetstream/a.ts"]) {
    assert(verdict("lib/server/a.ts", to)?.includes("know nothing of each other"), to);
  }
  assertEquals(verdict("lib/server/a.ts", "lib/store/store.ts"), null);
  const google = "lib/places/google/google.ts";
  assert(verdict(google, "lib/places/gazetteer/gazetteer.ts")?.includes("know nothing"));
  assert(verdict("lib/links/links.ts", "tests/needs.ts")?.includes("on no floor"));
});

test("circleIn() finds a circle of files, and none where two ways meet", () => {
  const edges = (...pairs: string[]) =>
    pairs.map(([from, to]) => ({ from: from!, to: to!, line: 1, text: "" }));
  assertEquals(circleIn(edges("ab", "ac", "bd", "cd")), []);
  assertEquals(circleIn(edges("ab", "bc", "cd", "db")), ["b", "c", "d", "b"]);
  assertEquals(circleIn(edges("aa")), ["a", "a"]);
});

test("isBound() knows a bound by its name, and leaves a layout's parts where they are", () => {
  const bounds = (text: string) =>
    readSource("lib/x.ts", text).numbers.filter(isBound).map(({ name }) => name);
  assertEquals(bounds("const waitMs = 1_000;\nexport const linesMax = 2 * 4;\n"), [
    "waitMs",
    "linesMax",
  ]);
  assertEquals(bounds("const options = { maxClients: 9, perMinute: 0 };\n"), ["maxClients"]);
  assertEquals(bounds("retry({ msMin: 200 }); function f({ timeoutMs = 9 } = {}) {}\n"), [
    "msMin",
    "timeoutMs",
  ]);
  assertEquals(bounds("class A { static readonly idleMs = 5; readonly #keptMax = 4; }\n"), [
    "idleMs",
    "keptMax",
  ]);
  assertEquals(bounds("const bufferBytes = 64 * 1024;\nconst cellBytes = 104;\n"), ["bufferBytes"]);
  assertEquals(bounds("clock.after(500, retry); delay(20); clock.after(waitMs, retry);\n"), [
    ...["afterMs", "delayMs"],
  ]);
  assertEquals(bounds("let startMs = 5; const endMs = 0; const halfMax = other / 2;\n"), []);
});

test("every file of lib/ is on a floor", () => {
  assertEquals(
    pathsIn("lib/").filter((path) => path.endsWith(".ts") && roomOf(path) === undefined),
    [],
  );
});

test("every import goes down, and rooms of one floor know nothing of each other", () => {
  const edges = edgesOf(sources());
  assert(edges.length > sources().length, "imports were read");
  assertEquals(edges.map(wrongWith).filter((wrong) => wrong !== null), []);
});

test("no files import each other in a circle, types included", () => {
  assertEquals(circleIn(edgesOf(sources())), []);
});

test("sockets, the clock and chance are used in lib/transport only", () => {
  assertEquals(pastTheSeam(sources()), []);
  const seam = sources().filter(({ path }) => path.startsWith("lib/transport/"));
  assert(seam.some(({ world }) => world.length > 0), "uses were read");
});

test("every bound is in lib/limits.ts", () => {
  assertEquals(strayBounds(sources()), []);
});

test("every limit is used by the program, and measured by a test", () => {
  const read = (path: string) => Deno.readTextFileSync(new URL(path, root));
  const paths = sources().map(({ path }) => path).filter((path) => path !== "lib/limits.ts");
  const program = paths.map(read).join("\n");
  const tests = read("tests/limits_test.ts");
  for (const name of Object.keys(limits)) {
    assert(new RegExp(`\\b${name}\\b`).test(program), `nobody uses ${name}`);
    assert(new RegExp(`\\blimits\\.${name}\\b`).test(tests), `no test measures ${name}`);
  }
});

test("no folder of lib/ has more than 16 files", () => {
  const counts = Map.groupBy(pathsIn("lib/"), (path) => path.replace(/[^/]*$/, ""));
  const full = [...counts].filter(([, { length }]) => length > folderFilesMax);
  assertEquals(full.map(([folder, { length }]) => `${folder} has ${length}`), []);
});

test("every file of lib/ is shorter than 300 lines, every function than 50", () => {
  const long = sources().filter(({ lines }) => lines >= fileLinesMax);
  assertEquals(long.map(({ path, lines }) => `${path} has ${lines} lines`), []);
  const functions = sources().flatMap(({ path, functions }) =>
    functions
      .filter(({ lines }) => lines >= functionLinesMax)
      .map(({ line, lines, text }) => `${path}:${line} has ${lines} lines: ${text}`)
  );
  assertEquals(functions, []);
});
