/**
 * Clients that come one after the other, each on a connection of its own, while strangers are about.
 *
 * @module
 */

import { ask } from "../process/client.ts";

/** How long clients waited, from their first packet to their answer. */
export class Newcomers {
  readonly #waitsMs: number[] = [];
  #isOver = false;
  readonly #ended: Promise<void>;

  /** @param port the server's, which must answer each */
  constructor(port: number) {
    this.#ended = this.#come(port);
    this.#ended.catch(() => {});
  }

  async #come(port: number): Promise<void> {
    while (!this.#isOver) {
      const begunMs = performance.now();
      const answer = await ask(port, "hello?\n");
      if (answer !== "? hello?\n") throw new Error(`a new client got ${JSON.stringify(answer)}`);
      this.#waitsMs.push(performance.now() - begunMs);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  /** @returns how long they waited, in milliseconds. @throws {Error} when one got no right answer */
  async end(): Promise<{ count: number; medianMs: number; worstMs: number }> {
    this.#isOver = true;
    await this.#ended;
    const sorted = this.#waitsMs.toSorted((one, other) => one - other);
    const medianMs = sorted[Math.floor(sorted.length / 2)] ?? Infinity;
    return { count: sorted.length, medianMs, worstMs: sorted.at(-1) ?? Infinity };
  }
}
