/**
 * The object that takes what is logged.
 *
 * @module
 */

import type { BaseHandler } from "./base_handler.ts";
import { type LevelName, LogLevels } from "./levels.ts";

/** Gives what is grave enough to its handlers. Each method returns its message. */
export class Logger {
  readonly loggerName: string;
  /** Who takes the events. */
  handlers: BaseHandler[];
  readonly #level: number;

  /** @param levelName events of a lower level are left out */
  constructor(
    loggerName: string,
    levelName: LevelName,
    options: { readonly handlers: BaseHandler[] },
  ) {
    this.loggerName = loggerName;
    this.handlers = options.handlers;
    this.#level = LogLevels[levelName];
  }

  debug(msg: string): string {
    return this.#log("DEBUG", msg);
  }

  info(msg: string): string {
    return this.#log("INFO", msg);
  }

  warn(msg: string): string {
    return this.#log("WARN", msg);
  }

  error(msg: string): string {
    return this.#log("ERROR", msg);
  }

  critical(msg: string): string {
    return this.#log("CRITICAL", msg);
  }

  #log(levelName: LevelName, msg: string): string {
    const level = LogLevels[levelName];
    if (level < this.#level) return msg;
    const record = { msg, level, levelName, loggerName: this.loggerName };
    for (const handler of this.handlers) handler.handle(record);
    return msg;
  }
}
