/**
 * What is logged.
 *
 * @module
 */

/** One event. Only loggers make them. */
export interface LogRecord {
  readonly msg: string;
  readonly level: number;
  readonly levelName: string;
  readonly loggerName: string;
}
