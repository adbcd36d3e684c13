/**
 * What is looked at when a simulated herd has converged and nothing goes wrong any more: servers
 * answer very much at once; news floods without catch-up; what a table lost comes back; and what is
 * too old is forgotten everywhere.
 *
 * @module
 */

import { catchUpMs, forgetMsMax, tombstoneS } from "../../lib/limits.ts";
import { Dice } from "./dice.ts";
import type { Machine, World } from "./machine.ts";
import type { HerdPromise } from "./promise.ts";
import type { Speaker } from "./speaker.ts";

/** News is everywhere within this time when all links are live, in milliseconds. */
const floodMs = 2_000;
/** What was lost has come back over the next link so long after the latest comparison. */
const mendMs = 3_000;
/** Lines that one server is told at once, and each of the others. */
const [manyLines, fewLines] = [600, 3];
/** Through a small buffer not so many are said at once. */
const smallBufferLines = 40;
/** Rounds of forgetting are seldom, clients' clocks are wrong, and so are servers'. */
const forgetGraceMs = 8_000;

/** What an {@linkcode Epilogue} works with. */
export interface EpilogueOptions {
  readonly world: World;
  readonly machines: readonly Machine[];
  readonly promise: HerdPromise;
  /** Who speaks once more. */
  readonly speaker: Speaker;
  /** Lets time pass. @returns whether nothing has failed so far */
  readonly runFor: (ms: number) => Promise<boolean>;
  /** Takes a broken promise. */
  readonly onViolation: (error: unknown) => void;
}

/** The last part of a simulation. */
export class Epilogue {
  readonly #options: EpilogueOptions;
  readonly #dice: Dice;

  constructor(options: EpilogueOptions) {
    this.#options = options;
    this.#dice = new Dice(options.world.seed, "epilogue");
  }

  /** @throws {Violation} when a promise is broken */
  async run(): Promise<void> {
    const { world: { plan }, promise, runFor } = this.#options;
    if (!await this.#probe()) return;
    if (!await runFor(floodMs)) return;
    promise.checkConvergence();
    if (plan.forgetAfterS !== null) await this.#forget(plan.forgetAfterS);
    else if (plan.epilogue === "loss") await this.#lose();
    else if (plan.epilogue === "month") await this.#month();
  }

  /** Every server is asked, one of them very much at once. */
  async #probe(): Promise<boolean> {
    const { world: { plan, time, trace }, machines, speaker, onViolation } = this.#options;
    trace.note("everybody is asked");
    const many = plan.bufferBytes < 4_096 ? smallBufferLines : manyLines;
    const busy = this.#dice.pick(machines);
    const { runFor } = this.#options;
    let left = machines.length;
    time.at(time.nowMs, () => {
      for (const machine of machines) {
        speaker.probe(machine, machine === busy ? many : fewLines)
          .catch(onViolation).finally(() => left--);
      }
    });
    while (left > 0) if (!await runFor(50)) return false;
    return true;
  }

  /** One server loses records, as none should: comparing finds it. */
  async #lose(): Promise<void> {
    const { world: { plan, trace }, machines, promise, runFor } = this.#options;
    const machine = this.#dice.pick(machines);
    const known = [...machine.incarnation!.known.keys()].sort();
    const lost = known.filter(() => plan.crowd.length === 0 || this.#dice.chance(0.2));
    trace.note(`${machine.plan.name} loses ${lost.length} records`);
    for (const id of lost) machine.incarnation!.lose(id);
    // Every link compares at some time between half of the period and one and a half.
    if (!await runFor(catchUpMs * 1.5 + mendMs)) return;
    promise.checkConvergence();
  }

  /** Everything is too old some time later. */
  async #forget(forgetAfterS: number): Promise<void> {
    const { promise, runFor, world: { trace } } = this.#options;
    if (!await runFor(forgetAfterS * 1_000 + forgetGraceMs)) return;
    trace.note("everything is too old");
    promise.checkForgotten();
  }

  /** All clocks go on by a month and a day: tombstones go, and nothing else does. */
  async #month(): Promise<void> {
    const { machines, promise, runFor } = this.#options;
    const held = machines[0]!.incarnation!.lines();
    for (const machine of machines) machine.stepClock((tombstoneS + 86_400) * 1_000);
    if (!await runFor(forgetMsMax + 1_000)) return;
    promise.checkTombstonesForgotten(held);
  }
}
