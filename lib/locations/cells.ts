/**
 * Where the records lie: each line in a cell of fixed size, many cells in a chunk, so that growth
 * copies nothing and a million records are a few hundred objects. A line too long for its cell lies
 * outside.
 *
 * @module
 */

import type { Span } from "../protocol/ascii.ts";
import type { RecordFields } from "../protocol/record.ts";

/** Bytes of a cell: an `AT` line with an ID of 36 bytes (a UUID) is about 105. */
export const cellBytes = 112;

const chunkBits = 12;
const chunkRecords = 1 << chunkBits;
const slotMask = chunkRecords - 1;

/** In place of a length: the line lies outside. Cells are shorter than that. */
const outside = 0xff;

/** The records of one chunk, field by field. */
class Chunk {
  readonly lines = new Uint8Array(chunkRecords * cellBytes);
  readonly lengths = new Uint8Array(chunkRecords);
  readonly idStarts = new Uint8Array(chunkRecords);
  readonly idLengths = new Uint8Array(chunkRecords);
  readonly hashes = new Int32Array(chunkRecords);
  readonly seconds = new Float64Array(chunkRecords);
  readonly nanoseconds = new Uint32Array(chunkRecords);
}

/** A record's line, without its newline, as it lies in some array, and where its fields are there. */
export interface RecordLine extends Span {
  readonly fields: Readonly<RecordFields>;
}

/** A record outside the cells. */
interface Outside {
  readonly line: Uint8Array;
  readonly idStart: number;
  readonly idEnd: number;
}

/** Cells by number, from 0. A number that was freed is given again. */
export class Cells {
  readonly #chunks: Chunk[] = [];
  readonly #outside = new Map<number, Outside>();
  readonly #free: number[] = [];
  #end = 0;

  /** @returns a number that no record has */
  add(): number {
    const freed = this.#free.pop();
    if (freed !== undefined) return freed;
    if ((this.#end & slotMask) === 0) this.#chunks.push(new Chunk());
    return this.#end++;
  }

  /** Empties a cell: its length is 0 until its number is given again. */
  free(number: number): void {
    const chunk = this.#chunks[number >>> chunkBits]!;
    if (chunk.lengths[number & slotMask] === outside) this.#outside.delete(number);
    chunk.lengths[number & slotMask] = 0;
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

  /** Puts a line into a cell, in place of what is there. */
  write(number: number, { bytes, start, end, fields }: RecordLine): void {
    const chunk = this.#chunks[number >>> chunkBits]!;
    const slot = number & slotMask;
    chunk.hashes[slot] = fields.idHash;
    chunk.seconds[slot] = fields.seconds;
    chunk.nanoseconds[slot] = fields.nanoseconds;
    if (chunk.lengths[slot] === outside) this.#outside.delete(number);
    if (end - start > cellBytes) {
      chunk.lengths[slot] = outside;
      this.#outside.set(number, {
        line: bytes.slice(start, end),
        idStart: fields.idStart - start,
        idEnd: fields.idEnd - start,
      });
      return;
    }
    chunk.lengths[slot] = end - start;
    chunk.idStarts[slot] = fields.idStart - start;
    chunk.idLengths[slot] = fields.idEnd - fields.idStart;
    const lines = chunk.lines;
    let at = slot * cellBytes;
    for (let from = start; from < end; from++) lines[at++] = bytes[from]!;
  }

  /** @returns bytes of the record's line, or 0 when there is no such record any more */
  length(number: number): number {
    const length = this.#chunks[number >>> chunkBits]!.lengths[number & slotMask]!;
    return length === outside ? this.#outside.get(number)!.line.length : length;
  }

  /**
   * Copies a record's line.
   *
   * @param target has room for it
   * @param at where the first byte goes
   * @returns one past the last byte written
   */
  copy(number: number, target: Uint8Array, at: number): number {
    const chunk = this.#chunks[number >>> chunkBits]!;
    const slot = number & slotMask;
    const length = chunk.lengths[slot]!;
    if (length === outside) {
      const { line } = this.#outside.get(number)!;
      target.set(line, at);
      return at + line.length;
    }
    const lines = chunk.lines;
    const start = slot * cellBytes;
    for (let from = start; from < start + length; from++) target[at++] = lines[from]!;
    return at;
  }

  /** @returns the hash of the record's ID */
  hash(number: number): number {
    return this.#chunks[number >>> chunkBits]!.hashes[number & slotMask]!;
  }

  /** @returns the whole seconds of the record's time */
  seconds(number: number): number {
    return this.#chunks[number >>> chunkBits]!.seconds[number & slotMask]!;
  }

  /** @returns the nanoseconds of the record's time */
  nanoseconds(number: number): number {
    return this.#chunks[number >>> chunkBits]!.nanoseconds[number & slotMask]!;
  }

  /** @returns whether the record's ID is the bytes from `start` to `end` */
  hasId(number: number, bytes: Uint8Array, start: number, end: number): boolean {
    const chunk = this.#chunks[number >>> chunkBits]!;
    const slot = number & slotMask;
    let lines = chunk.lines;
    let at = slot * cellBytes + chunk.idStarts[slot]!;
    let length = chunk.idLengths[slot]!;
    if (chunk.lengths[slot] === outside) {
      const { line, idStart, idEnd } = this.#outside.get(number)!;
      lines = line as Uint8Array<ArrayBuffer>;
      at = idStart;
      length = idEnd - idStart;
    }
    if (length !== end - start) return false;
    for (let from = start; from < end; from++) if (lines[at++] !== bytes[from]) return false;
    return true;
  }

  /**
   * Adds a record to a digest: by exclusive or, so that the order of records does not matter and one
   * that is added twice is gone again.
   *
   * @param number the record's
   * @param lanes two numbers of 32 bits at `at`
   */
  addToDigest(number: number, lanes: Int32Array, at: number): void {
    const chunk = this.#chunks[number >>> chunkBits]!;
    const slot = number & slotMask;
    let length = chunk.lengths[slot]!;
    let bytes = chunk.lines;
    let from = slot * cellBytes;
    if (length === outside) {
      bytes = this.#outside.get(number)!.line as Uint8Array<ArrayBuffer>;
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

/** Spreads every bit over all 32 (the last steps of MurmurHash3). */
function finish(hash: number): number {
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16);
}
