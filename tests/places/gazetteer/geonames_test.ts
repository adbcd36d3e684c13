import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { GeoNamesReader } from "../../../lib/places/gazetteer/geonames.ts";
import { placeBytesMax } from "../../../lib/limits.ts";
import { PlacesFileError } from "../../../lib/places/gazetteer/places_file.ts";
import { fed } from "../fed.ts";

function test(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

const geoNames = (text: string | Uint8Array) => fed((add) => new GeoNamesReader(add), text);

/** A line as geonames.org publishes it, with some of its columns changed. */
function line(changes: Record<number, string> = {}): string {
  const cells = [
    "5368361",
    "Los Angeles",
    "Los Angeles",
    "Ciudad de los Ángeles,LA,City of Angels,ロサンゼルス",
    "34.05223",
    "-118.24368",
    "P",
    "PPLA2",
    "US",
    "",
    "CA",
    "037",
    "",
    "",
    "3820914",
    "89",
    "96",
    "America/Los_Angeles",
    "2023-09-12",
  ];
  return cells.map((cell, index) => changes[index + 1] ?? cell).join("\t");
}

const losAngeles = {
  name: "Los Angeles",
  latitude: 34.05223,
  longitude: -118.24368,
  types: ["locality", "political"],
  vicinity: "CA, US",
};

test("GeoNamesReader reads a line", () => {
  assertEquals(geoNames(`${line()}\n`), [losAngeles]);
});

test("GeoNamesReader reads a last line without a newline, and lines that end as in DOS", () => {
  assertEquals(geoNames(`${line()}\r\n\r\n\n${line()}`), [losAngeles, losAngeles]);
});

test("GeoNamesReader reads a name of several bytes a character", () => {
  assertEquals(geoNames(line({ 2: "Ōtāhuhu 東京 𝒳" })), [{
    ...losAngeles,
    name: "Ōtāhuhu 東京 𝒳",
  }]);
});

for (
  const [admin1, country, vicinity] of [
    ["CA", "US", "CA, US"],
    ["00", "FR", "FR"],
    ["", "AQ", "AQ"],
    ["11", "", "11"],
    ["", "", ""],
  ] as const
) {
  test(`GeoNamesReader makes "${admin1}" and "${country}" the vicinity "${vicinity}"`, () => {
    assertEquals(geoNames(line({ 9: country, 11: admin1 })), [{ ...losAngeles, vicinity }]);
  });
}

test("GeoNamesReader reads degrees as Number() does", () => {
  const degrees = fc.double({ min: -90, max: 90, noNaN: true }).map((value) => value.toFixed(7));
  fc.assert(fc.property(degrees, degrees, (latitude, longitude) => {
    assertEquals(geoNames(line({ 5: latitude, 6: longitude })), [
      { ...losAngeles, latitude: Number(latitude), longitude: Number(longitude) },
    ]);
  }));
});

for (
  const cell of ["", "90.1", "-91", "1e1", "north", "0x10", " 1", "1,5", ".5", "NaN", "Infinity"]
) {
  test(`GeoNamesReader rejects the latitude ${JSON.stringify(cell)}`, () => {
    assertEquals(
      geoNames(`${line()}\n\n${line({ 5: cell })}\n${line()}`),
      `line 3: column 5, latitude: ${JSON.stringify(cell)}: must be degrees from -90 to 90`,
    );
  });
}

test("GeoNamesReader rejects a longitude beyond 180", () => {
  assertEquals(
    geoNames(line({ 6: "180.5" })),
    'line 1: column 6, longitude: "180.5": must be degrees from -180 to 180',
  );
});

test("GeoNamesReader rejects a line with other than nineteen columns", () => {
  assertEquals(
    geoNames(`${line()}\nname,latitude,longitude\n`),
    'line 2: has 1 columns, begins with "name,latitude,longitude": ' +
      "must have 19 columns with tabs between them",
  );
  assertEquals(String(geoNames(`${line()}\tx`)).startsWith("line 1: has 20 columns"), true);
});

test("GeoNamesReader rejects an empty name", () => {
  assertEquals(geoNames(line({ 2: " " })), 'line 1: column 2, name: " ": must not be empty');
});

test("GeoNamesReader names the line that is not UTF-8", () => {
  const bytes = new TextEncoder().encode(`${line()}\n${line({ 2: "?" })}\n${line()}\n`);
  assertEquals(
    geoNames(bytes.map((byte) => byte === 0x3f ? 0xff : byte)),
    "line 2: is not UTF-8: must be, as GeoNames publishes it",
  );
});

test("GeoNamesReader rejects a line longer than placeBytesMax, before it is all there", () => {
  const reader = new GeoNamesReader(() => {});
  let pushed = 0;
  let error: unknown;
  try {
    for (; pushed < 2 * placeBytesMax; pushed += 65_536) reader.push(new Uint8Array(65_536));
  } catch (thrown) {
    error = thrown;
  }
  assertEquals(error instanceof PlacesFileError, true);
  assertEquals(pushed, placeBytesMax);
});

test("GeoNamesReader throws nothing but PlacesFileError, whatever it reads", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
    const reader = new GeoNamesReader(() => {});
    try {
      reader.push(bytes);
      reader.end();
    } catch (error) {
      if (!(error instanceof PlacesFileError)) throw error;
    }
  }));
});
