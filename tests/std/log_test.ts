import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import {
  BaseHandler,
  ConsoleHandler,
  FileHandler,
  getLevelByName,
  getLevelName,
  getLogger,
  type LevelName,
  Logger,
  LogLevelNames,
  LogLevels,
  LogRecord,
  RotatingFileHandler,
  setup,
} from "@std/log";
import { needs } from "../needs.ts";

/** Keeps its lines. */
class ListHandler extends BaseHandler {
  readonly lines: string[] = [];
  readonly records: LogRecord[] = [];
  state = "new";

  override handle(record: LogRecord): void {
    this.records.push(record);
    super.handle(record);
  }

  override log(msg: string): void {
    this.lines.push(msg);
  }

  override setup(): void {
    this.state = "set up";
  }

  override destroy(): void {
    this.state = "destroyed";
  }
}

function record(msg: string, level: LevelName = "INFO"): LogRecord {
  return new LogRecord({ msg, args: [], level: getLevelByName(level), loggerName: "test" });
}

function inTempDir(fn: (path: (name: string) => string) => void): () => void {
  return () => {
    const dir = Deno.makeTempDirSync();
    try {
      fn((name) => `${dir}/${name}`);
    } finally {
      Deno.removeSync(dir, { recursive: true });
    }
  };
}

const files = await needs("read", "write");

Deno.test({
  name: "getLevelByName() and getLevelName() are each other's inverse",
  permissions: "none",
  fn() {
    for (const name of LogLevelNames) {
      assertEquals(getLevelName(getLevelByName(name)), name);
      assertEquals(LogLevels[name], getLevelByName(name));
    }
    assertThrows(() => getLevelByName("LOUD" as "INFO"), Error, "LOUD");
    assertThrows(() => getLevelByName("toString" as "INFO"), Error, "toString");
    assertThrows(() => getLevelName(11 as 10), Error, "11");
  },
});

Deno.test({
  name: "LogRecord tells what, when, who and how grave",
  permissions: "none",
  fn() {
    const before = Date.now();
    const args = [1, "two"];
    const one = new LogRecord({ msg: "m", args, level: LogLevels.WARN, loggerName: "herd" });
    args.push("three");
    one.args.push("four");
    assertEquals(one.args, [1, "two"]);
    assertEquals([one.msg, one.level, one.levelName, one.loggerName], ["m", 30, "WARN", "herd"]);
    assert(one.datetime.getTime() >= before && one.datetime.getTime() <= Date.now());
  },
});

Deno.test({
  name: "Logger gives its handlers what is not below its level",
  permissions: "none",
  fn() {
    const handler = new ListHandler("NOTSET");
    const logger = new Logger("herd", "WARN", { handlers: [handler] });
    const methods = ["debug", "info", "warn", "error", "critical"] as const;
    for (const method of methods) assertEquals(logger[method](method), method);
    assertEquals(handler.lines, ["WARN warn", "ERROR error", "CRITICAL critical"]);
    logger.level = LogLevels.CRITICAL;
    assertEquals(logger.levelName, "CRITICAL");
    logger.error("too low");
    assertEquals(handler.lines.length, 3);
    assertThrows(() => logger.level = 12 as 10, TypeError, "12");
  },
});

Deno.test({
  name: "Logger calls a function for its message only when it is logged",
  permissions: "none",
  fn() {
    const handler = new ListHandler("NOTSET");
    const logger = new Logger("herd", "INFO", { handlers: [handler] });
    let calls = 0;
    const message = () => `call ${++calls}`;
    assertEquals(logger.debug(message), undefined);
    assertEquals(calls, 0);
    assertEquals(logger.info(message, 1, 2), "call 1");
    assertEquals(handler.lines, ["INFO call 1"]);
    assertEquals(handler.records[0]?.args, [1, 2]);
  },
});

Deno.test({
  name: "Logger makes text of any message",
  permissions: "none",
  fn() {
    const handler = new ListHandler("NOTSET", { formatter: ({ msg }) => msg });
    const logger = new Logger("herd", "INFO", { handlers: [handler] });
    for (const value of [null, undefined, 1, 2n, true]) logger.info(value);
    logger.info({ a: "x", b: { c: 1 } });
    const error = new Error("broken");
    logger.info(error);
    assertEquals(handler.lines, [
      "null",
      "undefined",
      "1",
      "2",
      "true",
      '{"a":"x","b":{"c":1}}',
      error.stack,
    ]);
  },
});

Deno.test({
  name: "BaseHandler leaves out what is below its level, and formats the rest",
  permissions: "none",
  fn() {
    const handler = new ListHandler("ERROR", { formatter: (r) => `${r.loggerName}: ${r.msg}` });
    handler.handle(record("low", "WARN"));
    handler.handle(record("high", "ERROR"));
    assertEquals(handler.lines, ["test: high"]);
    handler.levelName = "DEBUG";
    assertEquals(handler.level, 10);
    handler.handle(record("low", "WARN"));
    assertEquals(handler.lines.length, 2);
  },
});

