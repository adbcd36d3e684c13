/**
 * Where a server says what happens: the seam between those who tell and `@std/log`.
 *
 * @module
 */

/** Takes events, a sentence each; `@std/log`'s loggers do. */
export interface EventLog {
  info(message: string): unknown;
  warn(message: string): unknown;
  error(message: string): unknown;
}
