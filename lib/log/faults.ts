/**
 * Exceptions that nobody expected: a fault of the program, not of who talks to it. Each is logged
 * with its stack, so that it can be found; one that comes again and again does not fill the disk.
 *
 * @module
 */

import { faultCharactersMax, faultMs } from "../limits.ts";
import type { Clock } from "../transport/transport.ts";
import type { EventLog } from "./event_log.ts";

/** When a kind of fault was last logged, and how many were not logged since. */
interface Kind {
  readonly loggedMs: number;
  unlogged: number;
}

/**
 * Logs unexpected exceptions, one a minute of each kind.
 *
 * @example
 * ```ts
 * import { assertEquals, assertMatch } from "@std/assert";
 * import { systemClock as clock } from "../transport/system.ts";
 * const logged: string[] = [];
 * const log = { info() {}, warn() {}, error: (event: string) => logged.push(event) };
 * const faults = new Faults(log, clock);
 * faults.report("a session", new TypeError("x is not iterable"));
 * faults.report("a session", new TypeError("x is not iterable"));
 * assertEquals(logged.length, 1);
 * assertMatch(logged[0]!, /^unexpected, in a session: TypeError: x is not iterable at .*faults/);
 * ```
 */
export class Faults {
  readonly #events: Pick<EventLog, "error">;
  readonly #clock: Pick<Clock, "steadyMs">;
  readonly #kinds = new Map<string, Kind>();

  /**
   * @param events where faults are logged
   * @param clock tells how long ago the last one was
   */
  constructor(events: Pick<EventLog, "error">, clock: Pick<Clock, "steadyMs">) {
    this.#events = events;
    this.#clock = clock;
  }

  /**
   * Logs a fault in one line, unless one of its kind was logged within the last minute: then it is
   * counted, and the next one that is logged says how many there were.
   *
   * @param kind where it happened: a phrase of the program's own, since kinds are kept for good
   * @param error what was thrown
   */
  report(kind: string, error: unknown): void {
    const nowMs = this.#clock.steadyMs();
    const last = this.#kinds.get(kind);
    if (last !== undefined && nowMs - last.loggedMs < faultMs) {
      last.unlogged++;
      return;
    }
    this.#kinds.set(kind, { loggedMs: nowMs, unlogged: 0 });
    const unlogged = last?.unlogged ?? 0;
    const more = unlogged === 0 ? "" : ` (and ${unlogged} more since the last one logged)`;
    this.#events.error(`unexpected, in ${kind}: ${stackOf(error)}${more}`);
  }
}

/** The error's name, message and stack in one line. */
function stackOf(error: unknown): string {
  const text = error instanceof Error ? error.stack ?? String(error) : String(error);
  return text.slice(0, faultCharactersMax).split("\n").map((line) => line.trim()).join(" ");
}
