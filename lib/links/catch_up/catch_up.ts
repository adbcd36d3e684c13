/**
 * Catch-up: how a server that was away, or cut off, learns what it missed. The receiver of a
 * link sends the hashes of its table's groups (`DIGEST`), the sender names the groups that differ
 * (`DIFFER`), the receiver sends the hashes of their buckets (`BUCKETS`), and the sender queues the
 * records of the buckets that differ. With a million records of which ten differ, that is 10 KB of
 * hashes and 600 records.
 *
 * @module
 */

import { type Digest, groupBuckets, groupCount, hashBytes } from "../../locations/digest.ts";
import { differGroupsMax } from "../../limits.ts";
import { lineOf, LinkError } from "../hello.ts";

/** Says a line to the other side. */
export type Say = (line: Uint8Array<ArrayBuffer>) => void;

const groupsBytes = groupCount * hashBytes;
const bucketsBytes = groupBuckets * hashBytes;

/** The receiver asks: hashes all groups. @yields where it may be interrupted */
export function* askAll(digest: Digest, say: Say): Generator<void> {
  const hashes = new Uint8Array(groupsBytes);
  for (let group = 0; group < groupCount; group++) {
    digest.writeGroup(group, hashes, group * hashBytes);
    yield;
  }
  say(lineOf("DIGEST", base64Of(hashes)));
}

/** The receiver goes into detail: it hashes the buckets of these groups. */
export function* askGroups(digest: Digest, groups: readonly number[], say: Say): Generator<void> {
  for (const group of groups) {
    const hashes = new Uint8Array(bucketsBytes);
    digest.writeBuckets(group, hashes, 0);
    say(lineOf("BUCKETS", group, base64Of(hashes)));
    yield;
  }
}

/** What the sender needs to answer. */
export interface Answering {
  readonly digest: Digest;
  /** Names groups that differ to the receiver, which tells of their buckets then. */
  readonly differ: (groups: readonly number[]) => void;
  /** Puts a record among those that wait for the link. */
  readonly mark: (number: number) => void;
}

/**
 * The sender answers a `DIGEST`: names the groups that differ, and sends those that the receiver has
 * nothing of.
 *
 * @returns how many groups differ
 */
export function* answerAll(theirs: Uint8Array, answering: Answering): Generator<void, number> {
  const ours = new Uint8Array(hashBytes);
  let count = 0;
  let differ: number[] = [];
  for (let group = 0; group < groupCount; group++) {
    const difference = compare(group, { digest: answering.digest, theirs, ours });
    if (difference !== "none") count++;
    if (difference === "all") yield* markGroup(group, answering);
    if (difference === "some") differ.push(group);
    if (differ.length === differGroupsMax) {
      answering.differ(differ);
      differ = [];
    }
    yield;
  }
  if (differ.length > 0) answering.differ(differ);
  return count;
}

/**
 * While the herd changes its secret there are two digests, by two salts: by the salt that the
 * receiver used less differs.
 *
 * @param digests those of the sender's table, one at least
 * @param theirs the receiver's hashes
 * @returns the one in which the fewest groups differ
 */
export function* nearest(
  digests: readonly Digest[],
  theirs: Uint8Array,
): Generator<void, Digest> {
  const ours = new Uint8Array(hashBytes);
  let nearest = { digest: digests[0]!, count: Infinity };
  for (const digest of digests.length === 1 ? [] : digests) {
    let count = 0;
    for (let group = 0; group < groupCount; group++) {
      if (compare(group, { digest, theirs, ours }) !== "none") count++;
      yield;
    }
    if (count < nearest.count) nearest = { digest, count };
  }
  return nearest.digest;
}

/** What of a group the receiver lacks. What this side has nothing of is for the other link. */
function compare(
  group: number,
  { digest, theirs, ours }: { digest: Digest; theirs: Uint8Array; ours: Uint8Array },
): "none" | "some" | "all" {
  digest.writeGroup(group, ours, 0);
  const told = theirs.subarray(group * hashBytes, (group + 1) * hashBytes);
  if (isEmpty(ours) || isEqual(ours, told)) return "none";
  return isEmpty(told) ? "all" : "some";
}

/** The receiver has nothing in this group: all of it is sent. */
function* markGroup(group: number, { digest, mark }: Answering): Generator<void> {
  for (let bucket = 0; bucket < groupBuckets; bucket++) {
    for (const number of digest.numbers(group, bucket)) mark(number);
    yield;
  }
}

/** The sender answers `BUCKETS`: the records of those that differ are sent. */
export function* answerGroup(
  group: number,
  theirs: Uint8Array,
  { digest, mark }: Omit<Answering, "differ">,
): Generator<void> {
  const ours = new Uint8Array(bucketsBytes);
  digest.writeBuckets(group, ours, 0);
  for (let bucket = 0; bucket < groupBuckets; bucket++) {
    const at = bucket * hashBytes;
    if (isEqual(ours.subarray(at, at + hashBytes), theirs.subarray(at, at + hashBytes))) continue;
    for (const number of digest.numbers(group, bucket)) mark(number);
    yield;
  }
}

/**
 * @param words the words of a `DIGEST` line
 * @returns the hashes of the groups
 * @throws {LinkError} when it is malformed
 */
export function parseDigest([, text = "", ...rest]: readonly string[]): Uint8Array {
  const hashes = rest.length === 0 ? bytesOfBase64(text) : null;
  if (hashes?.length !== groupsBytes) throw new LinkError("a malformed digest");
  return hashes;
}

/**
 * @param words the words of a `DIFFER` line
 * @returns the groups
 * @throws {LinkError} when it is malformed
 */
export function parseDiffer([, ...words]: readonly string[]): number[] {
  if (words.length === 0 || words.length > differGroupsMax) {
    throw new LinkError("a malformed list of groups");
  }
  return words.map(parseGroup);
}

/**
 * @param words the words of a `BUCKETS` line
 * @returns the group and its buckets' hashes
 * @throws {LinkError} when it is malformed
 */
export function parseBuckets([, group = "", text = "", ...rest]: readonly string[]) {
  const hashes = rest.length === 0 ? bytesOfBase64(text) : null;
  if (hashes?.length !== bucketsBytes) throw new LinkError("a malformed digest of a group");
  return { group: parseGroup(group), hashes };
}

function parseGroup(word: string): number {
  const group = /^\d{1,3}$/.test(word) ? Number(word) : groupCount;
  if (group >= groupCount) throw new LinkError("a group that no table has");
  return group;
}

function base64Of(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes));
}

function bytesOfBase64(text: string): Uint8Array | null {
  try {
    const binary = atob(text);
    const bytes = new Uint8Array(binary.length);
    for (let at = 0; at < bytes.length; at++) bytes[at] = binary.charCodeAt(at);
    return bytes;
  } catch {
    return null;
  }
}

function isEmpty(hash: Uint8Array): boolean {
  return hash.every((byte) => byte === 0);
}

function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one.every((byte, at) => byte === other[at]);
}
