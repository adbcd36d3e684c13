/**
 * JSON printed as Google's legacy Places API prints it: "style A" of its samples, which is what
 * jsoncpp's `StyledWriter` writes.
 *
 * @module
 */

/** A value that JSON has. A member that is `undefined` is left out. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json | undefined };

const indentStep = "   ";
const rightMargin = 74;
const encoder = new TextEncoder();

/**
 * Prints a value: three spaces a level, `"key" : value`, keys in alphabetical order, an array on
 * one line when it holds nothing that has parts and is short enough.
 *
 * @param value what to print; its numbers are finite
 * @param indent the white space that the value's own line begins with
 * @returns the text, no newline at its end
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const text = printStyleA({ types: ["park", "establishment"], rating: 4.0, name: "<b>" });
 * assertEquals(
 *   text,
 *   `{
 *    "name" : "\\u003cb\\u003e",
 *    "rating" : 4,
 *    "types" : [ "park", "establishment" ]
 * }`,
 * );
 * ```
 */
export function printStyleA(value: Json, indent = ""): string {
  return print(value, indent);
}

function print(value: Json, indent: string): string {
  if (isArray(value)) return printArray(value, indent);
  if (typeof value === "object" && value !== null) return printObject(value, indent);
  return typeof value === "string" ? printString(value) : JSON.stringify(value);
}

function printObject(object: { readonly [key: string]: Json | undefined }, indent: string) {
  const inner = indent + indentStep;
  const members: string[] = [];
  for (const key of Object.keys(object).sort()) {
    const value = object[key];
    if (value === undefined) continue;
    members.push(`${inner}${printString(key)} : ${print(value, inner)}`);
  }
  return members.length === 0 ? "{}" : `{\n${members.join(",\n")}\n${indent}}`;
}

function printArray(array: readonly Json[], indent: string): string {
  if (array.length === 0) return "[]";
  const inner = indent + indentStep;
  const items = array.map((item) => print(item, inner));
  if (isShort(array, items)) return `[ ${items.join(", ")} ]`;
  return `[\n${items.map((item) => inner + item).join(",\n")}\n${indent}]`;
}

/** jsoncpp's rule; it counts bytes, and the brackets and commas with their spaces. */
function isShort(array: readonly Json[], items: readonly string[]): boolean {
  if (3 * array.length >= rightMargin || array.some(hasParts)) return false;
  const length = items.reduce((sum, item) => sum + encoder.encode(item).length, 0);
  return 4 + 2 * (array.length - 1) + length < rightMargin;
}

function hasParts(value: Json): boolean {
  if (isArray(value)) return value.length > 0;
  if (typeof value !== "object" || value === null) return false;
  return Object.values(value).some((member) => member !== undefined);
}

function printString(text: string): string {
  const printed = JSON.stringify(text);
  if (!/[<>]/.test(printed)) return printed;
  return printed.replaceAll("<", "\\u003c").replaceAll(">", "\\u003e");
}

function isArray(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}
