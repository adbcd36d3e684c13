/**
 * Addresses as people read and write them.
 *
 * @module
 */

import type { Address } from "./transport.ts";

/**
 * @returns the address with its port behind a colon, an IPv6 address in brackets (RFC 3986, 3.2.2)
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(addressText({ hostname: "localhost", port: 12104 }), "localhost:12104");
 * assertEquals(addressText({ hostname: "::1", port: 12104 }), "[::1]:12104");
 * ```
 */
export function addressText({ hostname, port }: Address): string {
  return hostname.includes(":") ? `[${hostname}]:${port}` : `${hostname}:${port}`;
}
