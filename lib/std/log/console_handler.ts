/**
 * A handler for the terminal.
 *
 * @module
 */

import { BaseHandler, type BaseHandlerOptions } from "./base_handler.ts";
import { type LevelName, type LogLevel, LogLevels } from "./levels.ts";
import type { LogRecord } from "./logger.ts";

/** Options of a {@linkcode ConsoleHandler}. */
export interface ConsoleHandlerOptions extends BaseHandlerOptions {
  /** Whether the lines are coloured by their level; true by default. */
  useColors?: boolean;
}

/** What begins and ends a colour on a terminal (ECMA-48, SGR). */
const colours: ReadonlyMap<LogLevel, readonly [string, string]> = new Map([
  [LogLevels.INFO, ["\x1b[34m", "\x1b[39m"]],
  [LogLevels.WARN, ["\x1b[33m", "\x1b[39m"]],
  [LogLevels.ERROR, ["\x1b[31m", "\x1b[39m"]],
  [LogLevels.CRITICAL, ["\x1b[1m\x1b[31m", "\x1b[39m\x1b[22m"]],
]);

/** Writes to standard output. */
export class ConsoleHandler extends BaseHandler {
  readonly #useColors: boolean;

  constructor(levelName: LevelName, options: ConsoleHandlerOptions = {}) {
    super(levelName, options);
    this.#useColors = options.useColors ?? true;
  }

  override format(logRecord: LogRecord): string {
    const line = super.format(logRecord);
    return this.#useColors && !Deno.noColor ? this.applyColors(line, logRecord.level) : line;
  }

  /** @returns the line in the colour of its level */
  applyColors(msg: string, level: LogLevel): string {
    const [begin, end] = colours.get(level) ?? ["", ""];
    return begin + msg + end;
  }

  override log(msg: string): void {
    console.log(msg);
  }
}
