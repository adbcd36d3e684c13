import { assertEquals, assertMatch, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import { placeId } from "../../../lib/places/gazetteer/place_id.ts";
import { referenceId } from "./reference.ts";

const royce = { name: "Royce Hall", latitude: 34.0729, longitude: -118.4422, twins: 0 };

function test(name: string, fn: () => Promise<void> | void): void {
  Deno.test({ name, permissions: "none", fn });
}

test("placeId() is the same for ever", () => {
  assertEquals(placeId(royce), "mVFbHupTdbdYUIIofxXh");
});

test("placeId() depends on name, position and twins", () => {
  for (const change of [{ name: "Royce" }, { latitude: 34 }, { longitude: -118 }, { twins: 1 }]) {
    assertNotEquals(placeId({ ...royce, ...change }), placeId(royce));
  }
});

test("placeId() is one word of 20 characters, the runtime's SHA-256, for any name", async () => {
  const name = fc.string({ unit: "binary" });
  await fc.assert(fc.asyncProperty(name, fc.nat(9), async (name, twins) => {
    const id = placeId({ ...royce, name, twins });
    assertMatch(id, /^[\w-]{20}$/);
    assertEquals(id, await referenceId({ ...royce, name, twins }));
  }));
});
