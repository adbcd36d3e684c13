/**
 * Places in little memory, a million of them in about 200 MB, found by distance.
 *
 * @module
 */

import { KdTree } from "./kd_tree.ts";
import { type Circle, Nearest } from "./nearest.ts";
import { placeId } from "./place_id.ts";
import { type Place, type PlaceRecord, PlaceRecords } from "./place_records.ts";

/**
 * A table of places. Fill it first, index it, and ask it afterwards.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const table = new PlaceTable();
 * const types = ["locality"];
 * table.add({ name: "Suva", latitude: -18.14, longitude: 178.44, types, vicinity: "Fiji" });
 * for (const _ of table.index());
 * assertEquals(table.findNearest({ latitude: -18, longitude: -180, radiusKm: 200 }, 1), 1);
 * ```
 */
export class PlaceTable {
  readonly #records = new PlaceRecords();
  #tree = new KdTree(this.#records);
  #nearest = new Nearest(this.#tree);

  /** How many places there are. */
  get size(): number {
    return this.#records.size;
  }

  /**
   * Adds a place; it is found when the table has been indexed.
   *
   * @param place copied; its position is in range
   */
  add(place: Place): void {
    this.#records.add(place);
  }

  /** Indexes what was added, in slices between which others may have their turn. */
  *index(): Generator<void> {
    const tree = new KdTree(this.#records);
    yield* tree.build();
    this.#tree = tree;
    this.#nearest = new Nearest(tree);
  }

  /**
   * Finds the places nearest to a point, over the poles and the date line too.
   *
   * @param circle where, and how far away they may be at the most
   * @param bound how many at the most
   * @returns how many were found; of two equally near, the one added first comes first
   */
  findNearest(circle: Circle, bound: number): number {
    return this.#nearest.find(circle, bound);
  }

  /**
   * @param at a place among those found last, from 0 on, the nearest first
   * @returns its number
   */
  found(at: number): number {
    return this.#nearest.found[at]!;
  }

  /**
   * @param number a place's
   * @returns what is known of it, its ID too; good until the next call
   */
  record(number: number): PlaceRecord {
    if (!this.#records.hasId(number)) this.#records.setId(number, this.#id(number));
    return this.#records.at(number);
  }

  #id(number: number): string {
    const records = this.#records;
    const name = records.name(number);
    const twins = this.#tree.countBefore(number, (other) => records.name(other) === name);
    const [latitude, longitude] = [records.latitude(number), records.longitude(number)];
    return placeId({ name, latitude, longitude, twins });
  }
}
