/**
 * Choices by chance.
 *
 * @module
 */

import type { Random } from "../../lib/transport/transport.ts";
import { seededRandom } from "../seeded_random.ts";

/** Chance, as a simulation asks for it. */
export class Dice {
  readonly random: Random;

  /**
   * @param seed the simulation's
   * @param use what the choices are about: each use has chance of its own, so that a change in one
   *   does not change the others
   */
  constructor(seed: number, use: string) {
    let mixed = seed | 0;
    for (let at = 0; at < use.length; at++) {
      mixed = Math.imul(mixed ^ use.charCodeAt(at), 0x5bd1e995);
      mixed ^= mixed >>> 15;
    }
    this.random = seededRandom(mixed);
  }

  /** @returns whether something of this probability happens */
  chance(probability: number): boolean {
    return this.random.fraction() < probability;
  }

  /** @returns a number from `min` to `max`, which is not included */
  between(min: number, max: number): number {
    return min + (max - min) * this.random.fraction();
  }

  /** @returns an integer from `min` to `max`, both included */
  integer(min: number, max: number): number {
    return Math.floor(this.between(min, max + 1));
  }

  /** @returns one of these */
  pick<Item>(items: readonly Item[]): Item {
    return items[Math.floor(this.random.fraction() * items.length)]!;
  }
}
