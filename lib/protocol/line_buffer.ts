/**
 * Received bytes, cut into lines. A connection reads into the buffer itself, so that a line is
 * scanned where it is. The buffer grows with the traffic, and shrinks when that has passed.
 *
 * @module
 */

import { Block } from "../block.ts";
import { smallReadsMax } from "../limits.ts";
import { newline } from "./ascii.ts";
import type { BlockPool } from "./block_pool.ts";

const nothing = new Block(0);

/** What many buffers share: the bytes that they have grown by. */
export interface GrowthBudget {
  /** @returns whether a buffer may grow by so many bytes */
  take(bytes: number): boolean;
  /** A buffer has shrunk by so many bytes. */
  give(bytes: number): void;
}

/** How big a buffer begins, and how big traffic makes it, in bytes. A longer line fits, too. */
export interface LineBufferOptions {
  readonly bytesMin: number;
  readonly bytesMax: number;
  /** Gives blocks of less than `bytesMin`, one of which is used as long as little comes. */
  readonly pool?: BlockPool;
  /** Bounds what this and other buffers grow by together; without it nothing does. */
  readonly budget?: GrowthBudget;
}

/**
 * Turns pieces of any size into lines.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const lines = new LineBuffer({ bytesMin: 64, bytesMax: 64 });
 * const piece = new TextEncoder().encode("one\ntw");
 * lines.room().set(piece);
 * lines.received(piece.length);
 * assertEquals(new TextDecoder().decode(lines.take()!), "one");
 * assertEquals(lines.take(), null);
 * ```
 */
export class LineBuffer {
  /** The bytes; those from `start` on are due, and each complete line ends in a newline. */
  block: Block;
  /** The first byte of the next line; {@linkcode taken} moves it on. */
  start = 0;
  /** One past the last complete line's newline. */
  complete = 0;
  #end = 0;
  #smallReads = 0;
  readonly #options: LineBufferOptions;
  #budget: GrowthBudget | null;
  /** Where the block belongs; null when it is this buffer's own. */
  #pool: BlockPool | null;
  /** Whether an unfinished line was dropped, since the buffer could not grow any more. */
  isStarved = false;

  constructor(options: LineBufferOptions) {
    this.#options = options;
    this.#budget = options.budget ?? null;
    this.block = options.pool?.take() ?? new Block(options.bytesMin);
    this.#pool = options.pool ?? null;
  }

  /** The bytes of the {@linkcode block}. */
  get bytes(): Uint8Array<ArrayBuffer> {
    return this.block.bytes;
  }

  /** @returns where the next piece may be read to; at least one byte */
  room(): Uint8Array<ArrayBuffer> {
    if (this.start === this.#end) this.start = this.complete = this.#end = 0;
    else if (this.#end === this.bytes.length) this.#makeRoom();
    return this.#end === 0 ? this.bytes : this.bytes.subarray(this.#end);
  }

  /** Moves what is due to the front, or to a bigger array if it fills more than half of this. */
  #makeRoom(): void {
    const due = this.#end - this.start;
    if (due > this.bytes.length / 2) {
      if (!this.#resize(this.#doubled)) return this.#starve();
    } else this.bytes.copyWithin(0, this.start, this.#end);
    this.complete -= this.start;
    this.start = 0;
    this.#end = due;
  }

  /** The next size: out of the pool, that is the least of its own. */
  get #doubled(): number {
    return this.#pool === null ? this.bytes.length * 2 : this.#options.bytesMin;
  }

  /** Bytes that it has grown by, which the budget counts. */
  get #grown(): number {
    return Math.max(0, this.bytes.length - this.#options.bytesMin);
  }

  /** @returns whether that was possible */
  #resize(size: number): boolean {
    const isPossible = this.#budget?.take(size - this.#options.bytesMin - this.#grown) ?? true;
    if (!isPossible) return false;
    const block = new Block(size);
    block.bytes.set(this.bytes.subarray(this.start, this.#end));
    this.#leavePool();
    this.block = block;
    return true;
  }

  #leavePool(): void {
    this.#pool?.give(this.block);
    this.#pool = null;
  }

  #starve(): void {
    this.isStarved = true;
    this.start = this.complete = this.#end = 0;
  }

  /** Gives back what it took from the budget, and needs none from here on. */
  leaveBudget(): void {
    this.#budget?.give(this.#grown);
    this.#budget = null;
  }

  /** Gives everything back: no read is under way, and none follows. */
  release(): void {
    this.leaveBudget();
    this.#leavePool();
    this.block = nothing;
    this.start = this.complete = this.#end = 0;
  }

  /**
   * Takes in what was read into {@linkcode room}.
   *
   * @param count how many bytes
   */
  received(count: number): void {
    const from = this.#end;
    this.#end += count;
    // Only what is new is searched, or a line that comes byte by byte would cost its square.
    let last = this.#end;
    while (last > from && this.bytes[last - 1] !== newline) last--;
    if (last > from) this.complete = last;
    if (this.bytes.length > this.#least) this.#considerShrinking(count);
    if (this.#end === this.bytes.length && count * 2 > this.bytes.length) this.#grow();
  }

  /** A read that filled the buffer shows that there is more. */
  #grow(): void {
    if (this.bytes.length >= this.#options.bytesMax) return;
    if (!this.#resize(Math.min(this.#doubled, this.#options.bytesMax))) return;
    this.complete -= this.start;
    this.#end -= this.start;
    this.start = 0;
  }

  /** Bytes of the block that it has while little comes. */
  get #least(): number {
    return this.#options.pool?.blockBytes ?? this.#options.bytesMin;
  }

  #considerShrinking(count: number): void {
    this.#smallReads = count * 8 < this.bytes.length ? this.#smallReads + 1 : 0;
    if (this.#smallReads < smallReadsMax || this.#end > this.#least) return;
    this.#budget?.give(this.#grown);
    const { pool = null } = this.#options;
    const block = pool?.take() ?? new Block(this.#least);
    block.bytes.set(this.bytes.subarray(0, this.#end));
    this.block = block;
    this.#pool = pool;
    this.#smallReads = 0;
  }

  /**
   * @returns the next line without its newline, or null if none is complete; a view that is valid
   *   until {@linkcode room} is called
   */
  take(): Uint8Array<ArrayBuffer> | null {
    if (this.start >= this.complete) return null;
    const end = this.bytes.indexOf(newline, this.start);
    const line = this.bytes.subarray(this.start, end);
    this.start = end + 1;
    return line;
  }

  /**
   * Says that the line that is next was read where it lies.
   *
   * @param lineEnd the newline that ends it
   */
  taken(lineEnd: number): void {
    this.start = lineEnd + 1;
  }

  /** At the end of input, makes a line of what came after the last newline. */
  end(): void {
    if (this.#end === this.complete) return;
    if (this.#end === this.bytes.length) this.#makeRoom();
    this.bytes[this.#end++] = newline;
    this.complete = this.#end;
  }

  /** Bytes of the unfinished line: what came after the last newline. */
  get unfinishedBytes(): number {
    return this.#end - Math.max(this.complete, this.start);
  }

  /** Drops everything that is due. */
  clear(): void {
    this.start = this.complete = this.#end;
  }
}
