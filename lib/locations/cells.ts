/**
 * Where the records lie: each in a cell of two cache lines, its numbers in front and its line behind
 * them, many cells in a chunk, so that growth copies nothing and a million records are a hundred
 * objects. Of a line too long for its cell the head lies in the cell, and the tail elsewhere.
 *
 * @module
 */

import type { Span } from "../protocol/ascii.ts";
import { Block, copyWords } from "../block.ts";
import { hashId, type RecordFields } from "../protocol/record.ts";
import { tailBytes, Tails } from "./tails.ts";

/** Bytes of a record's line that fit its cell: an `AT` line with an ID of 36 bytes (a UUID) does. */
export const cellBytes = 104;

const cellBits = 7;
const chunkBits = 13;
const chunkRecords = 1 << chunkBits;
/** Large memory begins 16 bytes behind a cache line's start, where allocators keep its size. */
const firstCell = 48;
const slotMask = chunkRecords - 1;

/** Where the parts of a cell are. */
const part = {
  seconds: 0,
  nanoseconds: 8,
  hash: 12,
  length: 16,
  id: 17,
  idEnd: 18,
  kind: 19,
  longLength: 20,
  line: 24,
  longId: 116,
  longIdEnd: 120,
  tail: 124,
};

/** What a record is, as bits. */
const kind = { plain: 1, tombstone: 2 };

/** In place of a length: the line is longer than its cell. */
const long = 0xff;

/** Bytes of a long line's head. */
const headBytes = part.longId - part.line;

/** A record's line, without its newline, as it lies in some block, and where its fields are there. */
export interface RecordLine extends Span {
  /** The same bytes; a line is copied in words. */
  readonly view: DataView;
  readonly fields: Readonly<RecordFields>;
}

/**
 * @param lineBytes bytes of a record's line
 * @returns what the line takes besides its cell, in bytes
 */
export function bytesBesideCell(lineBytes: number): number {
  return lineBytes <= cellBytes ? 0 : tailBytes(lineBytes - headBytes);
}

/** Cells by number, from 0. A number that was freed is given again. */
export class Cells {
  readonly #chunks: Block[] = [];
  readonly #tails = new Tails();
  /** A long line that is looked at as a whole. */
  #whole = new Block(512);
  readonly #free: number[] = [];
  #end = 0;

  /** @returns a number that no record has */
  add(): number {
    const freed = this.#free.pop();
    if (freed !== undefined) return freed;
    if ((this.#end & slotMask) === 0) {
      this.#chunks.push(new Block(firstCell + (chunkRecords << cellBits)));
    }
    return this.#end++;
  }

  /** Empties a cell: its length is 0 until its number is given again. */
  free(number: number): void {
    const chunk = this.#chunkOf(number);
    const cell = cellOf(number);
    if (chunk.bytes[cell + part.length] === long) this.#freeTail(chunk, cell);
    chunk.bytes[cell + part.length] = 0;
    this.#free.push(number);
  }

  #freeTail({ view }: Block, cell: number): void {
    this.#tails.free(view.getInt32(cell + part.tail, true));
  }

  /** Bytes that lines take besides their cells. */
  get bytesBeside(): number {
    return this.#tails.bytes;
  }

  /** How many records there are. */
  get count(): number {
    return this.#end - this.#free.length;
  }

  /** One more than the greatest number ever given. */
  get end(): number {
    return this.#end;
  }

