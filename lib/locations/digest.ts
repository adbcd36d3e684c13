/**
 * What a table holds, in a few bytes, so that two servers can find out what differs between them
 * without sending it all: a hash tree of two levels (R. Merkle, "A Digital Signature Based on a
 * Conventional Encryption Function", 1987, as used for anti-entropy by Dynamo and Cassandra). Every
 * client is in one bucket, by its ID; 64 buckets make a group, 256 groups the table.
 *
 * @module
 */

import type { Cells } from "./cells.ts";

/** Groups of a table. */
export const groupCount = 256;
/** Buckets of a group. */
export const groupBuckets = 64;
const bucketCount = groupCount * groupBuckets;
/** Bytes of a hash. */
export const hashBytes = 8;

const nobody = -1;

/** The hashes of the buckets and groups, kept up to date by what changed. */
export class Digest {
  readonly #cells: Cells;
  readonly #heads = new Int32Array(bucketCount).fill(nobody);
  readonly #hashes = new Int32Array(bucketCount * 2);
  readonly #changed = new Uint8Array(bucketCount);
  #nexts = new Int32Array(1024);
  #buckets = new Uint16Array(1024);

  /** @param cells where the records are */
  constructor(cells: Cells) {
    this.#cells = cells;
  }

  /**
   * Puts a client's record into its bucket.
   *
   * @param number the record's
   * @param idHash the ID's hash, the same on every server
   */
  add(number: number, idHash: number): void {
    if (number >= this.#nexts.length) this.#grow();
    const bucket = idHash >>> 18;
    this.#buckets[number] = bucket;
    this.#nexts[number] = this.#heads[bucket]!;
    this.#heads[bucket] = number;
    this.#changed[bucket] = 1;
  }

  #grow(): void {
    const nexts = new Int32Array(this.#nexts.length * 2);
    nexts.set(this.#nexts);
    this.#nexts = nexts;
    const buckets = new Uint16Array(nexts.length);
    buckets.set(this.#buckets);
    this.#buckets = buckets;
  }

  /** Says that a record has changed. */
  change(number: number): void {
    this.#changed[this.#buckets[number]!] = 1;
  }

  /** Takes a record out of its bucket. */
  remove(number: number): void {
    const bucket = this.#buckets[number]!;
    this.#changed[bucket] = 1;
    if (this.#heads[bucket] === number) {
      this.#heads[bucket] = this.#nexts[number]!;
      return;
    }
    let before = this.#heads[bucket]!;
    while (this.#nexts[before] !== number) before = this.#nexts[before]!;
    this.#nexts[before] = this.#nexts[number]!;
  }

  /**
   * @param group 0 to 255
   * @param bucket 0 to 63 within the group
   * @returns the numbers of the bucket's records
   */
  *numbers(group: number, bucket: number): Generator<number> {
    let number = this.#heads[group * groupBuckets + bucket]!;
    for (; number !== nobody; number = this.#nexts[number]!) yield number;
  }

  /**
   * Writes the hashes of a group's buckets; zeros for an empty one.
   *
   * @param group 0 to 255
   * @param target has room for 64 hashes at `at`
   */
  writeBuckets(group: number, target: Uint8Array, at: number): void {
    const view = new DataView(target.buffer, target.byteOffset + at, groupBuckets * hashBytes);
    const first = group * groupBuckets;
    for (let bucket = first; bucket < first + groupBuckets; bucket++) {
      if (this.#changed[bucket] === 1) this.#hashBucket(bucket);
      view.setInt32((bucket - first) * hashBytes, this.#hashes[bucket * 2]!);
      view.setInt32((bucket - first) * hashBytes + 4, this.#hashes[bucket * 2 + 1]!);
    }
  }

  /**
   * Writes the hash of a group; zeros for an empty one.
   *
   * @param group 0 to 255
   * @param target has room for a hash at `at`
   */
  writeGroup(group: number, target: Uint8Array, at: number): void {
    const first = group * groupBuckets;
    let one = 0;
    let other = 0;
    for (let bucket = first; bucket < first + groupBuckets; bucket++) {
      if (this.#changed[bucket] === 1) this.#hashBucket(bucket);
      // Rotated, so that swapping the contents of two buckets changes the hash.
      one = rotate(one) ^ this.#hashes[bucket * 2]!;
      other = rotate(other) ^ this.#hashes[bucket * 2 + 1]!;
    }
    const view = new DataView(target.buffer, target.byteOffset + at, hashBytes);
    view.setInt32(0, one);
    view.setInt32(4, other);
  }

  #hashBucket(bucket: number): void {
    const at = bucket * 2;
    this.#hashes[at] = this.#hashes[at + 1] = 0;
    for (let number = this.#heads[bucket]!; number !== nobody; number = this.#nexts[number]!) {
      this.#cells.addToDigest(number, this.#hashes, at);
    }
    this.#changed[bucket] = 0;
  }
}

function rotate(lane: number): number {
  return Math.imul((lane << 1) | (lane >>> 31), 0x9e3779b1);
}
