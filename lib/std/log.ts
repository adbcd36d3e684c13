/**
 * `@std/log`: the part of its API (version 0.224) that the herd uses, under its own names and with
 * its own behaviour, so that `jsr:@std/log@0.224` can take its place.
 *
 * @module
 */

export {
  BaseHandler,
  type BaseHandlerOptions,
  type FormatterFunction,
} from "./log/base_handler.ts";
export { ConsoleHandler, type ConsoleHandlerOptions } from "./log/console_handler.ts";
export { FileHandler, type FileHandlerOptions, type LogMode } from "./log/file_handler.ts";
export {
  getLevelByName,
  getLevelName,
  type LevelName,
  type LogLevel,
  LogLevelNames,
  LogLevels,
} from "./log/levels.ts";
export {
  type GenericFunction,
  Logger,
  type LoggerOptions,
  LogRecord,
  type LogRecordOptions,
} from "./log/logger.ts";
export {
  RotatingFileHandler,
  type RotatingFileHandlerOptions,
} from "./log/rotating_file_handler.ts";
export { getLogger, type LogConfig, type LoggerConfig, setup } from "./log/setup.ts";
