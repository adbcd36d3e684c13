/**
 * Why something went wrong, in words.
 *
 * @module
 */

/** @returns what an error says of itself */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
