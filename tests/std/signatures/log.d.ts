// What @std/log 0.224.14 declares, as far as a program that imports "@std/log" sees it.

export declare const LogLevels: {
  readonly NOTSET: 0;
  readonly DEBUG: 10;
  readonly INFO: 20;
  readonly WARN: 30;
  readonly ERROR: 40;
  readonly CRITICAL: 50;
};
type LogLevel = 0 | 10 | 20 | 30 | 40 | 50;
export type LevelName = "NOTSET" | "DEBUG" | "INFO" | "WARN" | "ERROR" | "CRITICAL";

/** Not exported as a value; nothing else than std's own is one. */
declare class RecordOfStd {
  #args: unknown[];
  #datetime: Date;
  readonly msg: string;
  readonly level: number;
  readonly levelName: string;
  readonly loggerName: string;
  get args(): unknown[];
  get datetime(): Date;
}
export type LogRecord = RecordOfStd;
export type FormatterFunction = (logRecord: LogRecord) => string;
export interface BaseHandlerOptions {
  formatter?: FormatterFunction;
}

export declare abstract class BaseHandler {
  #level: LogLevel;
  #levelName: LevelName;
  formatter: FormatterFunction;
  constructor(levelName: LevelName, options?: BaseHandlerOptions);
  get level(): LogLevel;
  set level(level: LogLevel);
  get levelName(): LevelName;
  set levelName(levelName: LevelName);
  handle(logRecord: LogRecord): void;
  format(logRecord: LogRecord): string;
  abstract log(msg: string): void;
  setup(): void;
  destroy(): void;
  [Symbol.dispose](): void;
}

// deno-lint-ignore no-explicit-any
type AnyFunction = (...args: any[]) => any;
interface LogMethod {
  <T>(msg: () => T, ...args: unknown[]): T | undefined;
  <T>(msg: T extends AnyFunction ? never : T, ...args: unknown[]): T;
}

declare class LoggerOfStd {
  #level: LogLevel;
  handlers: BaseHandler[];
  get loggerName(): string;
  get level(): LogLevel;
  set level(level: LogLevel);
  get levelName(): LevelName;
  set levelName(levelName: LevelName);
  debug: LogMethod;
  info: LogMethod;
  warn: LogMethod;
  error: LogMethod;
  critical: LogMethod;
}
export type Logger = LoggerOfStd;

export interface LoggerConfig {
  level?: LevelName;
  handlers?: string[];
}
export interface LogConfig {
  handlers?: { [name: string]: BaseHandler };
  loggers?: { [name: string]: LoggerConfig };
}
export declare function setup(config: LogConfig): void;
export declare function getLogger(name?: string): Logger;
