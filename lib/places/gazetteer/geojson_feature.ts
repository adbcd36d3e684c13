/**
 * One feature of a GeoJSON file of places.
 *
 * @module
 */

import type { Place } from "./place_records.ts";
import { PlacesFileError, shown } from "./places_file.ts";
import { member } from "../untrusted.ts";

/** The types of a place for which the file has none. */
const typesUnsaid = ["point_of_interest"];

/**
 * Reads a feature: a Point with the properties `name`, `types` (Google's words; when absent,
 * `point_of_interest`) and `vicinity` (when absent, empty).
 *
 * @param feature JSON
 * @param where names the feature in errors, `features[3]`
 * @returns the place
 * @throws {PlacesFileError} when it is not such a feature
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const feature = {
 *   type: "Feature",
 *   properties: { name: "Suva", types: ["locality"], vicinity: "Fiji" },
 *   geometry: { type: "Point", coordinates: [178.44, -18.14] },
 * };
 * assertEquals(placeOfFeature(feature, "features[0]").latitude, -18.14);
 * ```
 */
export function placeOfFeature(feature: unknown, where: string): Place {
  const at = (...path: string[]) => ({ value: member(feature, ...path), path, where });
  mustBe(at("type"), "Feature");
  mustBe(at("geometry", "type"), "Point");
  const [longitude, latitude] = position(at("geometry", "coordinates"));
  return {
    name: text(at("properties", "name"), { empty: false }),
    latitude,
    longitude,
    types: types(at("properties", "types")),
    vicinity: text(at("properties", "vicinity"), { empty: true }),
  };
}

/** A value and its path, which becomes text only when the value is wrong. */
interface Found {
  readonly value: unknown;
  readonly path: readonly string[];
  readonly where: string;
}

function mustBe(found: Found, right: string): void {
  if (found.value !== right) throw wrong(found, shown(right));
}

function position(found: Found): [longitude: number, latitude: number] {
  const right = "[longitude, latitude], two numbers in degrees";
  const [longitude, latitude] = Array.isArray(found.value) ? found.value : [];
  if (typeof longitude !== "number" || typeof latitude !== "number") throw wrong(found, right);
  if (Math.abs(longitude) > 180) throw wrong(found, `${right}, the longitude from -180 to 180`);
  if (Math.abs(latitude) > 90) throw wrong(found, `${right}, the latitude from -90 to 90`);
  return [longitude, latitude];
}

function text(found: Found, { empty }: { empty: boolean }): string {
  const { value } = found;
  if (empty && (value === undefined || value === null)) return "";
  if (typeof value !== "string") throw wrong(found, "a text");
  if (!empty && value.trim() === "") throw wrong(found, "a text that is not empty");
  return value;
}

function types(found: Found): readonly string[] {
  const { value } = found;
  if (value === undefined || value === null) return typesUnsaid;
  const right = 'an array of Google\'s words, such as ["park"]';
  if (!Array.isArray(value)) throw wrong(found, right);
  if (!value.every((word) => typeof word === "string" && word !== "")) throw wrong(found, right);
  return value;
}

function wrong(found: Found, right: string): PlacesFileError {
  const path = [found.where, ...found.path].join(".");
  return new PlacesFileError(`${path}: ${shown(found.value)}: must be ${right}`);
}
