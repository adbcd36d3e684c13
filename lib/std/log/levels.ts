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

/** A level as a word. */
export type LevelName = keyof typeof LogLevels;
