import { assert, assertAlmostEquals, assertEquals } from "@std/assert";
import fc from "fast-check";
import { distance } from "geokdbush";
import { type Place, PlaceTable } from "../../../lib/places/gazetteer/place_table.ts";

function test(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

function place(latitude: number, longitude: number, name = `${latitude} ${longitude}`): Place {
  return { name, latitude, longitude, types: ["park"], vicinity: "Somewhere" };
}

function tableOf(places: readonly Place[]): PlaceTable {
  const table = new PlaceTable();
  for (const each of places) table.add(each);
  return table;
}

function names(table: PlaceTable, point: Parameters<PlaceTable["nearest"]>[0]): string[] {
  return table.nearest(point).map(({ place }) => place.name);
}

test("PlaceTable gives back what was added", () => {
  const odd: Place = {
    name: 'É "東京" \0\n𝒳',
    latitude: -0.1,
    longitude: 179.999999999,
    types: ["a", "b,c"],
    vicinity: "\ttab",
  };
  const plain: Place = { name: "x", latitude: -0.1, longitude: 180, types: [], vicinity: "" };
  const found = tableOf([odd, plain]).nearest({
    latitude: -0.1,
    longitude: 179.999999999,
    radiusKm: 1,
    bound: 20,
  });
  assertEquals(found.map(({ place }) => place), [odd, plain]);
  assertEquals(found[0]?.distanceKm, 0);
});

test("PlaceTable.nearest() gives the nearest first, and no more than the bound", () => {
  const table = tableOf([place(3, 0), place(1, 0), place(2, 0), place(0, 0)]);
  const point = { latitude: 0, longitude: 0, radiusKm: 1000 };
  assertEquals(names(table, { ...point, bound: 3 }), ["0 0", "1 0", "2 0"]);
  assertEquals(names(table, { ...point, bound: 20 }), ["0 0", "1 0", "2 0", "3 0"]);
});

test("PlaceTable.nearest() includes a place on the rim and none beyond it", () => {
  const rim = place(34.1, -118.4);
  const radiusKm = distance(-118.445127, 34.06893, rim.longitude, rim.latitude);
  const table = tableOf([rim]);
  const point = { latitude: 34.06893, longitude: -118.445127, bound: 1 };
  assertEquals(names(table, { ...point, radiusKm }).length, 1);
  assertEquals(names(table, { ...point, radiusKm: radiusKm * (1 - 1e-12) }).length, 0);
});

test("PlaceTable.nearest() finds places across the date line", () => {
  const table = tableOf([place(0, 179.9, "west"), place(0, -179.8, "east"), place(0, 0, "far")]);
  const point = { latitude: 0, radiusKm: 50, bound: 9 };
  for (const longitude of [180, -180]) {
    assertEquals(names(table, { ...point, longitude }), ["west", "east"]);
  }
  assertEquals(names(table, { ...point, longitude: -179.9 }), ["east", "west"]);
});

test("PlaceTable.nearest() finds places over the poles", () => {
  for (const pole of [90, -90]) {
    const near = pole * 0.999;
    const table = tableOf([place(near, 170, "over"), place(pole, 45, "pole"), place(0, 0, "far")]);
    const point = { latitude: near, longitude: -10, radiusKm: 50, bound: 9 };
    assertEquals(names(table, point), ["pole", "over"]);
    assertEquals(names(table, { ...point, latitude: pole, longitude: 77 }), ["pole", "over"]);
  }
});

test("PlaceTable.nearest() counts the twins before each", () => {
  const twin = place(1, 1, "twin");
  const table = tableOf([twin, place(1, 1, "other"), twin, { ...twin, types: ["x"] }]);
  const found = table.nearest({ latitude: 1, longitude: 1, radiusKm: 1, bound: 9 });
  assertEquals(
    found.map(({ place, twins }) => `${place.name} ${twins}`),
    ["twin 0", "other 0", "twin 1", "twin 2"],
  );
});

test("PlaceTable.nearest() finds nothing in an empty table", () => {
  const point = { latitude: 0, longitude: 0, radiusKm: 50, bound: 20 };
  assertEquals(new PlaceTable().nearest(point), []);
});

test("PlaceTable takes more after it was asked", () => {
  const table = tableOf([place(0, 0, "first")]);
  const point = { latitude: 0, longitude: 0, radiusKm: 50, bound: 20 };
  assertEquals(names(table, point), ["first"]);
  table.add(place(0, 0.1, "second"));
  assertEquals(names(table, point), ["first", "second"]);
  assertEquals(table.size, 2);
});

/** Coordinates anywhere, and often on the poles, the date line, or close to one another. */
const latitude = fc.oneof(
  fc.double({ min: -90, max: 90, noNaN: true }),
  fc.constantFrom(-90, -89.9, -89.7, 0, 0.1, 89.8, 89.95, 90),
);
const longitude = fc.oneof(
  fc.double({ min: -180, max: 180, noNaN: true }),
  fc.constantFrom(-180, -179.9, -90, 0, 0.2, 90, 179.7, 180),
);
const position = fc.tuple(latitude, longitude);

test("PlaceTable.nearest() finds what looking at every place finds", () => {
  const options = fc.record({
    positions: fc.array(position, { maxLength: 200 }),
    point: position,
    radiusKm: fc.oneof(fc.double({ min: 0, max: 50, noNaN: true }), fc.constantFrom(500, 5000)),
    bound: fc.integer({ min: 1, max: 20 }),
    /** After how many places the table is indexed, so that there are several shards. */
    sealAfter: fc.integer({ min: 1, max: 100 }),
  });
  fc.assert(
    fc.property(
      options,
      ({ positions, point: [latitude, longitude], radiusKm, bound, sealAfter }) => {
        const table = new PlaceTable();
        for (const [index, [lat, lng]] of positions.entries()) {
          if (index % sealAfter === 0) table.seal();
          table.add(place(lat, lng));
        }
        const found = table.nearest({ latitude, longitude, radiusKm, bound });
        const expected = positions.map(([lat, lng]) => distance(longitude, latitude, lng, lat))
          .filter((distanceKm) => distanceKm <= radiusKm)
          .sort((a, b) => a - b).slice(0, bound);
        assertEquals(found.map(({ distanceKm }) => distanceKm), expected);
      },
    ),
    { numRuns: 500 },
  );
});

test("PlaceTable.nearest() measures as the sphere does, not only as geokdbush does", () => {
  // One degree of a great circle, along the equator, a meridian, and over the pole.
  const degreeKm = 6371 * Math.PI / 180;
  for (
    const [from, to] of [
      [place(0, 179.5), place(0, -179.5)],
      [place(10, 20), place(11, 20)],
      [place(89.5, 0), place(89.5, 180)],
    ] as const
  ) {
    const { latitude, longitude } = from;
    const [found] = tableOf([to]).nearest({ latitude, longitude, radiusKm: 200, bound: 1 });
    assertAlmostEquals(found?.distanceKm ?? NaN, degreeKm, 1e-6);
  }
});

test("PlaceTable finds among many shards", () => {
  const table = new PlaceTable();
  const count = 100_000;
  for (let index = 0; index < count; index += 1) {
    const longitude = (index * 0.618033988749895 % 1) * 360 - 180;
    table.add(place(180 * (index + 0.5) / count - 90, longitude, `${index}`));
  }
  for (const index of [0, 1, 32_767, 32_768, 65_536, 99_999]) {
    const longitude = (index * 0.618033988749895 % 1) * 360 - 180;
    const point = { latitude: 180 * (index + 0.5) / count - 90, longitude, radiusKm: 0, bound: 1 };
    assertEquals(names(table, point), [`${index}`]);
  }
  assert(table.size === count);
});
