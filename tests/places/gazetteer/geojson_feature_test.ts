import { assertEquals, assertThrows } from "@std/assert";
import { placeOfFeature } from "../../../lib/places/gazetteer/geojson_feature.ts";
import { PlacesFileError } from "../../../lib/places/gazetteer/places_file.ts";

function test(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

function feature(changes: {
  type?: unknown;
  geometry?: unknown;
  coordinates?: unknown;
  properties?: Record<string, unknown>;
}) {
  const { type = "Feature", coordinates = [-118.4422, 34.0729, 130], properties } = changes;
  return {
    type,
    geometry: changes.geometry ?? { type: "Point", coordinates },
    properties: { name: "Royce Hall", types: ["school"], vicinity: "Los Angeles", ...properties },
  };
}

test("placeOfFeature() reads a Point with its properties, and no height", () => {
  assertEquals(placeOfFeature(feature({}), "features[0]"), {
    name: "Royce Hall",
    latitude: 34.0729,
    longitude: -118.4422,
    types: ["school"],
    vicinity: "Los Angeles",
  });
});

test("placeOfFeature() does without types and vicinity", () => {
  for (const absent of [undefined, null]) {
    const place = placeOfFeature(
      feature({ properties: { types: absent, vicinity: absent } }),
      "features[0]",
    );
    assertEquals(place.types, ["point_of_interest"]);
    assertEquals(place.vicinity, "");
  }
});

test("placeOfFeature() takes the corners of the world", () => {
  for (const coordinates of [[180, 90], [-180, -90]]) {
    const { longitude, latitude } = placeOfFeature(feature({ coordinates }), "features[0]");
    assertEquals([longitude, latitude], coordinates);
  }
});

const wrong: [feature: unknown, message: string][] = [
  [null, 'features[3].type: nothing: must be "Feature"'],
  [feature({ type: "Point" }), 'features[3].type: "Point": must be "Feature"'],
  [
    feature({ geometry: { type: "Polygon" } }),
    'features[3].geometry.type: "Polygon": must be "Point"',
  ],
  [feature({ coordinates: [1] }), "features[3].geometry.coordinates: [1]: must be [longitude, la"],
  [feature({ coordinates: ["1", "2"] }), 'features[3].geometry.coordinates: ["1","2"]: must be'],
  [feature({ coordinates: [34, -118.4] }), "the latitude from -90 to 90"],
  [feature({ coordinates: [180.1, 0] }), "the longitude from -180 to 180"],
  [feature({ properties: { name: 7 } }), "features[3].properties.name: 7: must be a text"],
  [feature({ properties: { name: " " } }), "must be a text that is not empty"],
  [feature({ properties: { name: undefined } }), "features[3].properties.name: nothing: must"],
  [feature({ properties: { types: "park" } }), 'features[3].properties.types: "park": must be an'],
  [feature({ properties: { types: [1] } }), "features[3].properties.types: [1]: must be an array"],
  [feature({ properties: { vicinity: 1 } }), "features[3].properties.vicinity: 1: must be a text"],
];

for (const [feature, message] of wrong) {
  test(`placeOfFeature() says ${message}`, () => {
    assertThrows(() => placeOfFeature(feature, "features[3]"), PlacesFileError, message);
  });
}
