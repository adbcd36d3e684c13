/**
 * Places in little memory, a million of them in about 150 MB, found by distance.
 *
 * @module
 */

import { around, distance } from "geokdbush";
import KDBush from "kdbush";
import { placesShardMax } from "../../limits.ts";

/** A place of the gazetteer. */
export interface Place {
  readonly name: string;
  /** Degrees north, -90 to 90. */
  readonly latitude: number;
  /** Degrees east, -180 to 180. */
  readonly longitude: number;
  /** Google's words for what it is. */
  readonly types: readonly string[];
  /** Where it is, in a few words. */
  readonly vicinity: string;
}

/** A place that was found. */
export interface Found {
  readonly place: Place;
  /** From the point of the question, along the great circle. */
  readonly distanceKm: number;
  /** How many places of the same name at the very same position were added before it. */
  readonly twins: number;
}

/** Places in a leaf of an index: fewer than usual, since a question looks into every shard. */
const nodeSize = 16;

/** Kilometres in a radian of a great circle, as geokdbush has it. */
const earthRadiusKm = 6371;
const radiansPerDegree = Math.PI / 180;

/**
 * How far the search goes beyond the radius, in kilometres: rounding must not lose a place on the
 * rim. The exact test comes after it.
 */
const slackKm = 0.001;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * A table of places, in shards. Fill it first and ask it afterwards: a question indexes what was
 * added since the last one as a shard of its own, and many small shards are slow.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const table = new PlaceTable();
 * const types = ["locality"];
 * table.add({ name: "Suva", latitude: -18.14, longitude: 178.44, types, vicinity: "Fiji" });
 * const [found] = table.nearest({ latitude: -18, longitude: -180, radiusKm: 200, bound: 1 });
 * assertEquals(found?.place.name, "Suva");
 * ```
 */
export class PlaceTable {
  readonly #shards: Shard[] = [];
  #last = new OpenShard();
  #size = 0;

  /** How many places there are. */
  get size(): number {
    return this.#size;
  }

  /**
   * Adds a place.
   *
   * @param place copied; its position is in range
   */
  add(place: Place): void {
    this.#last.add(place);
    this.#size += 1;
    if (this.#last.size === placesShardMax) this.seal();
  }

  /** Indexes what was added since the last shard. More may be added afterwards. */
  seal(): void {
    if (this.#last.size === 0) return;
    this.#shards.push(this.#last.sealed());
    this.#last = new OpenShard();
  }

  /**
   * The places nearest to a point, over the poles and the date line too.
   *
   * @param point.latitude degrees north
   * @param point.longitude degrees east
   * @param point.radiusKm how far away they may be at the most
   * @param point.bound how many at the most
   * @returns the nearest first; of two equally near, the one added first
   */
  nearest(
    point: { latitude: number; longitude: number; radiusKm: number; bound: number },
  ): Found[] {
    this.seal();
    const { latitude, longitude, radiusKm, bound } = point;
    const near: { shard: number; id: number; distanceKm: number }[] = [];
    for (const [shard, { index, positions, box }] of this.#shards.entries()) {
      // A search ends at the first place that is too far away; in a distant shard that takes long.
      if (leastDistanceKm(point, box) > radiusKm + slackKm) continue;
      for (const id of around(index, longitude, latitude, bound, radiusKm + slackKm)) {
        const distanceKm = distance(longitude, latitude, lng(positions, id), lat(positions, id));
        if (distanceKm <= radiusKm) near.push({ shard, id, distanceKm });
      }
    }
    near.sort((a, b) => a.distanceKm - b.distanceKm || a.shard - b.shard || a.id - b.id);
    return near.slice(0, bound).map(({ shard, id, distanceKm }) => {
      const place = this.#shards[shard]!.place(id);
      return { place, distanceKm, twins: this.#twinsBefore(place, { shard, id }) };
    });
  }

  #twinsBefore(place: Place, before: { shard: number; id: number }): number {
    const { latitude, longitude, name } = place;
    let count = 0;
    for (const [shard, { index }] of this.#shards.slice(0, before.shard + 1).entries()) {
      for (const id of index.range(longitude, latitude, longitude, latitude)) {
        if (shard === before.shard && id >= before.id) continue;
        if (this.#shards[shard]!.place(id).name === name) count += 1;
      }
    }
    return count;
  }
}

/** An indexed shard. The text of one is the JSON array `[name, vicinity, ...types]`. */
class Shard {
  constructor(
    readonly index: KDBush,
    readonly box: Box,
    /** Longitude and latitude by turns. */
    readonly positions: Float64Array,
    readonly texts: Uint8Array,
    /** Where each text ends. */
    readonly ends: Uint32Array,
  ) {}

  place(id: number): Place {
    const text = this.texts.subarray(id === 0 ? 0 : this.ends[id - 1], this.ends[id]);
    const [name, vicinity, ...types] = JSON.parse(decoder.decode(text)) as [string, string];
    return {
      name,
      latitude: lat(this.positions, id),
      longitude: lng(this.positions, id),
      types,
      vicinity,
    };
  }
}

/** The range of latitudes and longitudes, in degrees. */
interface Box {
  south: number;
  north: number;
  west: number;
  east: number;
}

/** A lower bound of the distance to the box: that to its nearest parallel or meridian. */
function leastDistanceKm(point: { latitude: number; longitude: number }, box: Box): number {
  const { latitude, longitude } = point;
  const north = Math.max(box.south - latitude, latitude - box.north, 0) * radiansPerDegree;
  if (longitude >= box.west && longitude <= box.east) return north * earthRadiusKm;
  const turns = [box.west, box.east].map((edge) => turn(longitude, edge) * radiansPerDegree);
  const sine = Math.sin(Math.min(...turns, Math.PI / 2));
  const east = Math.asin(Math.cos(latitude * radiansPerDegree) * sine);
  return Math.max(north, east) * earthRadiusKm;
}

/** Degrees from one meridian to another, the shorter way round. */
function turn(from: number, to: number): number {
  const degrees = Math.abs(from - to) % 360;
  return Math.min(degrees, 360 - degrees);
}

/** A shard that is not indexed yet. */
class OpenShard {
  readonly #positions = new Float64Array(2 * placesShardMax);
  readonly #ends = new Uint32Array(placesShardMax);
  #texts = new Uint8Array(64 * placesShardMax);
  #textsEnd = 0;
  readonly #box: Box = { south: 90, north: -90, west: 180, east: -180 };
  size = 0;

  add(place: Place): void {
    const box = this.#box;
    box.south = Math.min(box.south, place.latitude);
    box.north = Math.max(box.north, place.latitude);
    box.west = Math.min(box.west, place.longitude);
    box.east = Math.max(box.east, place.longitude);
    this.#positions[2 * this.size] = place.longitude;
    this.#positions[2 * this.size + 1] = place.latitude;
    this.#write(JSON.stringify([place.name, place.vicinity, ...place.types]));
    this.#ends[this.size] = this.#textsEnd;
    this.size += 1;
  }

  sealed(): Shard {
    const index = new KDBush(this.size, nodeSize);
    const positions = this.#positions.slice(0, 2 * this.size);
    for (let id = 0; id < this.size; id += 1) index.add(lng(positions, id), lat(positions, id));
    const texts = this.#texts.slice(0, this.#textsEnd);
    const ends = this.#ends.slice(0, this.size);
    return new Shard(index.finish(), this.#box, positions, texts, ends);
  }

  #write(text: string): void {
    // A UTF-16 unit is at most three bytes of UTF-8.
    const needed = this.#textsEnd + 3 * text.length;
    if (needed > this.#texts.length) {
      const grown = new Uint8Array(2 * needed);
      grown.set(this.#texts.subarray(0, this.#textsEnd));
      this.#texts = grown;
    }
    this.#textsEnd += encoder.encodeInto(text, this.#texts.subarray(this.#textsEnd)).written;
  }
}

function lng(positions: Float64Array, id: number): number {
  return positions[2 * id]!;
}

function lat(positions: Float64Array, id: number): number {
  return positions[2 * id + 1]!;
}
