import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { isObject, listOf, member, numberOf, textOf } from "../../lib/places/untrusted.ts";

function test(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

test("member() finds nothing in what is no object", () => {
  for (const value of [null, undefined, 1, "text", ["x"], true]) {
    assertEquals(member(value, "0"), undefined);
    assertEquals(member(value, "length"), undefined);
  }
});

test("member() finds nothing that the object did not bring itself", () => {
  assertEquals(member({}, "toString"), undefined);
  assertEquals(member({ a: {} }, "a", "constructor"), undefined);
});

test("member() throws on nothing", () => {
  fc.assert(fc.property(fc.anything(), fc.array(fc.string()), (value, path) => {
    member(value, ...path);
  }));
});

test("textOf(), numberOf(), listOf() and isObject() take their kind only", () => {
  const values = ["a", "", 1, NaN, Infinity, false, null, ["a"], { a: 1 }];
  assertEquals(values.map(textOf).filter((text) => text !== undefined), ["a"]);
  assertEquals(values.map(numberOf).filter((number) => number !== undefined), [1]);
  assertEquals(values.map(listOf).filter((list) => list.length > 0), [["a"]]);
  assertEquals(values.filter(isObject), [{ a: 1 }]);
});
