/**
 * How many clients a server takes.
 *
 * @module
 */

import { clientBytes, clientsMaxUnknown } from "../../limits.ts";

/**
 * @param maxClients what herd.json says; null: nothing
 * @param memoryBytes how much memory the process may have; null: nobody knows
 * @returns herd.json's number, or what half of the memory holds
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(clientsMax(null, 400_000_000), 781_250);
 * assertEquals(clientsMax(5, 400_000_000), 5);
 * ```
 */
export function clientsMax(maxClients: number | null, memoryBytes: number | null): number {
  if (maxClients !== null) return maxClients;
  return memoryBytes === null ? clientsMaxUnknown : Math.floor(memoryBytes / 2 / clientBytes);
}
