import { assertEquals, assertStrictEquals } from "@std/assert";
import fc from "fast-check";
import { PendingBytes } from "../../lib/protocol/pending_bytes.ts";

function test(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

test("PendingBytes puts together what was appended, and is empty then", () => {
  fc.assert(fc.property(fc.array(fc.uint8Array()), fc.uint8Array(), (pieces, last) => {
    const pending = new PendingBytes();
    for (const piece of pieces) pending.append(piece);
    assertEquals(pending.length, pieces.reduce((sum, piece) => sum + piece.length, 0));
    assertEquals([...pending.takeWith(last)], [...pieces, last].flatMap((piece) => [...piece]));
    assertEquals(pending.length, 0);
  }));
});

test("PendingBytes.append() copies", () => {
  const buffer = Uint8Array.of(1);
  const pending = new PendingBytes();
  pending.append(buffer);
  buffer[0] = 2;
  assertEquals(pending.takeWith(new Uint8Array()), Uint8Array.of(1));
});

test("PendingBytes.takeWith() copies nothing when nothing is pending", () => {
  const last = Uint8Array.of(1);
  assertStrictEquals(new PendingBytes().takeWith(last), last);
});
