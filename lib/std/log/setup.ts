/**
 * The loggers of the process.
 *
 * @module
 */

import type { BaseHandler } from "./base_handler.ts";
import { ConsoleHandler } from "./console_handler.ts";
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

/** What is there unless a configuration has something else under the name. */
const defaults = {
  handlers: { default: new ConsoleHandler("INFO") },
  loggers: { default: { level: "INFO", handlers: ["default"] } satisfies LoggerConfig },
};

/**
 * Puts handlers and loggers in place of those before, whose handlers are ended. Without a
 * "default" logger of its own, the one that writes to the console is kept.
 *
 * @example
 * ```ts
 * import { ConsoleHandler } from "@std/log";
 *
 * setup({
 *   handlers: { console: new ConsoleHandler("WARN") },
 *   loggers: { herd: { level: "DEBUG", handlers: ["console"] } },
 * });
 * getLogger("herd").info("not grave enough for the console");
 * ```
 */
export function setup(config: LogConfig): void {
  for (const handler of handlersByName.values()) handler.destroy();
  handlersByName.clear();
  for (const [name, handler] of Object.entries({ ...defaults.handlers, ...config.handlers })) {
    handler.setup();
    handlersByName.set(name, handler);
  }
  loggersByName.clear();
  const loggers: Record<string, LoggerConfig> = { ...defaults.loggers, ...config.loggers };
  for (const [name, { level, handlers: names = [] }] of Object.entries(loggers)) {
    const handlers = names.flatMap((name) => handlersByName.get(name) ?? []);
    loggersByName.set(name, new Logger(name, level ?? "INFO", { handlers }));
  }
}

/**
 * @param name a logger's name; "default" without one
 * @returns the logger; one that was not set up has no handlers, and is the same ever after
 */
export function getLogger(name?: string): Logger {
  const found = loggersByName.get(name || "default");
  if (found !== undefined) return found;
  const logger = new Logger(name || "default", "NOTSET");
  loggersByName.set(logger.loggerName, logger);
  return logger;
}

setup({});
