/**
 * What is logged, and the object that takes it.
 *
 * @module
 */

import type { BaseHandler } from "./base_handler.ts";
import {
  getLevelByName,
  getLevelName,
  type LevelName,
  type LogLevel,
  LogLevels,
} from "./levels.ts";

/** Any function. */
// deno-lint-ignore no-explicit-any
export type GenericFunction = (...args: any[]) => any;

/** What a {@linkcode LogRecord} is made of. */
export interface LogRecordOptions {
  msg: string;
  args: unknown[];
  level: LogLevel;
  loggerName: string;
}

/** One event: its message, and what a formatter may want to know besides. */
export class LogRecord {
  readonly msg: string;
  readonly level: LogLevel;
  readonly levelName: LevelName;
  readonly loggerName: string;
  readonly #args: readonly unknown[];
  readonly #timeMs = Date.now();

  constructor({ msg, args, level, loggerName }: LogRecordOptions) {
    this.msg = msg;
    this.level = level;
    this.levelName = getLevelName(level);
    this.loggerName = loggerName;
    this.#args = Array.from(args);
  }

  /** What was given after the message. */
  get args(): unknown[] {
    return Array.from(this.#args);
  }

  /** When the record was made. */
  get datetime(): Date {
    return new Date(this.#timeMs);
  }
}

/** Options of a {@linkcode Logger}. */
export interface LoggerOptions {
  handlers?: BaseHandler[];
}

/** A message, or a function that is asked for it only if it is logged. */
type Message<T> = (T extends GenericFunction ? never : T) | (() => T);

/**
 * Gives what is grave enough to its handlers. Each method returns its message: what the function
 * made of it, or undefined when that was not called.
 */
export class Logger {
  readonly loggerName: string;
  handlers: BaseHandler[];
  #level: LogLevel;

  /** @param levelName events of a lower level are left out */
  constructor(loggerName: string, levelName: LevelName, options: LoggerOptions = {}) {
    this.loggerName = loggerName;
    this.handlers = options.handlers ?? [];
    this.#level = getLevelByName(levelName);
  }

  /** Events of a lower level are left out. */
  get level(): LogLevel {
    return this.#level;
  }

  /** @throws {TypeError} when there is no such level */
  set level(level: LogLevel) {
    try {
      this.#level = getLevelByName(getLevelName(level));
    } catch (cause) {
      throw new TypeError(`There is no log level ${level}`, { cause });
    }
  }

  get levelName(): LevelName {
    return getLevelName(this.#level);
  }

  set levelName(levelName: LevelName) {
    this.#level = getLevelByName(levelName);
  }

  debug<T>(msg: () => T, ...args: unknown[]): T | undefined;
  debug<T>(msg: T extends GenericFunction ? never : T, ...args: unknown[]): T;
  debug<T>(msg: Message<T>, ...args: unknown[]): T | undefined {
    return this.#log(msg, { level: LogLevels.DEBUG, args });
  }

  info<T>(msg: () => T, ...args: unknown[]): T | undefined;
  info<T>(msg: T extends GenericFunction ? never : T, ...args: unknown[]): T;
  info<T>(msg: Message<T>, ...args: unknown[]): T | undefined {
    return this.#log(msg, { level: LogLevels.INFO, args });
  }

  warn<T>(msg: () => T, ...args: unknown[]): T | undefined;
  warn<T>(msg: T extends GenericFunction ? never : T, ...args: unknown[]): T;
  warn<T>(msg: Message<T>, ...args: unknown[]): T | undefined {
    return this.#log(msg, { level: LogLevels.WARN, args });
  }

  error<T>(msg: () => T, ...args: unknown[]): T | undefined;
  error<T>(msg: T extends GenericFunction ? never : T, ...args: unknown[]): T;
  error<T>(msg: Message<T>, ...args: unknown[]): T | undefined {
    return this.#log(msg, { level: LogLevels.ERROR, args });
  }

  critical<T>(msg: () => T, ...args: unknown[]): T | undefined;
  critical<T>(msg: T extends GenericFunction ? never : T, ...args: unknown[]): T;
  critical<T>(msg: Message<T>, ...args: unknown[]): T | undefined {
    return this.#log(msg, { level: LogLevels.CRITICAL, args });
  }

  #log<T>(msg: Message<T>, event: { level: LogLevel; args: unknown[] }): T | undefined {
    const lazy = msg instanceof Function;
    if (event.level < this.#level) return lazy ? undefined : msg;
    const value = lazy ? msg() : msg;
    const record = new LogRecord({
      msg: asString(value),
      loggerName: this.loggerName,
      ...event,
    });
    for (const handler of this.handlers) handler.handle(record);
    return value;
  }
}

/** A message as text: an error with its stack, an object with its own properties. */
function asString(data: unknown): string {
  if (data instanceof Error) return data.stack ?? String(data);
  if (typeof data === "object" && data !== null) {
    const properties = Object.entries(data).map(([key, value]) =>
      `"${key}":${typeof value === "string" ? `"${value}"` : asString(value)}`
    );
    return `{${properties.join(",")}}`;
  }
  return typeof data === "function" ? "undefined" : String(data);
}
