/**
 * The nearest of many points on a sphere. The chord between two of them tells which is nearer but for
 * rounding; where rounding could decide, the great circle does.
 *
 * @module
 */

import { boundMax } from "../../limits.ts";
import { earthRadiusKm, greatCircleKm, radiansPerDegree } from "./great_circle.ts";
import { type KdTree, leaf, levels, pile } from "./kd_tree.ts";

/** A point, and how far around it to look. */
export interface Circle {
  /** Degrees north. */
  readonly latitude: number;
  /** Degrees east. */
  readonly longitude: number;
  /** Its rim is a part of it. */
  readonly radiusKm: number;
}

/**
 * Finds points by distance. What it found is in {@linkcode found} until it looks again.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { KdTree } from "./kd_tree.ts";
 *
 * const latitudes = [34, 35, 36];
 * const tree = new KdTree({ size: 3, latitude: (id) => latitudes[id]!, longitude: () => -118 });
 * for (const _ of tree.build());
 * const nearest = new Nearest(tree);
 * assertEquals(nearest.find({ latitude: 35.9, longitude: -118, radiusKm: 150 }, 20), 2);
 * assertEquals([...nearest.found.subarray(0, 2)], [2, 1]);
 * ```
 */
export class Nearest {
  /** The numbers of the points found, the nearest first. */
  readonly found: Uint32Array = new Uint32Array(boundMax);
  readonly #tree: KdTree;
  /** Squares of the chords to the points found. */
  readonly #chords = new Float64Array(boundMax);
  #count = 0;
  #bound = 0;
  #circle: Circle = { latitude: 0, longitude: 0, radiusKm: 0 };
  /** The vector of the circle's centre. */
  #x = 0;
  #y = 0;
  #z = 0;
  /** The square of the chord to the rim, and of that beyond which nothing is looked at. */
  #rim = 0;
  #limit = 0;
  /** The nodes still to be visited, each with its points, and the offsets to it along the axes. */
  readonly #nodes = new Uint32Array(3 * levels);
  readonly #offsets = new Float64Array(3 * levels);
  #top = 0;

  /** @param tree is built */
  constructor(tree: KdTree) {
    this.#tree = tree;
  }

  /**
   * Finds the points nearest to another.
   *
   * @param circle where, and how far away they may be at the most
   * @param bound how many at the most, up to {@linkcode boundMax}
   * @returns how many were found; of two equally near, the one with the lower number comes first
   */
  find(circle: Circle, bound: number): number {
    this.#begin(circle, bound);
    const nodes = this.#nodes;
    const offsets = this.#offsets;
    nodes[0] = 1;
    nodes[1] = 0;
    nodes[2] = this.#tree.size;
    offsets[0] = offsets[1] = offsets[2] = 0;
    for (this.#top = 0; this.#top >= 0;) {
      const top = this.#top;
      const [offX, offY, offZ] = [offsets[top]!, offsets[top + 1]!, offsets[top + 2]!];
      this.#top -= 3;
      if (offX * offX + offY * offY + offZ * offZ > this.#limit) continue;
      this.#descend(nodes[top]!, nodes[top + 1]!, nodes[top + 2]!);
    }
    return this.#count;
  }

  #begin(circle: Circle, bound: number): void {
    this.#circle = circle;
    this.#bound = bound;
    this.#count = 0;
    const sine = Math.sin(Math.min(circle.radiusKm / earthRadiusKm, Math.PI) / 2);
    this.#rim = 4 * sine * sine;
    this.#limit = this.#rim + rounding(this.#rim);
    const latitude = circle.latitude * radiansPerDegree;
    const longitude = circle.longitude * radiansPerDegree;
    this.#x = Math.cos(latitude) * Math.cos(longitude);
    this.#y = Math.cos(latitude) * Math.sin(longitude);
    this.#z = Math.sin(latitude);
  }

  /** Goes to the leaf on this side, and leaves the other sides on the way for later. */
  #descend(node: number, from: number, to: number): void {
    const { kinds, splits } = this.#tree;
    const nodes = this.#nodes;
    const offsets = this.#offsets;
    // The slots above the top are where the node was: its own offsets are still there.
    const own = this.#top + 3;
    const [offX, offY, offZ] = [offsets[own]!, offsets[own + 1]!, offsets[own + 2]!];
    for (let axis = kinds[node]!; axis < leaf; axis = kinds[node]!) {
      const offset = (axis === 0 ? this.#x : axis === 1 ? this.#y : this.#z) - splits[node]!;
      const middle = (from + to) >>> 1;
      const isLow = offset < 0;
      const top = this.#top += 3;
      nodes[top] = 2 * node + (isLow ? 1 : 0);
      nodes[top + 1] = isLow ? middle : from;
      nodes[top + 2] = isLow ? to : middle;
      offsets[top] = axis === 0 ? offset : offX;
      offsets[top + 1] = axis === 1 ? offset : offY;
      offsets[top + 2] = axis === 2 ? offset : offZ;
      node = 2 * node + (isLow ? 0 : 1);
      if (isLow) to = middle;
      else from = middle;
    }
    // Of a pile, the first are as near as all others.
    this.#visit(from, kinds[node] === pile ? Math.min(to, from + this.#bound) : to);
  }

  #visit(from: number, to: number): void {
    const { points, ids } = this.#tree;
    for (let at = from; at < to; at++) {
      const offX = points[3 * at]! - this.#x;
      const offY = points[3 * at + 1]! - this.#y;
      const offZ = points[3 * at + 2]! - this.#z;
      const chord = offX * offX + offY * offY + offZ * offZ;
      if (chord <= this.#limit) this.#consider(ids[at]!, chord);
    }
  }

  #consider(id: number, chord: number): void {
    const slack = rounding(chord);
    if (chord > this.#rim - slack && this.#distanceKm(id) > this.#circle.radiusKm) return;
    const { found } = this;
    const chords = this.#chords;
    let at = this.#count;
    while (at > 0) {
      const further = chords[at - 1]! - chord;
      if (further < -slack) break;
      if (further <= slack && !this.#isBefore(id, found[at - 1]!)) break;
      at--;
    }
    if (at === this.#bound) return;
    if (this.#count < this.#bound) this.#count++;
    for (let to = this.#count - 1; to > at; to--) {
      found[to] = found[to - 1]!;
      chords[to] = chords[to - 1]!;
    }
    found[at] = id;
    chords[at] = chord;
    if (this.#count < this.#bound) return;
    const last = chords[this.#count - 1]!;
    this.#limit = Math.min(this.#limit, last + rounding(last));
  }

  /** The exact order, for those that are as near as rounding can tell. */
  #isBefore(one: number, other: number): boolean {
    const nearer = this.#distanceKm(one) - this.#distanceKm(other);
    return nearer < 0 || (nearer === 0 && one < other);
  }

  #distanceKm(id: number): number {
    const { latitude, longitude } = this.#circle;
    const positions = this.#tree.positions;
    return greatCircleKm(longitude, latitude, positions.longitude(id), positions.latitude(id));
  }
}

/**
 * How far rounding may put the square of a chord off, that of the great circle's formula included: a
 * coordinate of a vector is off by less than 1e-15, and ten times that is allowed for.
 */
function rounding(chord: number): number {
  return Math.sqrt(chord) * 2e-14 + 1e-27;
}
