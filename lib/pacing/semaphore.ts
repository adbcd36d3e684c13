/**
 * A bound on how much goes on at once.
 *
 * @module
 */

/**
 * Turns for what may be under way at once; who comes when all are taken waits, first come first
 * served.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const turns = new Turns(1);
 * const order: string[] = [];
 * await turns.take();
 * const second = turns.take().then(() => order.push("second"));
 * order.push("first");
 * turns.giveBack();
 * await second;
 * assertEquals(order, ["first", "second"]);
 * ```
 */
export class Turns {
  #free: number;
  readonly #waiting = new Set<() => void>();

  /** @param count how many turns there are */
  constructor(count: number) {
    this.#free = count;
  }

  /** How many wait for a turn. */
  get waiting(): number {
    return this.#waiting.size;
  }

  /** @returns when it is the caller's turn, who then owes one {@linkcode giveBack} */
  async take(): Promise<void> {
    if (this.#free > 0) {
      this.#free -= 1;
      return;
    }
    await new Promise<void>((begin) => this.#waiting.add(begin));
  }

  /** Gives a turn back; the one who has waited longest gets it. */
  giveBack(): void {
    for (const begin of this.#waiting) {
      this.#waiting.delete(begin);
      begin();
      return;
    }
    this.#free += 1;
  }
}
