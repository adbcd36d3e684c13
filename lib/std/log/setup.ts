/**
 * The loggers of the process.
 *
 * @module
 */

import type { BaseHandler } from "./base_handler.ts";
import type { LevelName } from "./levels.ts";
import { Logger } from "./logger.ts";

/** A logger's level ("INFO" without one) and the names of its handlers. */
export interface LoggerConfig {
  level?: LevelName;
  handlers?: string[];
}

/** Handlers and loggers by name. */
export interface LogConfig {
  handlers?: Record<string, BaseHandler>;
  loggers?: Record<string, LoggerConfig>;
}

const handlersByName = new Map<string, BaseHandler>();
const loggersByName = new Map<string, Logger>();

/**
 * Puts handlers and loggers in place of those before, whose handlers are ended.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { BaseHandler, getLogger } from "@std/log";
 *
 * const lines: string[] = [];
 * class Collector extends BaseHandler {
 *   override log(line: string): void {
 *     lines.push(line);
 *   }
 * }
 * setup({
 *   handlers: { lines: new Collector("INFO") },
 *   loggers: { herd: { handlers: ["lines"] } },
 * });
 * getLogger("herd").info("Clark starts");
 * assertEquals(lines, ["INFO Clark starts"]);
 * ```
 */
export function setup({ handlers = {}, loggers = {} }: LogConfig): void {
  for (const handler of handlersByName.values()) handler.destroy();
  handlersByName.clear();
  for (const [name, handler] of Object.entries(handlers)) {
    handler.setup();
    handlersByName.set(name, handler);
  }
  loggersByName.clear();
  for (const [name, { level = "INFO", handlers: names = [] }] of Object.entries(loggers)) {
    const handlers = names.flatMap((name) => handlersByName.get(name) ?? []);
    loggersByName.set(name, new Logger(name, level, { handlers }));
  }
}

/**
 * @param name a logger's name
 * @returns the logger; one that was not set up has no handlers, and is the same from then on
 */
export function getLogger(name: string): Logger {
  const found = loggersByName.get(name);
  if (found !== undefined) return found;
  const logger = new Logger(name, "NOTSET", { handlers: [] });
  loggersByName.set(name, logger);
  return logger;
}