Deno.test({
  name: "ConsoleHandler colours by level only where that is wanted",
  permissions: "none",
  fn() {
    const plain = new ConsoleHandler("INFO", { useColors: false });
    assertEquals(plain.format(record("m", "ERROR")), "ERROR m");
    const coloured = new ConsoleHandler("INFO").applyColors("m", LogLevels.ERROR);
    // deno-lint-ignore no-control-regex
    assertMatch(coloured, /^\x1b\[31mm\x1b\[39m$/);
  },
});

Deno.test({
  name: "setup() gives loggers their handlers by name and ends those before",
  permissions: "none",
  fn() {
    const first = new ListHandler("NOTSET");
    const second = new ListHandler("NOTSET");
    setup({ handlers: { list: first }, loggers: { herd: { level: "DEBUG", handlers: ["list"] } } });
    assertEquals(first.state, "set up");
    getLogger("herd").debug("one");
    assertEquals(first.lines, ["DEBUG one"]);
    setup({
      handlers: { list: second },
      loggers: { herd: { handlers: ["list", "nobody"] } },
    });
    assertEquals([first.state, second.state], ["destroyed", "set up"]);
    getLogger("herd").debug("below INFO, the level of a logger without one");
    getLogger("herd").info("two");
    assertEquals([first.lines.length, second.lines], [1, ["INFO two"]]);
    setup({});
    assertEquals(second.state, "destroyed");
  },
});

Deno.test({
  name: "getLogger() without a name is the default logger, to the console from INFO",
  permissions: "none",
  fn() {
    setup({});
    const logger = getLogger();
    assertEquals([logger.loggerName, logger.levelName], ["default", "INFO"]);
    assert(logger === getLogger("default"));
    assert(logger.handlers[0] instanceof ConsoleHandler);
  },
});

Deno.test({
  name: "getLogger() of a new name has no handlers, and is the same ever after",
  permissions: "none",
  fn() {
    const logger = getLogger("nobody set it up");
    assertEquals([logger.level, logger.handlers], [LogLevels.NOTSET, []]);
    assert(logger === getLogger("nobody set it up"));
  },
});

Deno.test({
  name: "FileHandler writes when its buffer is full, at flush() and after a CRITICAL record",
  ...files,
  fn: inTempDir((path) => {
    const filename = path("a.log");
    using handler = new FileHandler("INFO", { filename, bufferSize: 16 });
    handler.setup();
    handler.log("0123456");
    assertEquals(Deno.readTextFileSync(filename), "");
    handler.log("0123456");
    assertEquals(Deno.readTextFileSync(filename), "");
    handler.log("x");
    assertEquals(Deno.readTextFileSync(filename), "0123456\n0123456\n");
    handler.flush();
    assertEquals(Deno.readTextFileSync(filename), "0123456\n0123456\nx\n");
    handler.log("longer than the buffer is");
    assertMatch(Deno.readTextFileSync(filename), /x\nlonger than the buffer is\n$/);
    handler.handle(record("now", "CRITICAL"));
    assertMatch(Deno.readTextFileSync(filename), /CRITICAL now\n$/);
  }),
});

Deno.test({
  name: "FileHandler adds to a file, empties it or refuses it, by its mode",
  ...files,
  fn: inTempDir((path) => {
    const filename = path("a.log");
    for (const mode of ["x", "a", "w"] as const) {
      const handler = new FileHandler("INFO", { filename, mode });
      handler.setup();
      handler.log(mode);
      handler.destroy();
      handler.destroy();
      assertEquals(Deno.readTextFileSync(filename), { x: "x\n", a: "x\na\n", w: "w\n" }[mode]);
    }
    const refused = new FileHandler("INFO", { filename, mode: "x" });
    assertThrows(() => refused.setup(), Deno.errors.AlreadyExists);
  }),
});

Deno.test({
  name: "RotatingFileHandler sets files aside before they grow beyond maxBytes",
  ...files,
  fn: inTempDir((path) => {
    const filename = path("a.log");
    Deno.writeTextFileSync(filename, "old\n");
    {
      using handler = new RotatingFileHandler("INFO", { filename, maxBytes: 8, maxBackupCount: 2 });
      handler.setup();
      for (const line of ["one", "two", "äxy", "x"]) handler.log(line);
    }
    const texts = ["", ".1", ".2"].map((end) => Deno.readTextFileSync(filename + end));
    assertEquals(texts, ["äxy\nx\n", "two\n", "old\none\n"]);
    assertThrows(() => Deno.statSync(`${filename}.3`), Deno.errors.NotFound);
  }),
});

Deno.test({
  name: "RotatingFileHandler removes what was set aside in mode w, refuses it in mode x",
  ...files,
  fn: inTempDir((path) => {
    const filename = path("a.log");
    Deno.writeTextFileSync(`${filename}.1`, "before\n");
    const options = { filename, maxBytes: 100, maxBackupCount: 3 };
    const exclusive = new RotatingFileHandler("INFO", { ...options, mode: "x" });
    assertThrows(() => exclusive.setup(), Deno.errors.AlreadyExists);
    using fresh = new RotatingFileHandler("INFO", { ...options, mode: "w" });
    fresh.setup();
    assertThrows(() => Deno.statSync(`${filename}.1`), Deno.errors.NotFound);
    const wrong = { ...options, maxBytes: 0 };
    assertThrows(() => new RotatingFileHandler("INFO", wrong).setup(), Error, "maxBytes");
    const none = { ...options, maxBackupCount: 0 };
    assertThrows(() => new RotatingFileHandler("INFO", none).setup(), Error, "maxBackupCount");
  }),
});
