/**
 * Gives everything else its turn. An operation that is ready is resolved without one: who reads or
 * writes much in a loop could go on for hundreds of milliseconds, while others wait.
 *
 * @module
 */

import type { Clock } from "./transport.ts";

/**
 * @param clock whose turns they are
 * @returns what is resolved in the next turn of the event loop
 */
export function nextTurn(clock: Clock): Promise<void> {
  return new Promise((resolve) => clock.soon(resolve));
}
