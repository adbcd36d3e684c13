/**
 * A bound on how much goes on at once.
 *
 * @module
 */

/**
 * Permits for what may be under way at once. When all are taken, callers wait, first come first
 * served.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const semaphore = new Semaphore(1);
 * const order: string[] = [];
 * const first = semaphore.run(async () => order.push("first"));
 * const second = semaphore.run(async () => order.push("second"));
 * await Promise.all([first, second]);
 * assertEquals(order, ["first", "second"]);
 * ```
 */
export class Semaphore {
  #free: number;
  /** Made when somebody waits: most of many semaphores never see that. */
  #waiting: Set<() => void> | null = null;

  /** @param permits how many tasks may be under way at once */
  constructor(permits: number) {
    this.#free = permits;
  }

  /** How many tasks wait for a permit. */
  get waiting(): number {
    return this.#waiting?.size ?? 0;
  }

  /**
   * Runs a task as soon as there is a permit for it, and gives the permit back when the task has
   * ended.
   *
   * @param task what to run
   * @returns what the task resolves to; rejects when it does
   */
  async run<Result>(task: () => Promise<Result>): Promise<Result> {
    await this.#acquire();
    try {
      return await task();
    } finally {
      this.#release();
    }
  }

  async #acquire(): Promise<void> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((begin) => (this.#waiting ??= new Set()).add(begin));
  }

  /** The task that has waited longest gets the permit. */
  #release(): void {
    for (const begin of this.#waiting ?? []) {
      this.#waiting!.delete(begin);
      begin();
      return;
    }
    this.#free += 1;
  }
}
