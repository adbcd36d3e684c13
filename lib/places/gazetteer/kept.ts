/**
 * Bytes kept until the rest of them has come.
 *
 * @module
 */

/**
 * The beginning of something whose end is in a later piece.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const kept = new Kept();
 * kept.append(Uint8Array.of(1));
 * assertEquals(kept.takeWith(Uint8Array.of(2)), Uint8Array.of(1, 2));
 * assertEquals(kept.length, 0);
 * ```
 */
export class Kept {
  #pieces: Uint8Array[] = [];
  #length = 0;

  /** How many bytes are kept. */
  get length(): number {
    return this.#length;
  }

  /** @param piece copied */
  append(piece: Uint8Array): void {
    if (piece.length === 0) return;
    this.#pieces.push(piece.slice());
    this.#length += piece.length;
  }

  /**
   * Puts together what is kept and what comes after it, and keeps nothing any more.
   *
   * @param last the last piece
   * @returns all of it; `last` itself when nothing was kept
   */
  takeWith(last: Uint8Array): Uint8Array {
    if (this.#length === 0) return last;
    const all = new Uint8Array(this.#length + last.length);
    let offset = 0;
    for (const piece of [...this.#pieces, last]) {
      all.set(piece, offset);
      offset += piece.length;
    }
    this.#pieces = [];
    this.#length = 0;
    return all;
  }
}
