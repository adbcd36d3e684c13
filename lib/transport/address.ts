/**
 * Addresses as people write them.
 *
 * @module
 */

import type { Address } from "./transport.ts";

/**
 * @param address a host and a port
 * @returns both in one word, with brackets around an IPv6 address (RFC 3986, 3.2.2)
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(addressText({ hostname: "127.0.0.1", port: 12104 }), "127.0.0.1:12104");
 * assertEquals(addressText({ hostname: "::1", port: 12104 }), "[::1]:12104");
 * ```
 */
export function addressText({ hostname, port }: Address): string {
  return hostname.includes(":") ? `[${hostname}]:${port}` : `${hostname}:${port}`;
}
