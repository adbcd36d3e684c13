/**
 * What every handler of log records has in common.
 *
 * @module
 */

import { type LevelName, LogLevels } from "./levels.ts";
import type { LogRecord } from "./log_record.ts";

/** Takes the records that are grave enough, and puts their lines somewhere. */
export abstract class BaseHandler implements Disposable {
  readonly #levelName: LevelName;

  /** @param levelName records of a lower level are left out */
  constructor(levelName: LevelName) {
    this.#levelName = levelName;
  }

  /** Records of a lower level are left out. */
  get level(): number {
    return LogLevels[this.#levelName];
  }

  /** The word for {@linkcode level}. */
  get levelName(): LevelName {
    return this.#levelName;
  }

  /** Writes a record's line if the record is grave enough. */
  handle(logRecord: LogRecord): void {
    if (logRecord.level < this.level) return;
    this.log(this.format(logRecord));
  }

  /** @returns a record's line, without its end: the level and the message */
  format({ levelName, msg }: LogRecord): string {
    return `${levelName} ${msg}`;
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
