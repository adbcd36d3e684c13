/**
 * The table of the latest records: for every client the newest `AT` line that this server knows,
 * under a number that stays the same as long as the client is known. Answers, links, catch-up and
 * store hold numbers, and copy the bytes when they need them.
 *
 * All servers order records in the same way: by time, to the nanosecond, then by the bytes of the
 * line. Each keeps the greatest record of each client that it has seen, so that all end with the
 * same one, in whatever order records reach them.
 *
 * @module
 */

import type { Span } from "../protocol/ascii.ts";
import { timeSpan } from "../protocol/at.ts";
import { compareLongSeconds, longSeconds } from "../protocol/posix_time.ts";
import { Block } from "../block.ts";
import { clientBytes, recordBytes, tombstoneS } from "../limits.ts";
import { bytesBesideCell, cellBytes, Cells, type RecordLine } from "./cells.ts";
import type { Digest } from "./digest.ts";
import { Digests } from "./digests.ts";
import { IdIndex } from "./id_index.ts";
import { type NeighbourMarker, News } from "./news.ts";

/** In place of a record's number: there is no record, or nothing was stored. */
export const none = -1;

/** In place of a record's number: the table is full. */
export const noRoom = -2;

/** The latest record of every client. */
export class Table {
  readonly #cells = new Cells();
  readonly #index = new IdIndex(this.#cells);
  /** Records from before this time, in POSIX seconds, are not stored. */
  forgetBefore = -Infinity;
  /** Tombstones from before this time, in POSIX seconds, are not stored. */
  forgetTombstonesBefore = -Infinity;
  #tombstones = 0;
  /**
   * How many clients there may be, if IDs have at most 60 bytes; of longer ones there is room for
   * fewer. Records of clients that are known are taken beyond it, unless they need more memory.
   */
  clientsMax = Infinity;
  /** How many records were refused because there was no room. */
  refused = 0;
  /** What the table holds, to be compared with another server's. */
  readonly digests: Digests;
  /** The markers that are told which records are news here, and which are forgotten. */
  readonly news = new News();

  /**
   * @param salts what the hashes begin with that put clients into buckets of the digests: one that
   *   is the same on every server of the herd; 0 when absent
   */
  constructor(...salts: number[]) {
    const [first = 0, ...others] = salts;
    this.digests = new Digests(this.#cells, [first, ...others]);
  }

  /** The digest by the first salt. */
  get digest(): Digest {
    return this.digests.first;
  }

  /** How many records there are, tombstones among them. */
  get size(): number {
    return this.#cells.count;
  }

  /** How many clients are known: those that were deleted are not. */
  get clients(): number {
    return this.#cells.count - this.#tombstones;
  }

  /** Bytes of memory that the records take, all that is kept about them included. */
  get bytes(): number {
    return this.#cells.count * recordBytes + this.#cells.bytesBeside;
  }

  /** One more than the greatest number that any record has had. */
  get end(): number {
    return this.#cells.end;
  }

  /**
   * Takes a client's report. If it is newer than what is known, it is stored and told as news. A
   * report with the same time changes nothing, since the first one was acknowledged.
   *
   * @returns the record's number, {@linkcode none} when it was not newer, or {@linkcode noRoom}
   */
  report(line: RecordLine): number {
    if (this.#isTooOld(line)) return none;
    const known = this.#find(line);
    if (known !== none && this.#compareTimes(line, known) <= 0) return none;
    if (!this.#hasRoom(line, known)) return noRoom;
    return this.#store(line, known, null);
  }

  /**
   * Takes a neighbour's record. If it is greater in the order of all records, it is stored and told
   * as news. The neighbour itself is not sent what it has: neither that, nor the very record that is
   * known here and still waits to be sent there.
   *
   * @param from the marker that leads to the neighbour; null if the record came from somewhere else
   * @returns the record's number, {@linkcode none} when it is not news, or {@linkcode noRoom}
   */
  merge(line: RecordLine, from: NeighbourMarker | null = null): number {
    if (this.#isTooOld(line)) return none;
    const known = this.#find(line);
    if (known !== none) {
      const later = this.#compareTimes(line, known) || this.#compareBytes(line, known);
      if (later === 0) from?.unmark(known);
      if (later <= 0) return none;
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

  /**
   * Says how old a record may be: an older one is not taken, and is to be forgotten.
   *
   * @param nowS the time that it is, in POSIX seconds
   * @param afterS seconds after which records are forgotten; null: never, but tombstones are
   */
  setAge(nowS: number, afterS: number | null): void {
    const recordS = afterS ?? Infinity;
    this.forgetBefore = nowS - recordS;
    this.forgetTombstonesBefore = nowS - Math.min(recordS, tombstoneS);
  }

  /** @returns whether a record is too old by what {@linkcode setAge} said last */
  isTooOld(number: number): boolean {
    const seconds = this.#cells.seconds(number);
    return seconds < this.forgetBefore ||
      (seconds < this.forgetTombstonesBefore && this.#cells.isTombstone(number));
  }

  #isTooOld({ fields }: RecordLine): boolean {
    return fields.seconds < this.forgetBefore ||
      (fields.seconds < this.forgetTombstonesBefore && fields.isTombstone);
  }

  #find({ bytes, fields }: RecordLine): number {
    return this.#index.find({ bytes, start: fields.idStart, end: fields.idEnd }, fields.idHash);
  }

  #store(line: RecordLine, known: number, from: NeighbourMarker | null): number {
    const number = known === none ? this.#cells.add() : known;
    if (known !== none && this.#cells.isTombstone(known)) this.#tombstones--;
    if (line.fields.isTombstone) this.#tombstones++;
    this.#cells.write(number, line);
    if (known !== none) this.digests.change(number);
    else this.#enter(number, line);
    this.news.tell(number, from);
    return number;
  }

  /** Makes a new client known. */
  #enter(number: number, line: RecordLine): void {
    this.#index.add(number);
    this.digests.add(number, line);
  }

  /**
   * Drops a record, as if its client had never been heard of.
   *
   * @param number the record's; another client may get it later
   */
  forget(number: number): void {
    if (this.#cells.isTombstone(number)) this.#tombstones--;
    this.#index.remove(number);
    this.digests.remove(number);
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

  /** Orders records with the same time. Any order will do if it is the same on every server. */
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
   * @returns the length of its line in bytes, or 0 if the record was forgotten
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
   * @returns whether its line, apart from the server's name, can be logged without escaping
   */
  isPlain(number: number): boolean {
    return this.#cells.isPlain(number);
  }

  /**
   * @param number a record's number
   * @returns whether its client was deleted
   */
  isTombstone(number: number): boolean {
    return this.#cells.isTombstone(number);
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
