import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { getLogger, setup } from "@std/log";
import { LogFile, type LogFileOptions, type ShownLine, wireLabel } from "../../lib/log/log_file.ts";
import { MemoryClock } from "../memory_clock.ts";
import { needs } from "../needs.ts";

const encoder = new TextEncoder();

/** A log in a directory of its own, on a clock that the test moves. */
class Desk {
  readonly dir = Deno.makeTempDirSync();
  readonly path = `${this.dir}/Clark.log`;
  readonly clock = new MemoryClock(Date.UTC(2026, 10, 20, 15, 36, 59, 123));
  readonly troubles: string[] = [];

  log(options: Partial<LogFileOptions> = {}): LogFile {
    return new LogFile({
      path: this.path,
      fileBytesMax: 1_000_000,
      filesKept: 2,
      bufferBytes: 1_000,
      flushMs: 100,
      clock: this.clock,
      onTrouble: (message) => this.troubles.push(message),
      ...options,
    });
  }

  text(suffix = ""): string {
    return Deno.readTextFileSync(this.path + suffix);
  }

  /** The lines of the file without their times. */
  lines(suffix = ""): string[] {
    return this.text(suffix).split("\n").slice(0, -1).map((line) => line.slice(28));
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.dir, { recursive: true });
  }
}

const inLabel = wireLabel("in", "127.0.0.1:5");

function write(log: LogFile, line: string | Uint8Array, label = inLabel): void {
  const bytes = typeof line === "string" ? encoder.encode(line) : line;
  log.line(label, bytes, 0, bytes.length);
}

/** Logs an event as the herd does, by way of a logger. */
function tell(
  log: LogFile,
  message: string,
  level: "debug" | "info" | "warn" | "error" | "critical" = "info",
) {
  const logger = getLogger("herd");
  logger.handlers = [log];
  logger[level](message);
}

const files = await needs("read", "write");

function test(name: string, fn: (desk: Desk) => void): void {
  Deno.test({
    name,
    ...files,
    fn() {
      using desk = new Desk();
      fn(desk);
    },
  });
}

test("LogFile writes a UTC time in microseconds, a level, and the event or the line", (desk) => {
  const log = desk.log();
  log.setup();
  tell(log, "Clark listens");
  log.at({ seconds: 1621464827, nanoseconds: 959_498_503 });
  write(log, "IAMAT kiwi +34-118 1.5");
  write(log, "AT Clark +0.1 kiwi +34-118 1.5", wireLabel("out", "127.0.0.1:5"));
  log.at({ seconds: 1621464827, nanoseconds: 999_999_999 });
  write(log, "");
  log.at({ seconds: 1621464828, nanoseconds: 1_999 });
  tell(log, "link to Bona lost", "warn");
  log.log("a line as it is");
  log.destroy();
  assertEquals(
    desk.text(),
    "2026-11-20T15:36:59.123000Z INFO Clark listens\n" +
      "2021-05-19T22:53:47.959498Z INFO in 127.0.0.1:5 IAMAT kiwi +34-118 1.5\n" +
      "2021-05-19T22:53:47.959498Z INFO out 127.0.0.1:5 AT Clark +0.1 kiwi +34-118 1.5\n" +
      "2021-05-19T22:53:47.999999Z INFO in 127.0.0.1:5 \n" +
      "2026-11-20T15:36:59.123000Z WARN link to Bona lost\n" +
      "2026-11-20T15:36:59.123000Z a line as it is\n",
  );
});

test("LogFile escapes lines and events: nobody forges a line", (desk) => {
  const log = desk.log();
  const stranger = new Uint8Array([...encoder.encode("a\x1b[2J\\\u202e\u2028\u0085"), 0xff, 0x0d]);
  write(log, stranger);
  tell(log, "who said\n2026-11-20T15:36:59.123000Z INFO Clark stops");
  log.destroy();
  assertEquals(desk.lines(), [
    "INFO in 127.0.0.1:5 a\\x1b[2J\\\\\\u{202e}\\u{2028}\\u{85}\\xff\\x0d",
    "INFO who said\\n2026-11-20T15:36:59.123000Z INFO Clark stops",
  ]);
});

