/**
 * A million made-up places, a fifth of them in one city, in no order.
 *
 * @module
 */

/** The middle of the city. */
export const city = { latitude: 34.05, longitude: -118.25 };

/** How far from its middle the city's places are, in degrees. */
const cityDegrees = 0.2;

/** One of so many places is in the city. */
const cityShare = 5;

const linesPerWrite = 5_000;

/** A made-up place. */
export interface DensePlace {
  readonly name: string;
  /** Degrees, as a file has them. */
  readonly latitude: string;
  readonly longitude: string;
}

/** @param count how many; always the same */
export function* densePlaces(count: number): Generator<DensePlace> {
  for (let number = 0; number < count; number++) {
    // Multiples of the golden ratio and its like in two dimensions lie evenly.
    const [one, other] = [(number * 0.754877666246693) % 1, (number * 0.569840290998053) % 1];
    const isInCity = number % cityShare === 0;
    const latitude = isInCity
      ? city.latitude + (2 * one - 1) * cityDegrees
      : Math.asin(2 * one - 1) * 84 / (Math.PI / 2);
    const longitude = isInCity ? city.longitude + (2 * other - 1) * cityDegrees : 360 * other - 180;
    yield {
      name: `Place ${number} of many`,
      latitude: latitude.toFixed(6),
      longitude: longitude.toFixed(6),
    };
  }
}

/** Writes them as GeoNames does. */
export async function writeGeoNames(path: string, count: number): Promise<void> {
  using file = await Deno.open(path, { create: true, write: true, truncate: true });
  const writer = file.writable.getWriter();
  let lines = "";
  let held = 0;
  for (const { name, latitude, longitude } of densePlaces(count)) {
    lines += `1\t${name}\t${name}\t\t${latitude}\t${longitude}\tP\tPPL\tUS\t\tCA\t\t\t\t0\t\t42\t` +
      "America/Los_Angeles\t2024-01-01\n";
    if (++held < linesPerWrite) continue;
    await writer.write(new TextEncoder().encode(lines));
    lines = "";
    held = 0;
  }
  await writer.write(new TextEncoder().encode(lines));
  await writer.close();
}
