/**
 * Very many clients of a simulated herd, who all speak through one program: hundreds of reports at
 * once, to one server after the other.
 *
 * @module
 */

import type { Transport } from "../../lib/transport/transport.ts";
import { Dice } from "./dice.ts";
import type { End } from "./end.ts";
import type { Machine, World } from "./machine.ts";
import { versionOf } from "./order.ts";
import { Process } from "./process.ts";
import { beginS } from "./program_clock.ts";
import { type HerdPromise, Violation } from "./promise.ts";
import { AnswerReader, sleep, visit, writeAll } from "./talk.ts";

/** How long a batch of reports may take, in milliseconds. */
const patienceMs = 3_000;
/** Reports of a batch at the most. */
const batchMax = 700;

/** What a {@linkcode Crowd} works with. */
export interface CrowdOptions {
  readonly world: World;
  readonly machines: readonly Machine[];
  readonly promise: HerdPromise;
  /** Takes a broken promise. */
  readonly onViolation: (error: unknown) => void;
}

/** Speaks for very many. */
export class Crowd {
  readonly #options: CrowdOptions;
  readonly #dice: Dice;
  readonly #transport: Transport;
  #next = 0;
  #isOver = false;

  constructor(options: CrowdOptions) {
    this.#options = options;
    this.#dice = new Dice(options.world.seed, "crowd's reports");
    this.#transport = options.world.network.transport(new Process("127.0.2.1"));
  }

  /** Speaks until {@linkcode stop}, where the plan has a crowd. */
  async run(): Promise<void> {
    const { world, machines, onViolation } = this.#options;
    while (world.plan.crowd.length > 0 && !this.#isOver) {
      try {
        await this.#visit(this.#dice.pick(machines));
      } catch (error) {
        if (error instanceof Violation) return onViolation(error);
      }
      await sleep(world, this.#dice.between(0, 300));
    }
  }

  /** Says nothing more. */
  stop(): void {
    this.#isOver = true;
  }

  async #visit(machine: Machine): Promise<void> {
    const { world, promise } = this.#options;
    const transport = this.#transport;
    await visit({ world, transport, machine, patienceMs }, async (connection) => {
      const { incarnation } = machine;
      if (incarnation?.process !== (connection as End).peer.process) return;
      const records = this.#records();
      for (const record of records) promise.said(record);
      // Writing waits for the server to read, and the server for its answers to be read.
      const writing = writeAll(connection, records.map((record) => `IAMAT ${record}\n`).join(""));
      writing.catch(() => {});
      const answers = new AnswerReader(connection);
      for (const record of records) {
        const answer = await answers.next("report");
        if (!answer.startsWith(`AT ${machine.plan.name} `) || !answer.endsWith(` ${record}`)) {
          throw new Violation(`${machine.plan.name} answered "${answer}" to "IAMAT ${record}"`);
        }
        promise.answered(versionOf(answer), { machine, incarnation });
      }
    });
  }

  /** Each client in its turn, and then again, later. */
  #records(): string[] {
    const { time, plan: { crowd } } = this.#options.world;
    const stamp = (beginS + time.nowMs / 1_000).toFixed(3);
    const count = Math.min(crowd.length, this.#dice.integer(1, batchMax));
    return Array.from({ length: count }, () => {
      const id = crowd[this.#next++ % crowd.length]!;
      return `${id} +${this.#dice.integer(0, 89)}.5-${this.#dice.integer(0, 179)}.25 ${stamp}`;
    });
  }
}