test("LogFile.shownLine() takes a line as it shows itself, however long", (desk) => {
  const log = desk.log();
  log.setup();
  const line = (shown: string): ShownLine => ({
    shownBytesMax: shown.length + 5,
    writeShownTo: ({ bytes }, at) => at + encoder.encodeInto(shown, bytes.subarray(at)).written,
  });
  const long = "long\\n".repeat(500);
  for (const shown of ["one\\ntwo", long, "three"]) log.shownLine(inLabel, line(shown));
  log.destroy();
  const before = "INFO in 127.0.0.1:5 ";
  assertEquals(desk.lines(), [`${before}one\\ntwo`, `${before}${long}`, `${before}three`]);
});

test("LogFile takes a part of an array", (desk) => {
  const log = desk.log();
  const bytes = encoder.encode("before IAMAT k\x00\nbehind");
  log.line(inLabel, bytes, 7, 14);
  log.line(inLabel, bytes, 7, 15);
  log.destroy();
  assertEquals(desk.lines(), ["INFO in 127.0.0.1:5 IAMAT k", "INFO in 127.0.0.1:5 IAMAT k\\x00"]);
});

test("LogFile leaves out events below INFO", (desk) => {
  const log = desk.log();
  tell(log, "too small", "debug");
  tell(log, "INFO is enough");
  log.destroy();
  assertEquals(desk.lines(), ["INFO INFO is enough"]);
});

test("LogFile is a handler of @std/log", (desk) => {
  const log = desk.log();
  setup({
    handlers: { file: log },
    loggers: { herd: { level: "INFO", handlers: ["file"] } },
  });
  try {
    getLogger("herd").warn("a warning");
  } finally {
    setup({});
  }
  assertEquals(desk.lines(), ["WARN a warning"]);
});

test("LogFile writes what waits after flushMs, all of it at once", (desk) => {
  const log = desk.log();
  log.setup();
  write(log, "one");
  desk.clock.advance(60);
  write(log, "two");
  desk.clock.advance(39);
  assertEquals(desk.text(), "");
  desk.clock.advance(1);
  assertEquals(desk.lines(), ["INFO in 127.0.0.1:5 one", "INFO in 127.0.0.1:5 two"]);
  assertEquals(desk.clock.timers, 0, "nothing waits, so no timer runs");
  write(log, "three");
  desk.clock.advance(99);
  assertEquals(desk.lines().length, 2);
  desk.clock.advance(1);
  assertEquals(desk.lines().length, 3);
  log.destroy();
});

test("LogFile writes before its buffer is full, and keeps every line in order", (desk) => {
  const log = desk.log({ bufferBytes: 500 });
  log.setup();
  const lines = Array.from({ length: 200 }, (_, at) => `${at} ${"x".repeat(at % 110)}`);
  lines.forEach((line, at) => {
    write(log, line);
    if (at % 50 === 49) assert(desk.lines().length > at - 10, "more waits than the buffer holds");
  });
  log.destroy();
  assertEquals(desk.lines(), lines.map((line) => `INFO in 127.0.0.1:5 ${line}`));
});

test("LogFile whose buffer is full writes whole pages, and the rest when it is flushed", (desk) => {
  Deno.writeTextFileSync(desk.path, "before\n");
  const log = desk.log({ bufferBytes: 20_000 });
  log.setup();
  const lines = Array.from({ length: 1_000 }, (_, at) => `${at} ${"x".repeat(at % 110)}`);
  const sizes = new Set<number>();
  for (const line of lines) {
    write(log, line);
    sizes.add(Deno.statSync(desk.path).size);
  }
  sizes.delete("before\n".length);
  assert(sizes.size > 4, `${sizes.size} writes`);
  for (const size of sizes) assertEquals(size % 4096, 0, `${size} bytes`);
  desk.clock.advance(100);
  const written = lines.map((line) => `INFO in 127.0.0.1:5 ${line}`);
  assertEquals(desk.lines().slice(1), written);
  log.destroy();
  assertEquals(desk.lines().slice(1), written);
});

test("LogFile writes nothing of a line whose beginning was lost", (desk) => {
  const log = desk.log({ path: `${desk.dir}/later/Clark.log`, bufferBytes: 10_000 });
  for (let at = 0; at < 300; at++) write(log, `lost ${at}`);
  assertEquals(desk.troubles.length, 1);
  Deno.mkdirSync(`${desk.dir}/later`);
  write(log, "kept");
  log.destroy();
  const text = Deno.readTextFileSync(`${desk.dir}/later/Clark.log`);
  assertMatch(text, /^(2026\S+Z INFO in 127\.0\.0\.1:5 lost \d+\n)+2026\S+Z INFO in \S+ kept\n$/);
});

