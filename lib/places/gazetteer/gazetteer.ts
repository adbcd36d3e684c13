/**
 * Places that the server knows by itself: the set that comes with it, or the operator's file.
 *
 * @module
 */

import { placesAnswer, type Result, troubleAnswer } from "../answer.ts";
import { type PlacesFile, readPlacesFile } from "./gazetteer_file.ts";
import { placeOfFeature } from "./geojson_feature.ts";
import { type Found, PlaceTable } from "./place_table.ts";
import type { Answer, Places, Question } from "../places.ts";

/** A source of places that may still be loading. It can be asked at once. */
export interface LoadingPlaces extends Places {
  /** Resolves when it has loaded, rejects when it cannot. Nobody has to wait for it. */
  readonly ready: Promise<void>;
}

const encoder = new TextEncoder();

/** Answers from a table. The nearest places come first, by great-circle distance. */
export class Gazetteer implements Places {
  readonly provider = "gazetteer";
  readonly #table: PlaceTable;

  /** @param table the places, all of them added */
  constructor(table: PlaceTable) {
    this.#table = table;
  }

  /** How many places it knows. */
  get size(): number {
    return this.#table.size;
  }

  /**
   * The places within the radius, its rim included. Each has `geometry.location`, `name`,
   * `place_id` (ours: {@linkcode placeId}), `types` and `vicinity`.
   */
  async ask(question: Question): Promise<Answer> {
    const { latitude, longitude, radiusM, bound } = question;
    const found = this.#table.nearest({ latitude, longitude, radiusKm: radiusM / 1000, bound });
    return placesAnswer(await Promise.all(found.map(result)));
  }
}

/**
 * Loads the gazetteer.
 *
 * @param file the operator's, GeoJSON or a GeoNames dump; the set that comes with the server when
 * absent
 * @throws {PlacesFileError} when the file cannot be used
 */
export async function loadGazetteer(file?: PlacesFile): Promise<Gazetteer> {
  return new Gazetteer(file ? await readPlacesFile(file) : await builtIn());
}

/**
 * A gazetteer that can be asked while it loads: questions wait for it. When it cannot be loaded,
 * they are answered with trouble.
 *
 * @param loading the gazetteer that is loading
 */
export function loadingGazetteer(loading: Promise<Gazetteer>): LoadingPlaces {
  const ready = loading.then(() => {});
  // Without this, trouble that nobody awaits would end the process; questions are told of it.
  ready.catch(() => {});
  return {
    provider: "gazetteer",
    ready,
    ask: async (question) => {
      try {
        return await (await loading).ask(question);
      } catch (error) {
        const trouble = error instanceof Error ? error.message : String(error);
        return troubleAnswer("UNKNOWN_ERROR", { message: "The gazetteer did not load.", trouble });
      }
    },
  };
}

/**
 * The ID of a place: `herd.` and 120 bits of SHA-256, in base64url, over its name and its position.
 * It is the same in every answer of every server, and stays the same when the file grows or is
 * sorted anew; types and vicinity may change. For a second place of the same name at the very same
 * position the hash includes its ordinal.
 *
 * @param found a place, and how many twins come before it
 * @returns the ID, 25 characters
 *
 * @example
 * ```ts
 * import { assertMatch } from "@std/assert";
 *
 * const place = { name: "Suva", latitude: -18.14, longitude: 178.44, types: [], vicinity: "Fiji" };
 * assertMatch(await placeId({ place, twins: 0 }), /^herd\.[\w-]{20}$/);
 * ```
 */
export async function placeId({ place, twins }: Pick<Found, "place" | "twins">): Promise<string> {
  const { name, latitude, longitude } = place;
  const identity = JSON.stringify([name, latitude, longitude, ...(twins === 0 ? [] : [twins])]);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", encoder.encode(identity)));
  const base64 = btoa(String.fromCharCode(...hash.subarray(0, 15)));
  return `herd.${base64.replaceAll("+", "-").replaceAll("/", "_")}`;
}

async function result(found: Found): Promise<Result> {
  const { name, latitude, longitude, types, vicinity } = found.place;
  return {
    geometry: { location: { lat: latitude, lng: longitude } },
    name,
    place_id: await placeId(found),
    types,
    vicinity,
  };
}

async function builtIn(): Promise<PlaceTable> {
  // Imported only when needed; as a part of the program it needs no permission to read.
  const { default: collection } = await import("./gazetteer.json", { with: { type: "json" } });
  const table = new PlaceTable();
  for (const [index, feature] of collection.features.entries()) {
    table.add(placeOfFeature(feature, `features[${index}]`));
  }
  table.seal();
  return table;
}
