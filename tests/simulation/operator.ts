/**
 * An operator who deletes clients of a simulated herd now and then, at whatever server.
 *
 * @module
 */

import { deleteClient } from "../../lib/locations/deletion.ts";
import { none } from "../../lib/locations/table.ts";
import { bytesOf, textOf } from "../../lib/protocol/ascii.ts";
import { Dice } from "./dice.ts";
import type { Machine, World } from "./machine.ts";
import { versionOf } from "./order.ts";
import type { HerdPromise } from "./promise.ts";

/** What an {@linkcode Operator} works with. */
export interface OperatorOptions {
  readonly world: World;
  readonly machines: readonly Machine[];
  readonly promise: HerdPromise;
}

/** Deletes clients. */
export class Operator {
  readonly #options: OperatorOptions;
  readonly #dice: Dice;
  #isOver = false;

  constructor(options: OperatorOptions) {
    this.#options = options;
    this.#dice = new Dice(options.world.seed, "operator");
  }

  /** Begins, where the plan has clients deleted at all. */
  start(): void {
    const { time, plan } = this.#options.world;
    if (plan.deletionMs === null) return;
    time.at(time.nowMs + this.#dice.between(0, 2 * plan.deletionMs), () => {
      if (this.#isOver) return;
      this.#delete(this.#dice.pick(this.#options.machines), this.#dice.pick(plan.ids));
      this.start();
    });
  }

  /** Deletes nobody any more. */
  stop(): void {
    this.#isOver = true;
  }

  #delete(machine: Machine, id: string): void {
    const { promise, world } = this.#options;
    const { incarnation } = machine;
    if (incarnation === null || !incarnation.process.isRunning) return;
    const { table, clock, hashSeed } = incarnation.parts;
    const now = { seconds: 0, nanoseconds: 0 };
    clock.now(now);
    const server = machine.plan.name;
    const number = deleteClient(table, bytesOf(id), { server, hashSeed, now });
    if (number === none) return;
    const version = versionOf(textOf(table.line(number)));
    world.trace.note(`${server} is told to delete ${id}`);
    promise.deleted(version);
    promise.look();
    // Nobody is answered: with "sync" it is promised only once it is on disk.
    if (machine.plan.durability !== "sync") promise.answered(version, { machine, incarnation });
  }
}
