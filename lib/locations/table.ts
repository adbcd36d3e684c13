/**
 * The table of the latest records: for every client the newest `AT` line that this server knows,
 * under a number that the record keeps for good. Answers, links, catch-up and store hold numbers, and
 * copy the bytes when they need them.
 *
 * Records are in one order everywhere: by time at nanoseconds, then by the bytes of the line. Every
 * server keeps the greatest it has seen of each client, so that all come to the same one, whatever
 * the order in which records reach them.
 *
 * @module
 */

import type { Span } from "../protocol/ascii.ts";
import { timeSpan } from "../protocol/at.ts";
import { compareLongSeconds, longSeconds } from "../protocol/posix_time.ts";
import { Block } from "../block.ts";
import { hashId } from "../protocol/record.ts";
import { clientBytes, recordBytes } from "../limits.ts";
import { bytesBesideCell, cellBytes, Cells, type RecordLine } from "./cells.ts";
import { Digest } from "./digest.ts";
import { IdIndex } from "./id_index.ts";
import { type Marker, News } from "./news.ts";

/** In place of a record's number: there is none, or nothing was stored. */
export const none = -1;

/** In place of a record's number: the table is full. */
export const noRoom = -2;

/** The latest record of every client. */
export class Table {
  readonly #cells = new Cells();
  readonly #index = new IdIndex(this.#cells);
  readonly #bucketSalt: number;
  /** Records of before this time, in POSIX seconds, are not taken. */
  forgetBefore = -Infinity;
  /**
   * How many clients there may be, if IDs have at most 60 bytes; of longer ones there is room for
   * fewer. Records of clients that are known are taken beyond it, unless they need more memory.
   */
  clientsMax = Infinity;
  /** How many records were refused because there was no room. */
  refused = 0;
  /** What the table holds, to be compared with another server's. */
  readonly digest = new Digest(this.#cells);
  /** Who is told of the records that are news here, and of those that are forgotten. */
  readonly news = new News();

  /**
   * @param bucketSalt what the hashes begin with that put clients into buckets of the digest: the
   *   same on every server of the herd
   */
  constructor(bucketSalt = 0) {
    this.#bucketSalt = bucketSalt;
  }

  /** How many clients are known. */
  get size(): number {
    return this.#cells.count;
  }

  /** Bytes of memory that the records take, all that is kept about them included. */
  get bytes(): number {
    return this.#cells.count * recordBytes + this.#cells.bytesBeside;
  }

  /** One more than the greatest number that a record ever had. */
  get end(): number {
    return this.#cells.end;
  }

  /**
   * Takes a client's report: stored, and told as news, when it is newer than what is known. A report
   * of the same time changes nothing, since the client was already told otherwise.
   *
   * @returns the record's number, {@linkcode none} when it was not newer, or {@linkcode noRoom}
   */
  report(line: RecordLine): number {
    if (line.fields.seconds < this.forgetBefore) return none;
    const known = this.#find(line);
    if (known !== none && this.#compareTimes(line, known) <= 0) return none;
    if (!this.#hasRoom(line, known)) return noRoom;
    return this.#store(line, known, null);
  }

  /**
   * Takes a neighbour's record: stored, and told as news, when it is greater in the order of all
   * records.
   *
   * @param from the marker that leads to the neighbour; null: it came from somewhere else
   * @returns the record's number, {@linkcode none} when it is not news, or {@linkcode noRoom}
   */
  merge(line: RecordLine, from: Marker | null = null): number {
    if (line.fields.seconds < this.forgetBefore) return none;
    const known = this.#find(line);
    if (known !== none) {
      const later = this.#compareTimes(line, known);
      if (later < 0 || (later === 0 && this.#compareBytes(line, known) <= 0)) return none;
    }
    if (!this.#hasRoom(line, known)) return noRoom;
    return this.#store(line, known, from);
  }

  /** Whether a record can be stored; counts those that cannot. */
  #hasRoom({ start, end }: RecordLine, known: number): boolean {
    const length = end - start;
    if (known !== none && length <= cellBytes) return true;
    const before = known === none ? -recordBytes : bytesBesideCell(this.#cells.length(known));
    const more = bytesBesideCell(length) - before;
    const isFull = known === none && this.size >= this.clientsMax;
    if (more <= 0 || (!isFull && this.bytes + more <= this.clientsMax * clientBytes)) return true;
    this.refused++;
    return false;
  }

  #find({ bytes, fields }: RecordLine): number {
    return this.#index.find({ bytes, start: fields.idStart, end: fields.idEnd }, fields.idHash);
  }

  #store(line: RecordLine, known: number, from: Marker | null): number {
    const number = known === none ? this.#cells.add() : known;
    this.#cells.write(number, line);
    if (known !== none) this.digest.change(number);
    else this.#enter(number, line);
    this.news.tell(number, from);
    return number;
  }

  /** Makes a client known that was not. */
  #enter(number: number, { bytes, fields }: RecordLine): void {
    this.#index.add(number);
    this.digest.add(number, hashId(bytes, fields.idStart, fields.idEnd, this.#bucketSalt));
  }

  /**
   * Drops a record, as if its client had never been heard of.
   *
   * @param number the record's; given to another client later
   */
  forget(number: number): void {
    this.#index.remove(number);
    this.digest.remove(number);
    this.#cells.free(number);
    this.news.tell(number, null);
  }

  /** @returns more than 0 when the line's time is after the record's, 0 when it is the same */
  #compareTimes(line: RecordLine, known: number): number {
    const { seconds, nanoseconds } = line.fields;
    const bySeconds = seconds - this.#cells.seconds(known);
    if (seconds >= longSeconds && !(bySeconds < 0 || bySeconds > 0)) {
      const byDigits = compareLongSeconds(timeSpan(line), timeSpan(this.#span(known)));
      if (byDigits !== 0) return byDigits;
    } else if (bySeconds !== 0) return bySeconds;
    return nanoseconds - this.#cells.nanoseconds(known);
  }

  /** Orders records of the same time: any order will do that is the same on every server. */
  #compareBytes({ bytes, start, end }: RecordLine, known: number): number {
    const other = this.line(known);
    const length = end - start;
    for (let at = 0; at < Math.min(length, other.length); at++) {
      const difference = bytes[start + at]! - other[at]!;
      if (difference !== 0) return difference;
    }
    return length - other.length;
  }

  #span(number: number): Span {
    const bytes = this.line(number);
    return { bytes, start: 0, end: bytes.length };
  }

  /**
   * @param id the client's ID
   * @param hash its hash, as the scan gives it
   * @returns the number of the client's record, or {@linkcode none}
   */
  find(id: Span, hash: number): number {
    return this.#index.find(id, hash);
  }

  /**
   * @param number a record's number
   * @returns a copy of its line
   */
  line(number: number): Uint8Array<ArrayBuffer> {
    const line = new Block(this.#cells.length(number));
    this.#cells.copy(number, line, 0);
    return line.bytes;
  }

  /**
   * @param number a record's number
   * @returns bytes of its line, or 0 when the record was forgotten
   */
  lineBytes(number: number): number {
    return this.#cells.length(number);
  }

  /**
   * @param number a record's number
   * @returns whole seconds of its time
   */
  seconds(number: number): number {
    return this.#cells.seconds(number);
  }

  /**
   * @param number a record's number
   * @returns whether a log need not escape its line, the server's name apart
   */
  isPlain(number: number): boolean {
    return this.#cells.isPlain(number);
  }

  /**
   * Copies a record's line.
   *
   * @param number the record's
   * @param target has room for {@linkcode lineBytes}
   * @param at where the first byte goes
   * @returns one past the last byte written
   */
  copyLine(number: number, target: Block, at: number): number {
    return this.#cells.copy(number, target, at);
  }
}
