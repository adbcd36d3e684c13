/**
 * The word "now" in place of an IAMAT's time, for people who type.
 *
 * @module
 */

import type { Instant } from "../../transport/transport.ts";
import { bytesOf, textOf } from "../../protocol/ascii.ts";

/** An IAMAT with "now" as its fourth field; white space is the six characters of the assignment. */
const iamatNow =
  /^([ \t\r\n\f\v]*IAMAT(?:[ \t\r\n\f\v]+[^ \t\r\n\f\v]+){2}[ \t\r\n\f\v]+)now(?![^ \t\r\n\f\v])/;

/**
 * @param line a client's line
 * @param instant the time that it is
 * @returns the line with the time, in seconds with nine decimals, where an IAMAT says "now"; any
 * other line as it is
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = (text: string) => new TextEncoder().encode(text);
 * const line = replaceNow(bytes("IAMAT kiwi +34-118 now\n"), { seconds: 12, nanoseconds: 5 });
 * assertEquals(line, bytes("IAMAT kiwi +34-118 12.000000005\n"));
 * ```
 */
export function replaceNow(line: Uint8Array, { seconds, nanoseconds }: Instant): Uint8Array {
  const text = textOf(line);
  const time = `${seconds}.${String(nanoseconds).padStart(9, "0")}`;
  const replaced = text.replace(iamatNow, (_, before: string) => before + time);
  return replaced === text ? line : bytesOf(replaced);
}
