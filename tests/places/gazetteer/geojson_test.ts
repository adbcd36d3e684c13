import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { GeoJsonReader } from "../../../lib/places/gazetteer/geojson.ts";
import { placeBytesMax } from "../../../lib/limits.ts";
import { PlacesFileError } from "../../../lib/places/gazetteer/places_file.ts";
import { fed } from "../fed.ts";

function test(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

const geoJson = (text: string | Uint8Array) => fed((add) => new GeoJsonReader(add), text);

function feature(name: string, coordinates: unknown = [1, 2]) {
  const geometry = { type: "Point", coordinates };
  return { type: "Feature", properties: { name, types: ["park"], vicinity: "V" }, geometry };
}

function place(name: string) {
  return { name, latitude: 2, longitude: 1, types: ["park"], vicinity: "V" };
}

function collection(...features: unknown[]): string {
  return JSON.stringify({ type: "FeatureCollection", features });
}

test("GeoJsonReader reads features in order", () => {
  assertEquals(geoJson(collection(feature("A"), feature("B"))), [place("A"), place("B")]);
  assertEquals(geoJson(collection()), []);
});

test("GeoJsonReader is not led astray by brackets, quotes and escapes in texts", () => {
  const name = '}{][ "features":[ \\" é 𝒳 \\';
  assertEquals(geoJson(collection(feature(name))), [place(name)]);
});

test("GeoJsonReader reads around other members, before and after, nested or not", () => {
  const text = `{ "bbox" : [1, 2, [3]], "note": "\\"features\\": [", "more": {"features": [7]},
    "features" : [ ${JSON.stringify(feature("A"))} ,\r\n\t ${JSON.stringify(feature("B"))} ] ,
    "crs": {"type": ["x"]}, "type" : "FeatureCollection" }\n`;
  assertEquals(geoJson(text), [place("A"), place("B")]);
});

test("GeoJsonReader reads any white space and any names", () => {
  const blank = fc.string({ unit: fc.constantFrom(" ", "\n", "\t", "\r"), maxLength: 2 });
  const names = fc.array(fc.string({ minLength: 1 }).filter((name) => name.trim() !== ""));
  fc.assert(fc.property(names, blank, fc.nat(4), (names, blank, indent) => {
    const features = names.map((name) => JSON.stringify(feature(name), null, indent));
    const text = `${blank}{${blank}"type":"FeatureCollection",${blank}"features"${blank}:${blank}` +
      `[${blank}${features.join(`${blank},${blank}`)}${blank}]${blank}}${blank}`;
    assertEquals(geoJson(text), names.map(place));
  }));
});

const wrong: [what: string, text: string, message: string][] = [
  [
    "a single Feature",
    JSON.stringify(feature("A")),
    'type: "Feature": must be "FeatureCollection"',
  ],
  ["no type", '{"features":[]}', 'type: nothing: must be "FeatureCollection"'],
  ["no features", '{"type":"FeatureCollection"}', "features: nothing: must be an array"],
  ["features that are none", '{"type":"FeatureCollection","features":{}}', "features: {}: must be"],
  [
    "a feature that is no object",
    collection(feature("A"), 7),
    'features[1]: "7": must be a feature',
  ],
  ["the end in a feature", collection(feature("A")).slice(0, -5), "features[0]: the file ends"],
  ["the end between features", '{"type":"FeatureCollection","features":[', "features[0]: the file"],
  ["the end after them", '{"type":"FeatureCollection","features":[]', "the text around the"],
  ["no JSON", "{]", "the text around the features: must be JSON"],
  ["a feature that is no JSON", '{"features":[{"a":tru}]}', "features[0]: must be JSON"],
  ["a wrong feature", collection(feature("A"), feature("")), "features[1].properties.name"],
];

for (const [what, text, message] of wrong) {
  test(`GeoJsonReader rejects ${what}`, () => {
    const outcome = geoJson(text);
    assertEquals(typeof outcome, "string");
    assertEquals(String(outcome).startsWith(message), true, String(outcome));
    assertEquals(String(outcome).includes("\n"), false);
  });
}

test("GeoJsonReader rejects features without a comma, and with one too many", () => {
  const one = JSON.stringify(feature("A"));
  const around = (features: string) => `{"type":"FeatureCollection","features":[${features}]}`;
  assertEquals(
    geoJson(around(`${one}${one}`)),
    'features[1]: "{": must be "," or "]"',
  );
  assertEquals(
    geoJson(around(`${one},`)),
    'features[1]: "]": must be a feature, that is an object',
  );
  assertEquals(
    geoJson(around(`,${one}`)),
    'features[0]: ",": must be a feature, that is an object',
  );
});

test("GeoJsonReader rejects bytes that are not UTF-8", () => {
  const bytes = new TextEncoder().encode(collection(feature("?")));
  assertEquals(
    geoJson(bytes.map((byte) => byte === 0x3f ? 0xff : byte)),
    'features[0]: must be JSON: "not UTF-8"',
  );
});

test("GeoJsonReader rejects a feature longer than placeBytesMax, before it is all there", () => {
  const reader = new GeoJsonReader(() => {});
  const push = (text: string) => reader.push(new TextEncoder().encode(text));
  push('{"type":"FeatureCollection","features":[{"x":"');
  let error: unknown;
  try {
    for (let length = 0; length < 2 * placeBytesMax; length += 65_536) push("x".repeat(65_536));
  } catch (thrown) {
    error = thrown;
  }
  assertEquals(error instanceof PlacesFileError, true);
  assertEquals((error as Error).message, "features[0]: this feature is longer than 1048576 bytes");
});

test("GeoJsonReader throws nothing but PlacesFileError, whatever it reads", () => {
  const unit = fc.constantFrom(...'{}[],:"\\ a1\n', '"features"', '"type":"FeatureCollection"');
  fc.assert(
    fc.property(fc.string({ unit, maxLength: 40 }), (text) => {
      const reader = new GeoJsonReader(() => {});
      try {
        reader.push(new TextEncoder().encode(text));
        reader.end();
      } catch (error) {
        if (!(error instanceof PlacesFileError)) throw error;
      }
    }),
    { numRuns: 2000 },
  );
});
