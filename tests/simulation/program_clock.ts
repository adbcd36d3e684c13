/**
 * The clocks that one program of the simulation has.
 *
 * @module
 */

import type { Clock, Instant, Random, Timer } from "../../lib/transport/transport.ts";
import type { Process } from "./process.ts";
import type { VirtualTime } from "./virtual_time.ts";

/** What the wall clocks that are right show when the simulation begins, in POSIX seconds. */
export const beginS = 1_621_464_828;

/** How often work is found to have taken long. */
const longWork = 0.02;
/** How long, in milliseconds: a slice's time, so that it ends there. */
const longWorkMs = 4;

/** What a {@linkcode ProgramClock} is made of. */
export interface ProgramClockOptions {
  readonly time: VirtualTime;
  readonly process: Process;
  readonly random: Random;
  /** How far the wall clock is ahead, in milliseconds. */
  readonly skewMs: number;
}

/** A wall clock that may be wrong, and a steady one on which work takes time. */
export class ProgramClock implements Clock {
  /** How far the wall clock is ahead, in milliseconds. */
  skewMs: number;
  readonly #options: ProgramClockOptions;
  #steadyMs = 0;
  #soonMs = 0;

  constructor(options: ProgramClockOptions) {
    this.#options = options;
    this.skewMs = options.skewMs;
  }

  now(instant: Instant): void {
    const ms = this.#options.time.nowMs + this.skewMs;
    const seconds = Math.floor(ms / 1000);
    instant.seconds = beginS + seconds;
    instant.nanoseconds = Math.floor((ms - seconds * 1000) * 1_000_000);
  }

  /** No virtual time passes while a program works; now and then this says that some has. */
  steadyMs(): number {
    const { time, random } = this.#options;
    this.#steadyMs = Math.max(this.#steadyMs, time.nowMs);
    if (random.fraction() < longWork) this.#steadyMs += longWorkMs;
    return this.#steadyMs;
  }

  after(ms: number, callback: () => void): Timer {
    const { time, process } = this.#options;
    let isCancelled = false;
    const notice = () => {
      if (!isCancelled) callback();
    };
    const timer = time.at(time.nowMs + ms, () => process.run(notice));
    return {
      cancel() {
        isCancelled = true;
        timer.cancel();
      },
    };
  }

  /** Soon is later where the program is busy, but in order. */
  soon(callback: () => void): void {
    const { time, process, random } = this.#options;
    this.#soonMs = Math.max(this.#soonMs, time.nowMs + random.fraction());
    time.at(this.#soonMs, () => process.run(callback));
  }
}
