/**
 * What every handler of log records has in common.
 *
 * @module
 */

import { getLevelByName, getLevelName, type LevelName, type LogLevel } from "./levels.ts";
import type { LogRecord } from "./logger.ts";

/** Makes a record's line, without its end. */
export type FormatterFunction = (logRecord: LogRecord) => string;

/** Options of every handler. */
export interface BaseHandlerOptions {
  /** Makes a record's line; by default the level and the message. */
  formatter?: FormatterFunction;
}

function levelAndMessage({ levelName, msg }: LogRecord): string {
  return `${levelName} ${msg}`;
}

/** Takes the records that are grave enough, and puts their lines somewhere. */
export abstract class BaseHandler implements Disposable {
  #level: LogLevel;
  formatter: FormatterFunction;

  /** @param levelName records of a lower level are left out */
  constructor(levelName: LevelName, options: BaseHandlerOptions = {}) {
    this.#level = getLevelByName(levelName);
    this.formatter = options.formatter ?? levelAndMessage;
  }

  /** Records of a lower level are left out. */
  get level(): LogLevel {
    return this.#level;
  }

  set level(level: LogLevel) {
    this.#level = getLevelByName(getLevelName(level));
  }

  get levelName(): LevelName {
    return getLevelName(this.#level);
  }

  set levelName(levelName: LevelName) {
    this.#level = getLevelByName(levelName);
  }

  /** Writes a record's line if the record is grave enough. */
  handle(logRecord: LogRecord): void {
    if (logRecord.level < this.#level) return;
    this.log(this.format(logRecord));
  }

  /** @returns a record's line, without its end */
  format(logRecord: LogRecord): string {
    return this.formatter(logRecord);
  }

  /** Writes a line, which comes without its end. */
  abstract log(msg: string): void;

  /** Gets ready; `setup()` calls it. */
  setup(): void {}

  /** Lets go of what {@linkcode setup} took. */
  destroy(): void {}

  [Symbol.dispose](): void {
    this.destroy();
  }
}
