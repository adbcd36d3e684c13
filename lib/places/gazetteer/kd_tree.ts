/**
 * Points on a sphere in a k-d tree over their unit vectors, which knows neither poles nor a date line.
 *
 * @module
 */

import { placesSliceMax } from "../../limits.ts";
import { radiansPerDegree } from "./great_circle.ts";

/** Where the points are, by their numbers. */
export interface Positions {
  /** How many there are. */
  readonly size: number;
  /** @returns degrees north */
  latitude(id: number): number;
  /** @returns degrees east */
  longitude(id: number): number;
}

/** Points in a leaf at the most; more, where they are all at one position. */
const leafPoints = 12;

/** What a node is: below three, the axis by which its points are split. */
export const leaf = 3;

/** A leaf of any size whose points are all at one position, in the order of their numbers. */
export const pile = 4;

/** Levels that no tree has: each halves the points, which are four billion before the first. */
export const levels = 40;

/**
 * A tree of points. The root is node 1 and has all points from 0 to the last; the children of a node
 * are at twice its number, and each has one half of its points.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const latitudes = [36, 34, 36];
 * const tree = new KdTree({ size: 3, latitude: (id) => latitudes[id]!, longitude: () => -118 });
 * for (const _ of tree.build());
 * assertEquals(tree.countBefore(2, () => true), 1);
 * ```
 */
export class KdTree {
  readonly positions: Positions;
  /** The three coordinates of each point, in the tree's order. */
  readonly points: Float64Array;
  /** The number of each point, in the tree's order. */
  readonly ids: Uint32Array;
  /** Of each node where its points are split, along the axis that is its kind. */
  readonly splits: Float64Array;
  readonly kinds: Uint8Array;
  /** Points looked at since others had their turn. */
  #work = 0;
  /** Where the two sides of a partition have come to. */
  #low = 0;
  #high = 0;

  /** @param positions of all points; they do not change */
  constructor(positions: Positions) {
    const { size } = positions;
    this.positions = positions;
    this.points = new Float64Array(3 * size);
    this.ids = new Uint32Array(size);
    let leaves = 1;
    while (size > leafPoints * leaves) leaves *= 2;
    this.splits = new Float64Array(leaves);
    this.kinds = new Uint8Array(2 * leaves).fill(leaf);
  }

  /** How many points it has. */
  get size(): number {
    return this.ids.length;
  }

  /** Builds the tree; pauses after every {@linkcode placesSliceMax} points that were looked at. */
  *build(): Generator<void> {
    const { size } = this;
    for (let id = 0; id < size; id++) {
      this.ids[id] = id;
      writeVector(this.positions, id, this.points, 3 * id);
      if (this.#worked(1)) yield;
    }
    yield* this.#split(1, 0, size);
  }

  *#split(node: number, from: number, to: number): Generator<void> {
    const axis = this.#widest(from, to);
    if (this.#worked(to - from)) yield;
    const isPile = axis === leaf && this.#isPile(from, to);
    this.kinds[node] = isPile ? pile : to - from <= leafPoints ? leaf : axis;
    if (isPile) this.ids.subarray(from, to).sort();
    if (this.kinds[node]! >= leaf) return;
    const middle = (from + to) >>> 1;
    yield* this.#select(axis, { from, to, middle });
    this.splits[node] = this.points[3 * middle + axis]!;
    yield* this.#split(2 * node, from, middle);
    yield* this.#split(2 * node + 1, middle, to);
  }

  /** @returns the axis along which points are furthest apart, or `leaf` when they are not */
  #widest(from: number, to: number): number {
    const points = this.points;
    let widest = leaf;
    let width = 0;
    for (let axis = 0; axis < 3; axis++) {
      let [least, most] = [Infinity, -Infinity];
      for (let at = 3 * from + axis; at < 3 * to; at += 3) {
        const value = points[at]!;
        if (value < least) least = value;
        if (value > most) most = value;
      }
      if (most - least <= width) continue;
      width = most - least;
      widest = axis;
    }
    return widest;
  }

