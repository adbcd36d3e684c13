import { assert, assertEquals } from "@std/assert";
import { BaseHandler, getLogger, LogLevels, setup } from "@std/log";

/** Collects its lines. */
class ListHandler extends BaseHandler {
  readonly lines: string[] = [];
  state = "new";

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

function test(name: string, fn: () => void): void {
  Deno.test({
    name,
    permissions: "none",
    fn() {
      try {
        fn();
      } finally {
        setup({});
      }
    },
  });
}

test("Logger gives its handlers what is not below its level, and returns the message", () => {
  const handler = new ListHandler("NOTSET");
  setup({ handlers: { list: handler }, loggers: { herd: { level: "WARN", handlers: ["list"] } } });
  const logger = getLogger("herd");
  const methods = ["debug", "info", "warn", "error", "critical"] as const;
  for (const method of methods) assertEquals(logger[method](method), method);
  assertEquals(handler.lines, ["WARN warn", "ERROR error", "CRITICAL critical"]);
});

test("BaseHandler leaves out what is below its level", () => {
  const handler = new ListHandler("ERROR");
  assertEquals([handler.level, handler.levelName], [LogLevels.ERROR, "ERROR"]);
  const logger = getLogger("herd");
  logger.handlers = [handler];
  logger.warn("too low");
  logger.error("high enough");
  assertEquals(handler.lines, ["ERROR high enough"]);
});

test("BaseHandler gives handle() the level, its word, the message and the logger's name", () => {
  const records: unknown[] = [];
  class RecordHandler extends ListHandler {
    override handle(record: Parameters<BaseHandler["handle"]>[0]): void {
      const { level, levelName, msg, loggerName } = record;
      records.push([level, levelName, msg, loggerName]);
    }
  }
  const logger = getLogger("herd");
  logger.handlers = [new RecordHandler("NOTSET")];
  logger.warn("link lost");
  assertEquals(records, [[30, "WARN", "link lost", "herd"]]);
});

test("BaseHandler is destroyed when it is disposed of", () => {
  const handler = new ListHandler("INFO");
  {
    using _disposed = handler;
    assertEquals(handler.state, "new");
  }
  assertEquals(handler.state, "destroyed");
});

test("setup() gives loggers their handlers by name and ends those before", () => {
  const first = new ListHandler("NOTSET");
  const second = new ListHandler("NOTSET");
  setup({ handlers: { list: first }, loggers: { herd: { level: "DEBUG", handlers: ["list"] } } });
  assertEquals(first.state, "set up");
  getLogger("herd").debug("one");
  assertEquals(first.lines, ["DEBUG one"]);
  setup({ handlers: { list: second }, loggers: { herd: { handlers: ["list", "nobody"] } } });
  assertEquals([first.state, second.state], ["destroyed", "set up"]);
  getLogger("herd").debug("below INFO, the level of a logger without one");
  getLogger("herd").info("two");
  assertEquals([first.lines.length, second.lines], [1, ["INFO two"]]);
  setup({});
  assertEquals(second.state, "destroyed");
});

test("getLogger() of a new name has no handlers, and is the same from then on", () => {
  const logger = getLogger("nobody set it up");
  assertEquals(logger.handlers, []);
  assert(logger === getLogger("nobody set it up"));
});
