/**
 * Gives everything else its turn.
 *
 * An operation that is ready resolves without a turn of the event loop, so that who reads or writes
 * much in a loop could go on for hundreds of milliseconds. A mere turn is not enough either: as long as
 * there is always something to do, the runtime looks for what has come from the network only now and
 * then (every 61 turns: tokio's `event_interval`). So the busy one sleeps for the shortest time there is.
 *
 * @module
 */

import type { Clock } from "../transport/transport.ts";

/**
 * @param clock whose time it is
 * @param callback what goes on when others have had their turn, after a millisecond or so
 */
export function letOthers(clock: Clock, callback: () => void): void {
  clock.after(0, callback);
}

/**
 * @param clock whose time it is
 * @returns what is resolved when others have had their turn
 */
export function othersTurn(clock: Clock): Promise<void> {
  return new Promise((resolve) => letOthers(clock, resolve));
}
