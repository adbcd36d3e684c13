/**
 * How many calls a server may pay for.
 *
 * @module
 */

import type { Clock } from "../../transport/transport.ts";
import type { CallCounts } from "../places.ts";

/** How many calls there may be. */
export interface BudgetOptions {
  /** In any minute. */
  readonly perMinute: number;
  /** In any 24 hours. */
  readonly perDay: number;
  readonly clock: Pick<Clock, "steadyMs">;
}

/** A bound of a budget, by its key in herd.json. */
export type BudgetBound = "perMinute" | "perDay";

/** Milliseconds. */
const minute = 60_000;
const day = 24 * 60 * minute;

/**
 * A budget of one server process: it begins anew when the process does, and knows nothing of the
 * other servers' calls.
 *
 * Its windows slide: no minute and no 24 hours, whenever they begin, have more calls than it allows.
 * With fixed windows there could be twice as many around the end of one.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * let nowMs = 0;
 * const budget = new Budget({ perMinute: 1, perDay: 100, clock: { steadyMs: () => nowMs } });
 * assertEquals(budget.take(), null);
 * assertEquals(budget.take(), "perMinute");
 * nowMs = 60_000;
 * assertEquals(budget.take(), null);
 * assertEquals([budget.taken, budget.refused], [2, 1]);
 * ```
 */
export class Budget implements CallCounts {
  taken = 0;
  refused = 0;
  readonly #clock: BudgetOptions["clock"];
  readonly #minute: SlidingWindow;
  readonly #day: SlidingWindow;

  /** @param options the bounds, each at least 1 */
  constructor({ perMinute, perDay, clock }: BudgetOptions) {
    this.#clock = clock;
    this.#minute = new SlidingWindow(minute, perMinute);
    this.#day = new SlidingWindow(day, perDay);
  }

  /**
   * Takes one call from the budget, if it has one.
   *
   * @returns null when the call may be made, else the bound that is reached: of two, the one that
   * lasts longer
   */
  take(): BudgetBound | null {
    const nowMs = this.#clock.steadyMs();
    const reached = !this.#day.hasRoom(nowMs)
      ? "perDay"
      : !this.#minute.hasRoom(nowMs)
      ? "perMinute"
      : null;
    if (reached !== null) {
      this.refused++;
      return reached;
    }
    this.taken++;
    this.#minute.add(nowMs);
    this.#day.add(nowMs);
    return null;
  }
}

/** The last so many events, each with its time. */
class SlidingWindow {
  readonly #ms: number;
  /** A ring, the oldest at `#next`. */
  readonly #times: Float64Array;
  #next = 0;

  constructor(ms: number, count: number) {
    this.#ms = ms;
    this.#times = new Float64Array(count).fill(-Infinity);
  }

  /** @returns whether the event so many before this one is out of the window */
  hasRoom(nowMs: number): boolean {
    return nowMs - this.#times[this.#next]! >= this.#ms;
  }

  add(nowMs: number): void {
    this.#times[this.#next] = nowMs;
    this.#next = (this.#next + 1) % this.#times.length;
  }
}
