/**
 * How much an event matters.
 *
 * @module
 */

/** The levels by name; more is graver. */
export const LogLevels = {
  NOTSET: 0,
  DEBUG: 10,
  INFO: 20,
  WARN: 30,
  ERROR: 40,
  CRITICAL: 50,
} as const;

/** A level as a number. */
export type LogLevel = typeof LogLevels[LevelName];

/** A level as a word. */
export type LevelName = keyof typeof LogLevels;

/** The words, least grave first. */
export const LogLevelNames: LevelName[] = ["NOTSET", "DEBUG", "INFO", "WARN", "ERROR", "CRITICAL"];

/**
 * @param name a level's word
 * @returns the level's number
 * @throws {Error} when there is no such level
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(getLevelByName("WARN"), 30);
 * ```
 */
export function getLevelByName(name: LevelName): LogLevel {
  if (!Object.hasOwn(LogLevels, name)) {
    throw new Error(`There is no log level "${name}"; there are ${LogLevelNames.join(", ")}`);
  }
  return LogLevels[name];
}

/**
 * @param level a level's number
 * @returns the level's word
 * @throws {Error} when there is no such level
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(getLevelName(30), "WARN");
 * ```
 */
export function getLevelName(level: LogLevel): LevelName {
  const name = LogLevelNames.find((name) => LogLevels[name] === level);
  if (name === undefined) throw new Error(`There is no log level ${level}`);
  return name;
}
