import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { htmlAttributions, legacyResult } from "../../../lib/places/google/google_result.ts";

function test(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

/** A place with every field that is asked for. */
const place = {
  name: "places/ChIJ1",
  id: "ChIJ1",
  types: ["bar", "point_of_interest"],
  displayName: { text: "The Bar", languageCode: "en" },
  location: { latitude: -33.8585, longitude: 151.21 },
  viewport: {
    low: { latitude: -33.86, longitude: 151.2 },
    high: { latitude: -33.85, longitude: 151.22 },
  },
  shortFormattedAddress: "1 George Street, The Rocks",
  formattedAddress: "1 George Street, The Rocks NSW 2000, Australia",
  businessStatus: "OPERATIONAL",
  plusCode: { globalCode: "4RRH46R6+G2", compoundCode: "46R6+G2 The Rocks" },
  iconMaskBaseUri: "https://maps.gstatic.com/mapfiles/place_api/icons/v2/bar_pinlet",
  iconBackgroundColor: "#FF9E67",
  photos: [
    {
      name: "places/ChIJ1/photos/A",
      widthPx: 1600,
      heightPx: 1200,
      authorAttributions: [{ displayName: 'A & "B"', uri: "//maps.google.com/contrib/1?a=1&b=2" }],
    },
    { name: "places/ChIJ1/photos/B", widthPx: 1, heightPx: 1, authorAttributions: [] },
  ],
};

test("legacyResult() maps every field", () => {
  assertEquals(JSON.parse(JSON.stringify(legacyResult(place))), {
    business_status: "OPERATIONAL",
    geometry: {
      location: { lat: -33.8585, lng: 151.21 },
      viewport: {
        northeast: { lat: -33.85, lng: 151.22 },
        southwest: { lat: -33.86, lng: 151.2 },
      },
    },
    icon: "https://maps.gstatic.com/mapfiles/place_api/icons/v2/bar_pinlet.png",
    icon_background_color: "#FF9E67",
    icon_mask_base_uri: "https://maps.gstatic.com/mapfiles/place_api/icons/v2/bar_pinlet",
    name: "The Bar",
    photos: [{
      height: 1200,
      html_attributions: [
        '<a href="//maps.google.com/contrib/1?a=1&amp;b=2">A &amp; &quot;B&quot;</a>',
      ],
      photo_reference: "places/ChIJ1/photos/A",
      width: 1600,
    }],
    place_id: "ChIJ1",
    plus_code: { compound_code: "46R6+G2 The Rocks", global_code: "4RRH46R6+G2" },
    reference: "ChIJ1",
    scope: "GOOGLE",
    types: ["bar", "point_of_interest"],
    vicinity: "1 George Street, The Rocks",
  });
});

test("legacyResult() leaves out what the place does not have", () => {
  assertEquals(JSON.parse(JSON.stringify(legacyResult({ id: "ChIJ1" }))), {
    place_id: "ChIJ1",
    reference: "ChIJ1",
    scope: "GOOGLE",
    types: [],
  });
});

test("legacyResult() leaves out a business status that is not specified", () => {
  const result = legacyResult({ businessStatus: "BUSINESS_STATUS_UNSPECIFIED" });
  assertEquals(result.business_status, undefined);
});

test("legacyResult() takes the long address where there is no short one", () => {
  assertEquals(legacyResult({ formattedAddress: "Long" }).vicinity, "Long");
});

test("legacyResult() puts a coordinate that was left out at 0", () => {
  assertEquals(legacyResult({ location: { longitude: 6.6 } }).geometry, {
    location: { lat: 0, lng: 6.6 },
    viewport: undefined,
  });
});

test("legacyResult() throws on nothing that JSON can hold", () => {
  const wild = fc.record(
    Object.fromEntries(Object.keys(place).map((key) => [key, fc.jsonValue()])),
    { requiredKeys: [] },
  );
  fc.assert(fc.property(wild, (place) => {
    JSON.stringify(legacyResult(place));
    htmlAttributions([place]);
  }));
});

test("htmlAttributions() names each provider once, with its link", () => {
  const attributions = [
    { provider: "A", providerUri: "https://a.example/" },
    { provider: "<B>" },
    { providerUri: "https://nobody.example/" },
  ];
  assertEquals(
    htmlAttributions([{ attributions }, { attributions }, {}]),
    ['<a href="https://a.example/">A</a>', "&lt;B&gt;"],
  );
});
