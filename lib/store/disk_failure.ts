/**
 * What kind of failure an error of the disk is. SQLite's words are told apart, not its codes: the
 * stand-ins of the tests speak as it does.
 *
 * @module
 */

import { DamageError, NewerStoreError } from "./record_store.ts";

/** Why a file could not be read or written. */
export type DiskFailure = "locked" | "full" | "damaged" | "newer" | "other";

const damage = /not a database|malformed|is encrypted|no such (table|column)|file format/;

/**
 * @param error what was thrown
 * @returns its kind
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(diskFailure(new Error("database is locked")), "locked");
 * assertEquals(diskFailure(new Error("disk I/O error")), "other");
 * ```
 */
export function diskFailure(error: unknown): DiskFailure {
  if (error instanceof NewerStoreError) return "newer";
  if (error instanceof DamageError) return "damaged";
  const message = messageOf(error);
  if (/is (locked|busy)/.test(message)) return "locked";
  if (/is full|No space left|quota exceeded/i.test(message)) return "full";
  return damage.test(message) ? "damaged" : "other";
}

/** @returns what an error says */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
