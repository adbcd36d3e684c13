/**
 * The memory of the records. Each is in a cell of two cache lines, its numbers first and its line
 * after them. Cells are allocated in chunks, so that growth copies nothing and a million records
 * are a hundred objects. A line too long for its cell is kept outside.
 *
 * @module
 */

import type { Span } from "../protocol/ascii.ts";
import { Block, copyWords } from "../block.ts";
import type { RecordFields } from "../protocol/record.ts";

/** Bytes of a line that fit a cell: enough for an `AT` line with an ID of 36 bytes (a UUID). */
export const cellBytes = 104;

const cellBits = 7;
const chunkBits = 13;
const chunkRecords = 1 << chunkBits;
/** Large memory begins 16 bytes after a cache line's start, where allocators keep its size. */
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
  line: 24,
};

/** What a record is, as bits. */
const kind = { plain: 1, tombstone: 2 };

/** In place of a length: the line is kept outside. */
const outside = 0xff;

/** A record's line, without its newline, in some block, and where its fields are there. */
export interface RecordLine extends Span {
  /** The same bytes; a line is copied in words. */
  readonly view: DataView;
  readonly fields: Readonly<RecordFields>;
}

/** A record outside the cells. */
interface Outside {
  readonly line: Uint8Array;
  readonly idStart: number;
  readonly idEnd: number;
}

/** Cells by number, from 0. A number that was freed is reused. */
export class Cells {
  readonly #chunks: Block[] = [];
  readonly #outside = new Map<number, Outside>();
  readonly #free: number[] = [];
  #end = 0;

  /** @returns a number that no record has, for a new one */
  add(): number {
    const freed = this.#free.pop();
    if (freed !== undefined) return freed;
    if ((this.#end & slotMask) === 0) {
      this.#chunks.push(new Block(firstCell + (chunkRecords << cellBits)));
    }
    return this.#end++;
  }

  /** Empties a cell: its length is 0 until its number is reused. */
  free(number: number): void {
    const { bytes } = this.#chunkOf(number);
    const at = cellOf(number) + part.length;
    if (bytes[at] === outside) this.#outside.delete(number);
    bytes[at] = 0;
    this.#free.push(number);
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

  /** Writes a line into a cell, over what is there. */
  write(number: number, line: RecordLine): void {
    const { start, end, fields } = line;
    const { bytes, view } = this.#chunkOf(number);
    const cell = cellOf(number);
    view.setFloat64(cell + part.seconds, fields.seconds, true);
    view.setUint32(cell + part.nanoseconds, fields.nanoseconds, true);
    view.setInt32(cell + part.hash, fields.idHash, true);
    bytes[cell + part.kind] = (fields.isPlain ? kind.plain : 0) |
      (fields.isTombstone ? kind.tombstone : 0);
    if (bytes[cell + part.length] === outside) this.#outside.delete(number);
    if (end - start > cellBytes) {
      bytes[cell + part.length] = outside;
      this.#writeOutside(number, line);
      return;
    }
    bytes[cell + part.length] = end - start;
    bytes[cell + part.id] = fields.idStart - start;
    bytes[cell + part.idEnd] = fields.idEnd - start;
    copyWords(line.view, start, end, view, cell + part.line);
  }

  #writeOutside(number: number, { bytes, start, end, fields }: RecordLine): void {
    this.#outside.set(number, {
      line: bytes.slice(start, end),
      idStart: fields.idStart - start,
      idEnd: fields.idEnd - start,
    });
  }

  /** @returns bytes of the record's line, or 0 if the record is gone */
  length(number: number): number {
    const length = this.#chunkOf(number).bytes[cellOf(number) + part.length]!;
    return length === outside ? this.#outside.get(number)!.line.length : length;
  }

  /**
   * Copies a record's line.
   *
   * @param target has room for it
   * @param at where the first byte goes
   * @returns one past the last byte written
   */
  copy(number: number, target: Block, at: number): number {
    const { bytes, view } = this.#chunkOf(number);
    const cell = cellOf(number);
    const length = bytes[cell + part.length]!;
    const start = cell + part.line;
    if (length !== outside) return copyWords(view, start, start + length, target.view, at);
    const { line } = this.#outside.get(number)!;
    target.bytes.set(line, at);
    return at + line.length;
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
    const chunk = this.#chunkOf(number).bytes;
    const cell = cellOf(number);
    if (chunk[cell + part.length] === outside) {
      const { line, idStart, idEnd } = this.#outside.get(number)!;
      return idEnd - idStart === end - start && isSame(line, idStart, bytes, start, end);
    }
    if (chunk[cell + part.idEnd]! - chunk[cell + part.id]! !== end - start) return false;
    return isSame(chunk, cell + part.line + chunk[cell + part.id]!, bytes, start, end);
  }

  /**
   * Adds a record to a digest: by exclusive or, so that the order of records does not matter, and
   * adding one twice removes it.
   *
   * @param number the record's
   * @param lanes two numbers of 32 bits at `at`
   */
  addToDigest(number: number, lanes: Int32Array, at: number): void {
    let { bytes }: { bytes: Uint8Array } = this.#chunkOf(number);
    let from = cellOf(number) + part.line;
    let length = bytes[cellOf(number) + part.length]!;
    if (length === outside) {
      bytes = this.#outside.get(number)!.line;
      length = bytes.length;
      from = 0;
    }
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
