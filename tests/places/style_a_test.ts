import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { type Json, printStyleA } from "../../lib/places/style_a.ts";

function test(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

test("printStyleA() prints an object as Google's samples have it", () => {
  const place = {
    types: ["park", "establishment"],
    geometry: { location: { lng: -118.445181, lat: 34 } },
    photos: [{ width: 1600, html_attributions: [] }],
    name: 'Say "hi"/\\',
    empty: {},
  };
  assertEquals(
    printStyleA({ status: "OK", results: [place, { a: null }] }),
    `{
   "results" : [
      {
         "empty" : {},
         "geometry" : {
            "location" : {
               "lat" : 34,
               "lng" : -118.445181
            }
         },
         "name" : "Say \\"hi\\"/\\\\",
         "photos" : [
            {
               "html_attributions" : [],
               "width" : 1600
            }
         ],
         "types" : [ "park", "establishment" ]
      },
      {
         "a" : null
      }
   ],
   "status" : "OK"
}`,
  );
});

test("printStyleA() prints types of 65 characters on one line, and of 89 one a line", () => {
  assertEquals(
    printStyleA(["accounting", "finance", "point_of_interest", "establishment"]),
    '[ "accounting", "finance", "point_of_interest", "establishment" ]',
  );
  assertEquals(
    printStyleA([
      "tourist_attraction",
      "local_government_office",
      "point_of_interest",
      "establishment",
    ]),
    `[
   "tourist_attraction",
   "local_government_office",
   "point_of_interest",
   "establishment"
]`,
  );
});

test("printStyleA() breaks an array at 74 bytes, brackets and commas counted", () => {
  const oneLine = printStyleA(["x".repeat(67)]);
  assertEquals(oneLine, `[ "${"x".repeat(67)}" ]`);
  assertEquals(oneLine.length, 73);
  assertEquals(printStyleA(["x".repeat(68)]), `[\n   "${"x".repeat(68)}"\n]`);
});

test("printStyleA() counts bytes of UTF-8, not characters", () => {
  const name = "é".repeat(34);
  assertEquals(printStyleA([name]), `[\n   "${name}"\n]`);
});

test("printStyleA() breaks an array of 25 numbers, since three times 25 is more than 74", () => {
  const numbers = (count: number) => Array.from({ length: count }, () => 1);
  assertEquals(printStyleA(numbers(23)).split("\n").length, 1);
  assertEquals(printStyleA(numbers(25)).split("\n").length, 27);
});

test("printStyleA() breaks an array that holds parts, however short", () => {
  assertEquals(printStyleA([[1]]), "[\n   [ 1 ]\n]");
  assertEquals(printStyleA([[], {}]), "[ [], {} ]");
});

test("printStyleA() escapes < and > and leaves other scripts as they are", () => {
  assertEquals(
    printStyleA('<a href="x&y=z">東京 é</a>\n\u0001'),
    '"\\u003ca href=\\"x&y=z\\"\\u003e東京 é\\u003c/a\\u003e\\n\\u0001"',
  );
});

test("printStyleA() prints whole numbers without a point, and others to their last digit", () => {
  assertEquals(
    printStyleA([4.0, -87.6443207, 0.1 + 0.2, -0]),
    "[ 4, -87.6443207, 0.30000000000000004, 0 ]",
  );
});

test("printStyleA() leaves out what is undefined", () => {
  assertEquals(printStyleA({ a: undefined, b: [{ a: undefined }] }), '{\n   "b" : [ {} ]\n}');
});

test("printStyleA() prints what JSON.parse() reads back, and nothing twice differently", () => {
  fc.assert(fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
    const text = printStyleA(value as Json);
    assertEquals(JSON.parse(text), JSON.parse(JSON.stringify(value)));
    assertEquals(printStyleA(JSON.parse(text)), text);
  }));
});

test("printStyleA() leaves no blank line and no newline at the end", () => {
  fc.assert(fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
    const text = printStyleA(value as Json);
    assertEquals(text.includes("\n\n") || text.endsWith("\n"), false);
  }));
});
