import { assertEquals } from "@std/assert";
import { History, historyPath } from "../../../lib/cli/client/history.ts";
import { historyLinesMax } from "../../../lib/limits.ts";
import { needs } from "../../needs.ts";

Deno.test({
  name: "historyPath() is where the system keeps such things, and nowhere without a home",
  permissions: "none",
  fn() {
    const path = (os: typeof Deno.build.os, variables: Record<string, string>) =>
      historyPath({ os, env: (name) => variables[name] });
    const unix = { HOME: "/home/jane", XDG_STATE_HOME: "/state" };
    assertEquals(path("linux", unix), "/state/herd/history");
    assertEquals(path("darwin", { HOME: "/home/jane" }), "/home/jane/.local/state/herd/history");
    assertEquals(path("windows", { ...unix, LOCALAPPDATA: "C:\\L" }), "C:\\L/herd/history");
    assertEquals([path("linux", {}), path("windows", unix)], [null, null]);
  },
});

const files = await needs("read", "write");

/** A path in a directory of its own, which is removed. */
function withPath(fn: (path: string) => void): void {
  const directory = Deno.makeTempDirSync();
  try {
    fn(`${directory}/herd/history`);
  } finally {
    Deno.removeSync(directory, { recursive: true });
  }
}

Deno.test({
  name: "History gives the lines of earlier runs, the newest first and none twice",
  ...files,
  fn() {
    withPath((path) => {
      const first = new History(path);
      assertEquals(first.lines, []);
      for (const line of ["one", "two", "one", " ", "three"]) first.add(line);
      assertEquals(new History(path).lines, ["three", "one", "two"]);
    });
  },
});

Deno.test({
  name: "History is read and written by its owner only",
  ...files,
  ignore: files.ignore || Deno.build.os === "windows",
  fn() {
    withPath((path) => {
      new History(path).add("IAMAT kiwi +34-118 now");
      assertEquals(Deno.statSync(path).mode! & 0o777, 0o600);
      assertEquals(Deno.statSync(path.replace("/history", "")).mode! & 0o777, 0o700);
    });
  },
});

Deno.test({
  name: "History keeps no token",
  ...files,
  fn() {
    withPath((path) => {
      const history = new History(path);
      for (const line of ["AUTH eyJh", "  auth eyJh", "AUTHOR"]) history.add(line);
      assertEquals(Deno.readTextFileSync(path), "AUTHOR\n");
    });
  },
});

Deno.test({
  name: "History keeps its file from growing without end",
  ...files,
  fn() {
    withPath((path) => {
      const history = new History(path);
      history.add("first");
      const many = Array.from({ length: 2 * historyLinesMax }, (_, number) => `line ${number}\n`);
      Deno.writeTextFileSync(path, many.join(""), { append: true });
      assertEquals(new History(path).lines.length, historyLinesMax);
      const kept = Deno.readTextFileSync(path).trimEnd().split("\n");
      assertEquals([kept.length, kept.at(-1)], [historyLinesMax, many.at(-1)!.trimEnd()]);
    });
  },
});

Deno.test({
  name: "History that cannot be kept is none",
  ...files,
  fn() {
    const history = new History("/dev/null/herd/history");
    history.add("one");
    new History(null).add("one");
    assertEquals(history.lines, []);
  },
});
