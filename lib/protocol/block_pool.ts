/**
 * Small blocks of one size, cut from large slabs. Ten thousand connections that say little each wait
 * with a buffer of their own: by itself such a buffer costs twice its bytes, and lies on a page with
 * nothing else that is needed at the time.
 *
 * @module
 */

import { Block, wordBytes } from "../block.ts";
import { slabBytes } from "../limits.ts";

/**
 * Gives blocks, and takes them back. Its memory is that of the most blocks that were ever out at one
 * time. A block holds what its last user left in it.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const pool = new BlockPool(504);
 * const block = pool.take();
 * assertEquals(block.size, 504);
 * pool.give(block);
 * assertEquals(pool.take(), block);
 * ```
 */
export class BlockPool {
  /** Bytes of each block. */
  readonly blockBytes: number;
  readonly #free: Block[] = [];
  #slab = new ArrayBuffer(0);
  #cut = 0;

  /** @param blockBytes bytes of each block */
  constructor(blockBytes: number) {
    this.blockBytes = blockBytes;
  }

  /** @returns a block that nobody else has */
  take(): Block {
    return this.#free.pop() ?? this.#cutOne();
  }

  /** @param block one that was taken, which its user does not touch any more */
  give(block: Block): void {
    this.#free.push(block);
  }

  #cutOne(): Block {
    const at = this.#cut;
    const bytes = this.blockBytes + wordBytes;
    if (at + bytes <= this.#slab.byteLength) {
      this.#cut += bytes;
      return new Block(this.blockBytes, { buffer: this.#slab, at });
    }
    this.#slab = new ArrayBuffer(slabBytes);
    this.#cut = 0;
    return this.#cutOne();
  }
}
