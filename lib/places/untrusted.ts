/**
 * Reads JSON that others wrote: what is not of the expected kind counts as absent.
 *
 * @module
 */

/**
 * @param value any JSON
 * @param path the names of the members on the way, outermost first
 * @returns what is there, or undefined when nothing is
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(member({ a: { b: 1 } }, "a", "b"), 1);
 * assertEquals(member({ a: null }, "a", "b"), undefined);
 * ```
 */
export function member(value: unknown, ...path: string[]): unknown {
  let found = value;
  for (const name of path) {
    if (!isObject(found) || !Object.hasOwn(found, name)) return undefined;
    found = found[name];
  }
  return found;
}

/** @returns the value when it is an object, neither null nor an array */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** @returns the value when it is a text that is not empty */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** @returns the value when it is a number */
export function numberOf(value: unknown): number | undefined {
  return typeof value === "number" && Number.isFinite(value) ? value : undefined;
}

/** @returns the value when it is an array, else an empty one */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
