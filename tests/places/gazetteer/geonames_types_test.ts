import { assertEquals } from "@std/assert";
import { typesOfFeature } from "../../../lib/places/gazetteer/geonames_types.ts";

function test(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

for (
  const [featureClass, featureCode, types] of [
    ["P", "PPLC", ["locality", "political"]],
    ["P", "", ["locality", "political"]],
    ["P", "PPLX", ["neighborhood", "political"]],
    ["A", "PCLI", ["country", "political"]],
    ["A", "ADM1", ["administrative_area_level_1", "political"]],
    ["A", "ZN", ["political"]],
    ["S", "AIRP", ["airport", "point_of_interest", "establishment"]],
    ["S", "HTL", ["lodging", "point_of_interest", "establishment"]],
    ["S", "XXX", ["point_of_interest", "establishment"]],
    ["L", "PRK", ["park", "point_of_interest", "establishment"]],
    ["L", "AREA", ["point_of_interest"]],
    ["H", "LK", ["natural_feature"]],
    ["T", "MT", ["natural_feature"]],
    ["R", "ST", ["route"]],
    ["", "", ["point_of_interest"]],
    ["constructor", "toString", ["point_of_interest"]],
  ] as const
) {
  test(`typesOfFeature() makes ${featureClass}.${featureCode} ${types.join(", ")}`, () => {
    assertEquals(typesOfFeature(featureClass, featureCode), types);
  });
}
