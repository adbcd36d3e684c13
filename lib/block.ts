/**
 * Memory that can be copied eight bytes at a time, which is four times as fast as one by one (14 ns
 * for 90 bytes, against 66 in a loop and 35 through `set`, which needs a view).
 *
 * @module
 */

/** Bytes of a word. */
export const wordBytes = 8;

/** Memory with one word more than its size, so that copying in words may run past its end. */
export class Block {
  /** The bytes. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** The same bytes, and a word behind them. */
  readonly view: DataView<ArrayBuffer>;

  /**
   * @param size how many bytes
   * @param slab where they are, and that nobody else uses them or the word behind; memory of their
   *   own when absent
   */
  constructor(size: number, slab?: { readonly buffer: ArrayBuffer; readonly at: number }) {
    const { buffer, at } = slab ?? { buffer: new ArrayBuffer(size + wordBytes), at: 0 };
    this.bytes = new Uint8Array(buffer, at, size);
    this.view = new DataView(buffer, at, size + wordBytes);
  }

  /** How many bytes. */
  get size(): number {
    return this.bytes.length;
  }

  /**
   * @param bytes any bytes
   * @returns a block with a copy of them
   */
  static of(bytes: Uint8Array): Block {
    const block = new Block(bytes.length);
    block.bytes.set(bytes);
    return block;
  }
}

/**
 * Copies bytes between blocks, in words: up to seven bytes behind the last one are written too, so
 * nothing there may still be needed.
 *
 * @param source where the bytes are
 * @param start the first byte
 * @param end one past the last byte
 * @param target another block, with room
 * @param at where the first byte goes
 * @returns one past the last byte that counts
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const source = Block.of(new TextEncoder().encode("a line of a client"));
 * const target = new Block(16);
 * assertEquals(copyWords(source.view, 2, 6, target.view, 1), 5);
 * assertEquals(new TextDecoder().decode(target.bytes.subarray(1, 5)), "line");
 * ```
 */
export function copyWords(
  source: DataView,
  start: number,
  end: number,
  target: DataView,
  at: number,
): number {
  const past = at + end - start;
  for (; at < past; at += wordBytes, start += wordBytes) {
    target.setBigUint64(at, source.getBigUint64(start, true), true);
  }
  return past;
}
