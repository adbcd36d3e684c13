/**
 * What of a record's line does not fit its cell: a chain of pieces of one size, so that long lines
 * and short ones share the same memory, and none of it is lost to gaps whatever comes and goes.
 *
 * @module
 */

import { Block, copyWords } from "../block.ts";

/** Bytes of a line in one piece. */
const pieceBytes = 44;
/** A piece, and behind it the number of the next. */
const stepBytes = pieceBytes + 4;
const chunkBits = 13;
const chunkPieces = 1 << chunkBits;

/** In place of a piece's number: there is none. */
const none = -1;

/**
 * @param bytes of a tail
 * @returns what it takes in memory, in bytes
 */
export function tailBytes(bytes: number): number {
  return Math.ceil(bytes / pieceBytes) * stepBytes;
}

/** Tails by the number of their first piece. What was freed is used again. */
export class Tails {
  readonly #chunks: Block[] = [];
  #end = 0;
  #free = none;
  #used = 0;

  /** Bytes of memory that the tails take. */
  get bytes(): number {
    return this.#used * stepBytes;
  }

  /**
   * Keeps a copy of some bytes.
   *
   * @param source where they are
   * @param start the first
   * @param end one past the last; there is at least one
   * @returns the tail's number
   */
  add(source: DataView, start: number, end: number): number {
    const first = this.#take();
    for (let piece = first;;) {
      const { view } = this.#chunkOf(piece);
      const at = placeOf(piece);
      const pieceEnd = Math.min(end, start + pieceBytes);
      // Copying in words runs over the number behind the bytes, which is written after that.
      copyWords(source, start, pieceEnd, view, at);
      start = pieceEnd;
      const next = start < end ? this.#take() : none;
      view.setInt32(at + pieceBytes, next, true);
      if (next === none) return first;
      piece = next;
    }
  }

  #take(): number {
    this.#used++;
    const free = this.#free;
    if (free !== none) {
      this.#free = this.#next(free);
      return free;
    }
    if ((this.#end & (chunkPieces - 1)) === 0) {
      this.#chunks.push(new Block(chunkPieces * stepBytes));
    }
    return this.#end++;
  }

  /** Gives up a tail. */
  free(tail: number): void {
    for (let piece = tail; piece !== none;) {
      const next = this.#next(piece);
      this.#chunkOf(piece).view.setInt32(placeOf(piece) + pieceBytes, this.#free, true);
      this.#free = piece;
      this.#used--;
      piece = next;
    }
  }

  /**
   * Copies a tail.
   *
   * @param tail its number
   * @param length how many bytes it has
   * @param target has room for them, and a word behind
   * @param at where the first goes
   * @returns one past the last byte written
   */
  copy(tail: number, length: number, target: DataView, at: number): number {
    for (let piece = tail, left = length; left > 0; piece = this.#next(piece), left -= pieceBytes) {
      const start = placeOf(piece);
      const end = start + Math.min(left, pieceBytes);
      at = copyWords(this.#chunkOf(piece).view, start, end, target, at);
    }
    return at;
  }

  #next(piece: number): number {
    return this.#chunkOf(piece).view.getInt32(placeOf(piece) + pieceBytes, true);
  }

  #chunkOf(piece: number): Block {
    return this.#chunks[piece >>> chunkBits]!;
  }
}

/** @returns where a piece begins in its chunk */
function placeOf(piece: number): number {
  return (piece & (chunkPieces - 1)) * stepBytes;
}
