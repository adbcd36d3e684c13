import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { placeId, placeIdDigits } from "../../../lib/places/gazetteer/place_id.ts";
import type { Circle } from "../../../lib/places/gazetteer/nearest.ts";
import type { Place } from "../../../lib/places/gazetteer/place_records.ts";
import { PlaceTable } from "../../../lib/places/gazetteer/place_table.ts";
import { distanceKm, latitudesTried, longitudesTried, nearestPlaces } from "./reference.ts";

function test(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

function place(latitude: number, longitude: number, name = `${latitude} ${longitude}`): Place {
  return { name, latitude, longitude, types: ["park"], vicinity: "Somewhere" };
}

function tableOf(places: readonly Place[]): PlaceTable {
  const table = new PlaceTable();
  for (const each of places) table.add(each);
  for (const _ of table.index());
  return table;
}

/** A question, as the tests put it. */
type Near = Circle & { readonly bound: number };

/** The numbers of the places found. */
function numbers(table: PlaceTable, { bound, ...circle }: Near): number[] {
  return Array.from({ length: table.findNearest(circle, bound) }, (_, at) => table.found(at));
}

function names(table: PlaceTable, near: Near): string[] {
  return numbers(table, near).map((number) => {
    const { block, name, types } = table.record(number);
    return JSON.parse(new TextDecoder().decode(block.bytes.subarray(name, types)));
  });
}

test("PlaceTable.findNearest() gives the nearest first, and no more than the bound", () => {
  const table = tableOf([place(3, 0), place(1, 0), place(2, 0), place(0, 0)]);
  const point = { latitude: 0, longitude: 0, radiusKm: 1000 };
  assertEquals(names(table, { ...point, bound: 3 }), ["0 0", "1 0", "2 0"]);
  assertEquals(names(table, { ...point, bound: 20 }), ["0 0", "1 0", "2 0", "3 0"]);
});

test("PlaceTable.findNearest() includes a place on the rim and none beyond it", () => {
  const rim = place(34.1, -118.4);
  const radiusKm = distanceKm({ latitude: 34.06893, longitude: -118.445127 }, rim);
  const table = tableOf([rim]);
  const point = { latitude: 34.06893, longitude: -118.445127, bound: 1 };
  assertEquals(names(table, { ...point, radiusKm }).length, 1);
  assertEquals(names(table, { ...point, radiusKm: radiusKm * (1 - 1e-12) }).length, 0);
});

test("PlaceTable.findNearest() finds places across the date line", () => {
  const table = tableOf([place(0, 179.9, "west"), place(0, -179.8, "east"), place(0, 0, "far")]);
  const point = { latitude: 0, radiusKm: 50, bound: 9 };
  for (const longitude of [180, -180]) {
    assertEquals(names(table, { ...point, longitude }), ["west", "east"]);
  }
  assertEquals(names(table, { ...point, longitude: -179.9 }), ["east", "west"]);
});

test("PlaceTable.findNearest() finds places over the poles", () => {
  for (const pole of [90, -90]) {
    const near = pole * 0.999;
    const table = tableOf([place(near, 170, "over"), place(pole, 45, "pole"), place(0, 0, "far")]);
    const point = { latitude: near, longitude: -10, radiusKm: 50, bound: 9 };
    assertEquals(names(table, point), ["pole", "over"]);
    assertEquals(names(table, { ...point, latitude: pole, longitude: 77 }), ["pole", "over"]);
  }
});

test("PlaceTable.findNearest() takes the first of those that are equally near", () => {
  const others = Array.from({ length: 30 }, (_, at) => place(1, 1, `same ${at}`));
  const table = tableOf([place(1.1, 1, "north"), ...others, place(0.9, 1, "south")]);
  const point = { latitude: 1, longitude: 1, radiusKm: 50 };
  assertEquals(names(table, { ...point, bound: 3 }), ["same 0", "same 1", "same 2"]);
  // From the equator, places of one meridian at opposite latitudes are equally near, to the last bit.
  const both = tableOf([...others, place(-0.1, 5, "south"), place(0.1, 5, "north")]);
  const equator = { latitude: 0, longitude: 5, radiusKm: 50 };
  assertEquals(names(both, { ...equator, bound: 2 }), ["south", "north"]);
  assertEquals(names(both, { ...equator, bound: 1 }), ["south"]);
});

test("PlaceTable.findNearest() looks at few of many places at one position", () => {
  const others = Array.from({ length: 100_000 }, (_, at) => place(1, 1, `${at % 2}`));
  const table = tableOf([...others, place(1, 1.0001, "beside"), ...others]);
  const point = { latitude: 1, longitude: 1.0001, radiusKm: 50 };
  const begun = performance.now();
  for (let turn = 0; turn < 1_000; turn++) {
    assertEquals(numbers(table, { ...point, bound: 4 }), [100_000, 0, 1, 2]);
  }
  // Looking at them all takes a millisecond and more each time.
  const tookMs = performance.now() - begun;
  if (tookMs > 500) throw new Error(`1,000 questions took ${tookMs} ms`);
});

test("PlaceTable.record() knows the places before that have its name and position", () => {
  const twin = place(1, 1, "twin");
  const table = tableOf([twin, place(1, 1, "other"), twin, { ...twin, types: ["x"] }]);
  const ids = [0, 1, 2, 3].map((number) => {
    const { block, id } = table.record(number);
    return new TextDecoder().decode(block.bytes.subarray(id, id + placeIdDigits));
  });
  const expected = [["twin", 0], ["other", 0], ["twin", 1], ["twin", 2]] as const;
  assertEquals(ids, expected.map(([name, twins]) => placeId({ ...twin, name, twins })));
});

test("PlaceTable.findNearest() finds nothing in an empty table", () => {
  const point = { latitude: 0, longitude: 0, radiusKm: 50, bound: 20 };
  assertEquals(names(new PlaceTable(), point), []);
  assertEquals(names(tableOf([]), point), []);
});

test("PlaceTable.index() adds to what is found when more was added", () => {
  const table = tableOf([place(0, 0, "first")]);
  const point = { latitude: 0, longitude: 0, radiusKm: 50, bound: 20 };
  table.add(place(0, 0.1, "second"));
  assertEquals(names(table, point), ["first"]);
  for (const _ of table.index());
  assertEquals(names(table, point), ["first", "second"]);
  assertEquals(table.size, 2);
});

/** Coordinates anywhere, and often on the poles, the date line, or close to one another. */
const latitude = fc.oneof(
  fc.double({ min: -90, max: 90, noNaN: true }),
  fc.constantFrom(...latitudesTried),
);
const longitude = fc.oneof(
  fc.double({ min: -180, max: 180, noNaN: true }),
  fc.constantFrom(...longitudesTried),
);
const position = fc.tuple(latitude, longitude);

test("PlaceTable.findNearest() finds what looking at every place finds", () => {
  const options = fc.record({
    positions: fc.array(position, { maxLength: 200 }),
    point: position,
    radiusKm: fc.oneof(fc.double({ min: 0, max: 50, noNaN: true }), fc.constantFrom(500, 5000)),
    bound: fc.integer({ min: 1, max: 20 }),
  });
  fc.assert(
    fc.property(
      options,
      ({ positions, point: [latitude, longitude], radiusKm, bound }) => {
        const places = positions.map(([latitude, longitude]) => place(latitude, longitude));
        const circle = { latitude, longitude, radiusKm };
        const expected = nearestPlaces(places, circle, bound);
        assertEquals(
          numbers(tableOf(places), { ...circle, bound }),
          expected.map((place) => places.indexOf(place)),
        );
      },
    ),
    { numRuns: 1_000 },
  );
});

test("PlaceTable.index() lets others have their turn, and finds each of many", () => {
  const table = new PlaceTable();
  const count = 100_000;
  for (let index = 0; index < count; index += 1) {
    const longitude = (index * 0.618033988749895 % 1) * 360 - 180;
    table.add(place(180 * (index + 0.5) / count - 90, longitude, `${index}`));
  }
  const turns = [...table.index()].length;
  assertEquals(turns > 10, true, `${turns} turns`);
  for (let index = 0; index < count; index += 997) {
    const longitude = (index * 0.618033988749895 % 1) * 360 - 180;
    const point = { latitude: 180 * (index + 0.5) / count - 90, longitude, radiusKm: 0, bound: 1 };
    assertEquals(numbers(table, point), [index]);
  }
});
