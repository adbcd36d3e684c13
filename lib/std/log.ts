/**
 * `@std/log`: the part of its API (version 0.224.14) that the herd uses, with its own names and its
 * own behaviour, and declared no wider, so that `jsr:@std/log@0.224.14` can take its place.
 *
 * @module
 */

export { BaseHandler } from "./log/base_handler.ts";
export { type LevelName, LogLevels } from "./log/levels.ts";
export type { LogRecord } from "./log/log_record.ts";
export type { Logger } from "./log/logger.ts";
export { getLogger, type LogConfig, type LoggerConfig, setup } from "./log/setup.ts";
