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
 * const pending = new PendingBytes();
 * pending.append(Uint8Array.of(1));
 * assertEquals(pending.takeWith(Uint8Array.of(2)), Uint8Array.of(1, 2));
 * assertEquals(pending.length, 0);
 * ```
 */
export class PendingBytes {
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

  /** @returns all that was kept, as one; from now on nothing is */
  take(): Uint8Array<ArrayBuffer> {
    const all = joined(this.#pieces);
    this.#pieces = [];
    this.#length = 0;
    return all;
  }

  /**
   * As {@linkcode take}, with what comes after it.
   *
   * @param last the last piece
   * @returns all of it; `last` itself when nothing was kept
   */
  takeWith(last: Uint8Array): Uint8Array {
    if (this.#length === 0) return last;
    this.#pieces.push(last);
    return this.take();
  }
}

/** @returns the pieces as one */
export function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
}
