/**
 * What a browser says first. A page on the web can have a visitor's browser send HTTP to any server
 * that the visitor reaches, with lines of its own in the request's body: whoever speaks HTTP is
 * refused with its first line, before the body comes (as Redis does).
 *
 * @module
 */

import { isDigit, isSpace } from "./ascii.ts";

/** ` HTTP/`, from the end. */
const wordBackwards = [0x2f, 0x50, 0x54, 0x54, 0x48, 0x20];
const point = 0x2e;

/**
 * @param line a line that is no command
 * @returns whether it ends as the first line of an HTTP request does (RFC 9112, 3)
 * @example
 * ```ts
 * import { assert } from "@std/assert";
 * assert(isHttpLine(new TextEncoder().encode("POST / HTTP/1.1\r")));
 * assert(!isHttpLine(new TextEncoder().encode("IAMAT kiwi +34-118 1621464827")));
 * ```
 */
export function isHttpLine(line: Uint8Array): boolean {
  let at = line.length;
  while (at > 0 && isSpace(line[at - 1]!)) at--;
  if (at < 9 || !isDigit(line[--at]!) || line[--at] !== point || !isDigit(line[--at]!)) {
    return false;
  }
  return wordBackwards.every((byte) => line[--at] === byte);
}