test("LogFile writes a line longer than its buffer, after those before it", (desk) => {
  const log = desk.log({ bufferBytes: 200 });
  const long = "x".repeat(5_000);
  for (const line of ["before", long, "\n".repeat(300), "behind"]) write(log, line);
  tell(log, long);
  log.destroy();
  const label = "INFO in 127.0.0.1:5 ";
  assertEquals(desk.lines(), [
    `${label}before`,
    label + long,
    label + "\\n".repeat(300),
    `${label}behind`,
    `INFO ${long}`,
  ]);
});

test("LogFile writes an error at once", (desk) => {
  const log = desk.log();
  write(log, "one");
  tell(log, "trouble", "error");
  assertEquals(desk.lines(), ["INFO in 127.0.0.1:5 one", "ERROR trouble"]);
  tell(log, "the end", "critical");
  assertEquals(desk.lines().at(-1), "CRITICAL the end");
  log.destroy();
});

test("LogFile.destroy() writes what waits, stops the timer and may be called again", (desk) => {
  const log = desk.log();
  log.setup();
  write(log, "last words");
  log.destroy();
  assertEquals(desk.lines(), ["INFO in 127.0.0.1:5 last words"]);
  assertEquals(desk.clock.timers, 0);
  log.destroy();
});

test("LogFile goes on where a file of before ended", (desk) => {
  Deno.writeTextFileSync(desk.path, "before\n");
  const log = desk.log();
  log.setup();
  write(log, "now");
  log.destroy();
  assertMatch(desk.text(), /^before\n2026\S+Z INFO in 127\.0\.0\.1:5 now\n$/);
});

test("LogFile sets a file aside at its size, keeps so many, and loses no line of those", (desk) => {
  const log = desk.log({ fileBytesMax: 600, bufferBytes: 300 });
  log.setup();
  const lines = Array.from({ length: 40 }, (_, at) => `line ${at}`);
  for (const line of lines) {
    write(log, line);
    log.flush();
  }
  log.destroy();
  const names = [...Deno.readDirSync(desk.dir)].map(({ name }) => name).sort();
  // The oldest is removed on another thread, in its own time.
  const current = names.filter((name) => name !== "Clark.log.old");
  assertEquals(current, ["Clark.log", "Clark.log.1", "Clark.log.2"]);
  const kept = [".2", ".1", ""].flatMap((suffix) => desk.lines(suffix));
  assertEquals(
    kept,
    lines.slice(-kept.length).map((line) => `INFO in 127.0.0.1:5 ${line}`),
  );
  for (const suffix of [".1", ".2"]) {
    assertMatch(desk.text(suffix), /\n$/);
    const { size } = Deno.statSync(desk.path + suffix);
    assert(size >= 600 && size < 600 + 300, `${size} bytes in ${suffix}`);
  }
  assertEquals(desk.troubles, []);
});

test("LogFile sets a file aside behind a line, also where its buffer is full", (desk) => {
  const log = desk.log({ fileBytesMax: 50_000, bufferBytes: 20_000 });
  log.setup();
  const lines = Array.from({ length: 1_200 }, (_, at) => `${at} ${"x".repeat(at % 110)}`);
  for (const line of lines) write(log, line);
  log.destroy();
  const kept = [".2", ".1", ""].flatMap((suffix) => desk.lines(suffix));
  assertEquals(kept, lines.map((line) => `INFO in 127.0.0.1:5 ${line}`));
  for (const suffix of [".1", ".2"]) assertMatch(desk.text(suffix), /\n$/);
});

test("LogFile counts what a file of before holds towards its size", (desk) => {
  Deno.writeTextFileSync(desk.path, "x".repeat(590) + "\n");
  const log = desk.log({ fileBytesMax: 600 });
  log.setup();
  write(log, "the last of this file");
  log.flush();
  assertEquals(desk.text(), "");
  assertMatch(desk.text(".1"), /the last of this file\n$/);
  log.destroy();
});

test("LogFile.setup() throws when the file cannot be opened", (desk) => {
  assertThrows(() => desk.log({ path: `${desk.dir}/missing/Clark.log` }).setup());
});

