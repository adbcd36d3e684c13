/**
 * The plainest gazetteer, to hold the fast one against: it looks at every place, prints every answer
 * anew, and leaves SHA-256 to the runtime.
 *
 * @module
 */

import { placesAnswer } from "../../../lib/places/answer.ts";
import type { Place } from "../../../lib/places/gazetteer/place_records.ts";
import type { Answer, Question } from "../../../lib/places/places.ts";

/** @returns kilometres along the great circle */
export function distanceKm(one: Position, other: Position): number {
  const radians = Math.PI / 180;
  const haverSine = (degrees: number) => Math.sin(degrees * radians / 2) ** 2;
  const h = Math.cos(one.latitude * radians) * Math.cos(other.latitude * radians) *
      haverSine(one.longitude - other.longitude) + haverSine(one.latitude - other.latitude);
  return 2 * 6371 * Math.asin(Math.sqrt(h));
}

/** Where something is, in degrees. */
export interface Position {
  readonly latitude: number;
  readonly longitude: number;
}

/** @returns the places within the radius, the nearest first, of two equally near the first of all */
export function nearestPlaces(
  places: readonly Place[],
  circle: Position & { readonly radiusKm: number },
  bound: number,
): Place[] {
  const far = new Map(places.map((place) => [place, distanceKm(circle, place)]));
  return places.filter((place) => far.get(place)! <= circle.radiusKm)
    .sort((one, other) => far.get(one)! - far.get(other)!).slice(0, bound);
}

/** @returns what the places are answered with */
export async function referenceAnswer(
  places: readonly Place[],
  { radiusM, bound, ...position }: Question,
): Promise<Answer> {
  const found = nearestPlaces(places, { ...position, radiusKm: radiusM / 1000 }, bound);
  return placesAnswer(
    await Promise.all(found.map(async (place) => ({
      geometry: { location: { lat: place.latitude, lng: place.longitude } },
      name: place.name,
      place_id: `herd.${await referenceId({ ...place, twins: twinsBefore(places, place) })}`,
      types: place.types,
      vicinity: place.vicinity,
    }))),
  );
}

function twinsBefore(places: readonly Place[], place: Place): number {
  return places.slice(0, places.indexOf(place)).filter((other) =>
    other.name === place.name && other.latitude === place.latitude &&
    other.longitude === place.longitude
  ).length;
}

/** @returns the ID, `herd.` left out */
export async function referenceId(
  { name, latitude, longitude, twins }: Position & {
    readonly name: string;
    readonly twins: number;
  },
): Promise<string> {
  const identity = JSON.stringify([name, latitude, longitude, ...(twins === 0 ? [] : [twins])]);
  const bytes = new TextEncoder().encode(identity);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  const base64 = btoa(String.fromCharCode(...hash.subarray(0, 15)));
  return base64.replaceAll("+", "-").replaceAll("/", "_");
}

/** Coordinates anywhere, and often on the poles, the date line, or close to one another. */
export const latitudesTried = [-90, -89.9, -89.7, -0, 0, 0.1, 89.8, 89.95, 90];
export const longitudesTried = [-180, -179.9, -90, -0, 0, 0.2, 90, 179.7, 180];