  #chunkOf(number: number): Block {
    return this.#chunks[number >>> chunkBits]!;
  }

  /** Puts a line into a cell, in place of what is there. */
  write(number: number, line: RecordLine): void {
    const { start, end, fields } = line;
    const chunk = this.#chunkOf(number);
    const { bytes, view } = chunk;
    const cell = cellOf(number);
    view.setFloat64(cell + part.seconds, fields.seconds, true);
    view.setUint32(cell + part.nanoseconds, fields.nanoseconds, true);
    view.setInt32(cell + part.hash, fields.idHash, true);
    bytes[cell + part.kind] = (fields.isPlain ? kind.plain : 0) |
      (fields.isTombstone ? kind.tombstone : 0);
    if (bytes[cell + part.length] === long) this.#freeTail(chunk, cell);
    if (end - start > cellBytes) return this.#writeLong(chunk, cell, line);
    bytes[cell + part.length] = end - start;
    bytes[cell + part.id] = fields.idStart - start;
    bytes[cell + part.idEnd] = fields.idEnd - start;
    copyWords(line.view, start, end, view, cell + part.line);
  }

  #writeLong({ bytes, view }: Block, cell: number, line: RecordLine): void {
    const { start, end, fields } = line;
    const headEnd = start + headBytes;
    bytes[cell + part.length] = long;
    view.setUint32(cell + part.longLength, end - start, true);
    // Copying in words runs over the numbers behind the head, which are written after that.
    copyWords(line.view, start, headEnd, view, cell + part.line);
    view.setUint32(cell + part.longId, fields.idStart - start, true);
    view.setUint32(cell + part.longIdEnd, fields.idEnd - start, true);
    view.setInt32(cell + part.tail, this.#tails.add(line.view, headEnd, end), true);
  }

  /** @returns bytes of the record's line, or 0 when there is no such record any more */
  length(number: number): number {
    const { bytes, view } = this.#chunkOf(number);
    const cell = cellOf(number);
    const length = bytes[cell + part.length]!;
    return length === long ? view.getUint32(cell + part.longLength, true) : length;
  }

  /**
   * Copies a record's line.
   *
   * @param target has room for it
   * @param at where the first byte goes
   * @returns one past the last byte written
   */
  copy(number: number, target: Block, at: number): number {
    const chunk = this.#chunkOf(number);
    const cell = cellOf(number);
    const length = chunk.bytes[cell + part.length]!;
    if (length === long) return this.#copyLong(chunk, cell, target, at);
    const start = cell + part.line;
    return copyWords(chunk.view, start, start + length, target.view, at);
  }

  #copyLong({ view }: Block, cell: number, target: Block, at: number): number {
    const start = cell + part.line;
    at = copyWords(view, start, start + headBytes, target.view, at);
    const left = view.getUint32(cell + part.longLength, true) - headBytes;
    return this.#tails.copy(view.getInt32(cell + part.tail, true), left, target.view, at);
  }

  /** @returns the bytes of a long line, until another is asked for */
  #wholeOf(chunk: Block, cell: number): Uint8Array {
    const length = chunk.view.getUint32(cell + part.longLength, true);
    if (length > this.#whole.size) this.#whole = new Block(length * 2);
    this.#copyLong(chunk, cell, this.#whole, 0);
    return this.#whole.bytes;
  }

  /** @returns whether a log need not escape the record's line, its server's name apart */
  isPlain(number: number): boolean {
    return (this.#chunkOf(number).bytes[cellOf(number) + part.kind]! & kind.plain) !== 0;
  }

  /** @returns whether the record says that its client was deleted */
  isTombstone(number: number): boolean {
    return (this.#chunkOf(number).bytes[cellOf(number) + part.kind]! & kind.tombstone) !== 0;
  }

  /** @returns the hash of the record's ID */
  hash(number: number): number {
    return this.#chunkOf(number).view.getInt32(cellOf(number) + part.hash, true);
  }

  /** @returns the hash of the record's ID under another seed */
  hashId(number: number, seed: number): number {
    const chunk = this.#chunkOf(number);
    const cell = cellOf(number);
    const { bytes, view } = chunk;
    if (bytes[cell + part.length] === long) {
      const idStart = view.getUint32(cell + part.longId, true);
      const idEnd = view.getUint32(cell + part.longIdEnd, true);
      return hashId(this.#wholeOf(chunk, cell), idStart, idEnd, seed);
    }
    const line = cell + part.line;
    return hashId(bytes, line + bytes[cell + part.id]!, line + bytes[cell + part.idEnd]!, seed);
  }

  /** @returns the whole seconds of the record's time */
  seconds(number: number): number {
    return this.#chunkOf(number).view.getFloat64(cellOf(number) + part.seconds, true);
  }

  /** @returns the nanoseconds of the record's time */
  nanoseconds(number: number): number {
    return this.#chunkOf(number).view.getUint32(cellOf(number) + part.nanoseconds, true);
  }

  /** @returns whether the record's ID is the bytes from `start` to `end` */
  hasId(number: number, bytes: Uint8Array, start: number, end: number): boolean {
    const chunk = this.#chunkOf(number);
    const cell = cellOf(number);
    if (chunk.bytes[cell + part.length] === long) {
      return this.#hasLongId(chunk, cell, { bytes, start, end });
    }
    const idStart = chunk.bytes[cell + part.id]!;
    if (chunk.bytes[cell + part.idEnd]! - idStart !== end - start) return false;
    return isSame(chunk.bytes, cell + part.line + idStart, bytes, start, end);
  }

  #hasLongId(chunk: Block, cell: number, { bytes, start, end }: Span): boolean {
    const idStart = chunk.view.getUint32(cell + part.longId, true);
    const idEnd = chunk.view.getUint32(cell + part.longIdEnd, true);
    if (idEnd - idStart !== end - start) return false;
    if (idEnd > headBytes) return isSame(this.#wholeOf(chunk, cell), idStart, bytes, start, end);
    return isSame(chunk.bytes, cell + part.line + idStart, bytes, start, end);
  }

  /**
   * Adds a record to a digest: by exclusive or, so that the order of records does not matter and one
   * that is added twice is gone again.
   *
   * @param number the record's
   * @param lanes two numbers of 32 bits at `at`
   */
  addToDigest(number: number, lanes: Int32Array, at: number): void {
    const chunk = this.#chunkOf(number);
    const cell = cellOf(number);
    const isLong = chunk.bytes[cell + part.length] === long;
    const bytes = isLong ? this.#wholeOf(chunk, cell) : chunk.bytes;
    const length = this.length(number);
    let from = isLong ? 0 : cell + part.line;
    let one = length;
    let other = ~length;
    for (const end = from + length; from < end; from++) {
      one = Math.imul(one ^ bytes[from]!, 0x5bd1e995);
      one ^= one >>> 15;
      other = Math.imul(other + bytes[from]!, 0x2c1b3c6d);
      other ^= other >>> 13;
    }
    lanes[at] = lanes[at]! ^ finish(one);
    lanes[at + 1] = lanes[at + 1]! ^ finish(other);
  }
}

/** @returns where a record's cell begins in its chunk */
function cellOf(number: number): number {
  return firstCell + ((number & slotMask) << cellBits);
}

function isSame(
  one: Uint8Array,
  at: number,
  other: Uint8Array,
  start: number,
  end: number,
): boolean {
  for (; start < end; start++, at++) if (one[at] !== other[start]) return false;
  return true;
}

/** Spreads every bit over all 32 (the last steps of MurmurHash3). */
function finish(hash: number): number {
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