test("LogFile that cannot be written says so once, goes on, and says once when it can", (desk) => {
  const path = `${desk.dir}/later/Clark.log`;
  const log = desk.log({ path });
  for (let at = 0; at < 5; at++) {
    write(log, `lost ${at}`);
    desk.clock.advance(100);
  }
  assertEquals(desk.troubles.length, 1);
  assertMatch(desk.troubles[0]!, /later\/Clark\.log cannot be written, lines are lost: /);
  Deno.mkdirSync(`${desk.dir}/later`);
  for (const line of ["kept", "kept too"]) {
    write(log, line);
    desk.clock.advance(100);
  }
  assertEquals(desk.troubles.slice(1), [`${path} is written again`]);
  log.destroy();
  const text = Deno.readTextFileSync(path);
  assertMatch(text, /^\S+ INFO in 127\.0\.0\.1:5 kept\n\S+ INFO in 127\.0\.0\.1:5 kept too\n$/);
});

Deno.test({
  name: "LogFile on a full disk says so once and goes on",
  // The device that is always full is Linux's.
  ignore: files.ignore || Deno.build.os !== "linux" ||
    (await Deno.permissions.query({ name: "write", path: "/dev/full" })).state !== "granted",
  fn() {
    using desk = new Desk();
    const log = desk.log({ path: "/dev/full" });
    log.setup();
    for (let at = 0; at < 5; at++) {
      write(log, "lost");
      tell(log, "lost", "error");
      write(log, "x".repeat(2_000));
    }
    log.destroy();
    assertEquals(desk.troubles.length, 1);
    assertMatch(desk.troubles[0]!, /^\/dev\/full cannot be written, lines are lost: /);
  },
});

for (const how of ["moved", "removed"] as const) {
  const goes = (path: string) =>
    how === "moved" ? Deno.renameSync(path, `${path}.away`) : Deno.removeSync(path);

  test(`LogFile that was ${how} is opened anew within 5 s, and when it is told to`, (desk) => {
    const log = desk.log();
    log.setup();
    write(log, "one");
    log.flush();
    goes(desk.path);
    desk.clock.advance(4_800);
    write(log, "two");
    desk.clock.advance(100);
    assertEquals(desk.lines(), ["INFO in 127.0.0.1:5 two"]);
    goes(desk.path);
    write(log, "in time");
    log.reopen();
    write(log, "three");
    log.destroy();
    assertEquals(desk.lines(), ["INFO in 127.0.0.1:5 three"]);
    assertEquals(desk.troubles, []);
    if (how === "moved") assertEquals(desk.lines(".away").length, 2);
  });
}

test("LogFile whose trouble is logged to it again does not go round in circles", (desk) => {
  const path = `${desk.dir}/later/Clark.log`;
  const log: LogFile = desk.log({
    path,
    onTrouble: (message) => {
      desk.troubles.push(message);
      tell(log, message, "error");
    },
  });
  tell(log, "lost", "error");
  assertEquals(desk.troubles.length, 1);
  Deno.mkdirSync(`${desk.dir}/later`);
  tell(log, "kept", "error");
  log.destroy();
  assertEquals(desk.troubles.slice(1), [`${path} is written again`]);
  assertMatch(Deno.readTextFileSync(path), /ERROR kept\n\S+ ERROR \S+ is written again\n$/);
});

test("LogFile that cannot be set aside loses no line and does not say so at every write", (desk) => {
  // A directory with something in it cannot be replaced by a file.
  Deno.mkdirSync(`${desk.path}.1/taken`, { recursive: true });
  const log = desk.log({ fileBytesMax: 600, filesKept: 1 });
  log.setup();
  for (let at = 0; at < 20; at++) {
    write(log, `line ${at}`);
    log.flush();
  }
  const lines = Array.from({ length: 20 }, (_, at) => `INFO in 127.0.0.1:5 line ${at}`);
  assertEquals(desk.lines(), lines);
  assertEquals(desk.troubles.length, 1);
  assertMatch(desk.troubles[0]!, /Clark\.log cannot be set aside: /);
  Deno.removeSync(`${desk.path}.1`, { recursive: true });
  for (let at = 20; at < 30; at++) {
    write(log, `line ${at}`);
    log.flush();
  }
  log.destroy();
  const kept = [...desk.lines(".1"), ...desk.lines()];
  assert(desk.lines().length < 10);
  assertEquals(kept, Array.from({ length: 30 }, (_, at) => `INFO in 127.0.0.1:5 line ${at}`));
  assertEquals(desk.troubles.length, 1);
});
