/**
 * Distances on the globe, taken as a sphere.
 *
 * @module
 */

/** Kilometres in a radian of a great circle. */
export const earthRadiusKm = 6371;

/** Radians in a degree. */
export const radiansPerDegree = Math.PI / 180;

/**
 * The distance along the great circle, by the haversine formula: exact for near points, too.
 *
 * @param longitude degrees east of one point
 * @param latitude degrees north of it
 * @param otherLongitude degrees east of the other
 * @param otherLatitude degrees north of that
 * @returns kilometres
 *
 * @example
 * ```ts
 * import { assertAlmostEquals } from "@std/assert";
 *
 * assertAlmostEquals(greatCircleKm(179.5, 0, -179.5, 0), 6371 * Math.PI / 180, 1e-9);
 * ```
 */
export function greatCircleKm(
  longitude: number,
  latitude: number,
  otherLongitude: number,
  otherLatitude: number,
): number {
  const cosines = Math.cos(latitude * radiansPerDegree) *
    Math.cos(otherLatitude * radiansPerDegree);
  const haversine = cosines * haverSine((longitude - otherLongitude) * radiansPerDegree) +
    haverSine((latitude - otherLatitude) * radiansPerDegree);
  return 2 * earthRadiusKm * Math.asin(Math.sqrt(haversine));
}

function haverSine(radians: number): number {
  const sine = Math.sin(radians / 2);
  return sine * sine;
}