  /** Whether the points are not only at one vector, as all meridians are at a pole, but the same. */
  #isPile(from: number, to: number): boolean {
    const first = this.ids[from]!;
    for (let at = from; at < to; at++) {
      if (!isSame(this.positions, first, this.ids[at]!)) return false;
    }
    return to > from;
  }

  /** Moves points so that none before the middle is greater than it, and none behind it less. */
  *#select(
    axis: number,
    { from, to, middle }: { from: number; to: number; middle: number },
  ): Generator<void> {
    for (let last = to - 1; from < last;) {
      const pivot = this.#pivot(axis, from, last);
      this.#low = from;
      this.#high = last;
      while (!this.#partition(axis, pivot)) yield;
      if (middle <= this.#high) last = this.#high;
      else if (middle >= this.#low) from = this.#low;
      else return;
    }
  }

  /** The middle of three. */
  #pivot(axis: number, first: number, last: number): number {
    const one = this.points[3 * first + axis]!;
    const two = this.points[3 * ((first + last) >>> 1) + axis]!;
    const three = this.points[3 * last + axis]!;
    return Math.max(Math.min(one, two), Math.min(Math.max(one, two), three));
  }

  /** @returns whether it is done; if not, it goes on when called again */
  #partition(axis: number, pivot: number): boolean {
    const points = this.points;
    let [low, high] = [this.#low, this.#high];
    const until = low + placesSliceMax;
    while (low <= high && low < until) {
      while (points[3 * low + axis]! < pivot) low++;
      while (points[3 * high + axis]! > pivot) high--;
      if (low <= high) this.#swap(low++, high--);
    }
    const mustYield = this.#worked(low - this.#low + this.#high - high);
    this.#low = low;
    this.#high = high;
    return low > high && !mustYield;
  }

  #swap(one: number, other: number): void {
    const id = this.ids[one]!;
    this.ids[one] = this.ids[other]!;
    this.ids[other] = id;
    for (let axis = 0; axis < 3; axis++) {
      const value = this.points[3 * one + axis]!;
      this.points[3 * one + axis] = this.points[3 * other + axis]!;
      this.points[3 * other + axis] = value;
    }
  }

  #worked(points: number): boolean {
    this.#work += points;
    if (this.#work < placesSliceMax) return false;
    this.#work = 0;
    return true;
  }

  /**
   * Counts points at the position of another that come before it.
   *
   * @param id which
   * @param counts says of another at that position whether it counts
   */
  countBefore(id: number, counts: (other: number) => boolean): number {
    const vector = new Float64Array(3);
    writeVector(this.positions, id, vector, 0);
    const visit = (node: number, from: number, to: number): number => {
      const kind = this.kinds[node]!;
      if (kind >= leaf) return this.#countAmong(id, { from, to, counts, isSorted: kind === pile });
      const middle = (from + to) >>> 1;
      const offset = vector[kind]! - this.splits[node]!;
      return (offset <= 0 ? visit(2 * node, from, middle) : 0) +
        (offset >= 0 ? visit(2 * node + 1, middle, to) : 0);
    };
    return visit(1, 0, this.size);
  }

  #countAmong(
    id: number,
    { from, to, counts, isSorted }: {
      from: number;
      to: number;
      counts: (other: number) => boolean;
      isSorted: boolean;
    },
  ): number {
    let count = 0;
    for (let at = from; at < to; at++) {
      const other = this.ids[at]!;
      if (other >= id && isSorted) break;
      if (other < id && isSame(this.positions, id, other) && counts(other)) count++;
    }
    return count;
  }
}

function isSame(positions: Positions, one: number, other: number): boolean {
  return positions.latitude(one) === positions.latitude(other) &&
    positions.longitude(one) === positions.longitude(other);
}

function writeVector(positions: Positions, id: number, target: Float64Array, at: number): void {
  const latitude = positions.latitude(id) * radiansPerDegree;
  const longitude = positions.longitude(id) * radiansPerDegree;
  target[at] = Math.cos(latitude) * Math.cos(longitude);
  target[at + 1] = Math.cos(latitude) * Math.sin(longitude);
  target[at + 2] = Math.sin(latitude);
}
