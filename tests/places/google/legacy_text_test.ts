import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { cutResults, foldNewlines } from "../../../lib/places/google/legacy_text.ts";
import { legacyText } from "../../spec/google_replies.ts";

function test(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

const blank = fc.string({ unit: fc.constantFrom(" ", "\t", "\n", "\r"), maxLength: 3 });
/** Names that a search for the member must not be led astray by. */
const name = fc.constantFrom("results", "status", 'a"results":[', "[1,2]", "é{", "x");
const value = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.record({ results: fc.array(fc.integer()), note: fc.constant('"results" : [ 1, 2 ]') }),
);

/** A text with white space wherever JSON allows it, and what is to come out of it. */
const answer = fc.record({
  before: fc.array(fc.tuple(name.filter((name) => name !== "results"), value), { maxLength: 2 }),
  places: fc.array(value, { maxLength: 6 }),
  after: fc.array(fc.tuple(name.filter((name) => name !== "results"), value), { maxLength: 2 }),
  space: fc.infiniteStream(blank),
});

test("cutResults() keeps every character outside results, and the places that stay", () => {
  fc.assert(fc.property(answer, fc.integer({ min: 1, max: 7 }), (answer, bound) => {
    const { before, places, after, space } = answer;
    const blank = () => space.next().value;
    const member = ([name, value]: [string, unknown]) =>
      `${blank()}${JSON.stringify(name)}${blank()}:${blank()}${JSON.stringify(value)}${blank()}`;
    const head = `${blank()}{${before.map((m) => `${member(m)},`).join("")}${blank()}"results":[`;
    const items = places.map((place) => `${blank()}${JSON.stringify(place)}`);
    const tail = `${blank()}]${after.map((m) => `,${member(m)}`).join("")}}${blank()}`;
    const text = `${head}${items.join(`${blank()},`)}${tail}`;
    const cut = cutResults(text, bound);
    assertEquals(cut.count, Math.min(bound, places.length));
    assertEquals(cut.text.startsWith(head) && cut.text.endsWith(tail), true, cut.text);
    const { results } = JSON.parse(cut.text);
    assertEquals(results, JSON.parse(JSON.stringify(places.slice(0, bound))));
    if (places.length <= bound) assertEquals(cut.text, text);
  }));
});

test("cutResults() leaves a text that has no more places than the bound as it is", () => {
  for (const places of [0, 1, 5]) {
    const text = legacyText({ places });
    assertEquals(cutResults(text, 5), { text, count: places });
  }
});

test("cutResults() cuts a text of either style as Google would have printed it", () => {
  for (const behaviour of ["normal", "style b"] as const) {
    const eight = legacyText({ behaviour, places: 8 });
    for (const bound of [1, 3, 7]) {
      const expected = legacyText({ behaviour, places: bound });
      assertEquals(cutResults(eight, bound), { text: expected, count: bound });
    }
  }
});

test("cutResults() is not led astray by results elsewhere, or in a text", () => {
  const text = `{"a":{"results":[1,2,3]},"b":"\\"results\\":[1,2,3]","results":[1,2,3]}`;
  assertEquals(cutResults(text, 1).text, text.replace(/\[1,2,3\]\}$/, "[1]}"));
});

test("cutResults() cuts each of two members of that name", () => {
  assertEquals(
    cutResults('{"results":[1,2,3],"results":[4,5,6]}', 2),
    { text: '{"results":[1,2],"results":[4,5]}', count: 2 },
  );
});

test("cutResults() cuts behind a byte order mark, and leaves it", () => {
  assertEquals(
    cutResults('\uFEFF{"results":[1,2,3]}', 1),
    { text: '\uFEFF{"results":[1]}', count: 1 },
  );
});

test("cutResults() cuts by characters beyond the basic plane", () => {
  assertEquals(cutResults('{"results":["𝒳","🌍","é"]}', 2).text, '{"results":["𝒳","🌍"]}');
});

test("foldNewlines() makes one newline of each run, and none at the end", () => {
  assertEquals(foldNewlines("\n\na\n\n\nb\nc\n\n\n"), "\na\nb\nc");
  assertEquals(foldNewlines("\n\n"), "");
  assertEquals(foldNewlines(""), "");
});

test("foldNewlines() does not take a carriage return for a newline", () => {
  assertEquals(foldNewlines("a\r\n\r\nb\r\n"), "a\r\n\r\nb\r");
});

test("foldNewlines() changes nothing but newlines, and leaves no two adjacent", () => {
  const text = fc.string({ unit: fc.constantFrom("\n", "\r", " ", "x", "é") });
  fc.assert(fc.property(text, (text) => {
    const folded = foldNewlines(text);
    assertEquals(folded.replaceAll("\n", ""), text.replaceAll("\n", ""));
    assertEquals(folded.includes("\n\n") || folded.endsWith("\n"), false);
    assertEquals(foldNewlines(folded), folded);
  }));
});

Deno.test({
  name: "cutResults() knows `results` however it is written, and nothing else by that name",
  permissions: "none",
  fn() {
    const others = '"a" : { "results" : [ 1, 2 ] }, "results " : [ 1, 2 ], "b" : "results"';
    const text = (places: string) => `{ ${others}, "result\\u0073" : [ ${places} ] }`;
    const places = ['{ "c" : [ 1, "]\\",[" ] }', '"\\\\"', "[ [ ], { } ]"];
    for (let bound = 1; bound <= 3; bound++) {
      const stay = places.slice(0, bound).join(" , ");
      assertEquals(cutResults(text(places.join(" , ")), bound), { text: text(stay), count: bound });
    }
    assertEquals(cutResults(text(""), 1), { text: text(""), count: 0 });
  },
});
