/**
 * The memory that all sessions together may use for long lines and for many answers. Each has a small
 * buffer of its own for either, which is not counted: any command fits, so that who talks as clients
 * do never comes up against what others use.
 *
 * @module
 */

/**
 * Counts bytes.
 *
 * @example
 * ```ts
 * import { assert, assertEquals } from "@std/assert";
 * const budget = new BufferBudget(100);
 * assert(budget.take(60));
 * assert(!budget.take(60));
 * budget.give(60);
 * assertEquals(budget.bytes, 0);
 * ```
 */
export class BufferBudget {
  /** Bytes in use. */
  bytes = 0;
  readonly #bytesMax: number;

  /** @param bytesMax how many there may be */
  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** Whether nothing is left. */
  get isSpent(): boolean {
    return this.bytes >= this.#bytesMax;
  }

  /** @returns whether so many bytes were left: then they are taken */
  take(bytes: number): boolean {
    if (this.bytes + bytes > this.#bytesMax) return false;
    this.bytes += bytes;
    return true;
  }

  /** Takes bytes that cannot be done without, whether they are left or not. */
  force(bytes: number): void {
    this.bytes += bytes;
  }

  /** Gives bytes back. */
  give(bytes: number): void {
    this.bytes -= bytes;
  }
}
