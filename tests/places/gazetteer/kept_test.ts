import { assertEquals, assertStrictEquals } from "@std/assert";
import fc from "fast-check";
import { Kept } from "../../../lib/places/gazetteer/kept.ts";

function test(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

test("Kept puts together what was appended, and is empty then", () => {
  fc.assert(fc.property(fc.array(fc.uint8Array()), fc.uint8Array(), (pieces, last) => {
    const kept = new Kept();
    for (const piece of pieces) kept.append(piece);
    assertEquals(kept.length, pieces.reduce((sum, piece) => sum + piece.length, 0));
    assertEquals([...kept.takeWith(last)], [...pieces, last].flatMap((piece) => [...piece]));
    assertEquals(kept.length, 0);
  }));
});

test("Kept.append() copies", () => {
  const buffer = Uint8Array.of(1);
  const kept = new Kept();
  kept.append(buffer);
  buffer[0] = 2;
  assertEquals(kept.takeWith(new Uint8Array()), Uint8Array.of(1));
});

test("Kept.takeWith() copies nothing when nothing is kept", () => {
  const last = Uint8Array.of(1);
  assertStrictEquals(new Kept().takeWith(last), last);
});
