/**
 * What the log says of strangers: how many connections were dropped and how many clients refused, a
 * line a minute for each reason, however many there are.
 *
 * @module
 */

import { edgeLogMs } from "../limits.ts";
import type { EventLog } from "../log/event_log.ts";
import type { Clock } from "../transport/transport.ts";

/** One counter, and what it means. */
export interface Counter {
  /** @returns how many there were so far */
  readonly count: () => number;
  /** @returns what is logged about so many more */
  readonly text: (more: number) => string;
}

interface Said {
  readonly counter: Counter;
  count: number;
  atMs: number;
}

/** Logs counters that grow. */
export class EdgeLog {
  readonly #counters: readonly Said[];
  readonly #events: Pick<EventLog, "warn">;
  readonly #clock: Pick<Clock, "steadyMs">;

  /**
   * @param counters what is looked at
   * @param options where it is logged
   */
  constructor(
    counters: readonly Counter[],
    { events, clock }: {
      readonly events: Pick<EventLog, "warn">;
      readonly clock: Pick<Clock, "steadyMs">;
    },
  ) {
    this.#counters = counters.map((counter) => ({ counter, count: 0, atMs: -Infinity }));
    this.#events = events;
    this.#clock = clock;
  }

  /** Logs what has grown, unless that was said within the last minute; called about once a second. */
  sweep(): void {
    const nowMs = this.#clock.steadyMs();
    for (const said of this.#counters) {
      const count = said.counter.count();
      if (count === said.count || nowMs - said.atMs < edgeLogMs) continue;
      this.#events.warn(said.counter.text(count - said.count));
      said.count = count;
      said.atMs = nowMs;
    }
  }
}
