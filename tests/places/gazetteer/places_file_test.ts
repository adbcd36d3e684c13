import { assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { shown } from "../../../lib/places/gazetteer/places_file.ts";

function test(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

test("shown() is one short line of printable ASCII, whatever the value", () => {
  fc.assert(fc.property(fc.anything({ withBigInt: false }), (value) => {
    assertMatch(shown(value), /^[ -~]{1,80}$/);
  }));
  assertMatch(shown("\u001b[31m\u2028\u0085é𝒳".repeat(50)), /^[ -~]{80}$/);
});

test("shown() shows short values whole", () => {
  assertEquals(["a", 1, null, [1, "b"]].map(shown), ['"a"', "1", "null", '[1,"b"]']);
});
