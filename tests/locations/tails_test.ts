import { assertEquals } from "@std/assert";
import { Block } from "../../lib/block.ts";
import { tailBytes, Tails } from "../../lib/locations/tails.ts";
import { seededRandom } from "../seeded_random.ts";

/** A tail of so many bytes, and what they are. */
function addTail(tails: Tails, length: number, begin: number) {
  const source = new Block(3 + length);
  source.bytes.forEach((_, at) => source.bytes[at] = begin + at);
  return { tail: tails.add(source.view, 3, 3 + length), bytes: source.bytes.slice(3) };
}

function copyOf(tails: Tails, tail: number, length: number): Uint8Array {
  const target = new Block(5 + length);
  assertEquals(tails.copy(tail, length, target.view, 5), 5 + length);
  return target.bytes.slice(5);
}

Deno.test({
  name: "Tails keep bytes of any length, whatever was given up and kept meanwhile",
  permissions: "none",
  fn() {
    const random = seededRandom(1);
    const tails = new Tails();
    const kept: ReturnType<typeof addTail>[] = [];
    for (let round = 0; round < 5_000; round++) {
      const length = 1 + Math.floor(random.fraction() ** 3 * 600);
      kept.push(addTail(tails, length, round));
      if (random.fraction() < 0.4) {
        const [{ tail }] = kept.splice(Math.floor(random.fraction() * kept.length), 1) as [
          typeof kept[number],
        ];
        tails.free(tail);
      }
    }
    for (const { tail, bytes } of kept) assertEquals(copyOf(tails, tail, bytes.length), bytes);
    const bytes = kept.reduce((sum, { bytes }) => sum + tailBytes(bytes.length), 0);
    assertEquals(tails.bytes, bytes);
    for (const { tail } of kept) tails.free(tail);
    assertEquals(tails.bytes, 0);
  },
});

Deno.test({
  name: "Tails use again what was given up, for tails of another length too",
  permissions: "none",
  fn() {
    const tails = new Tails();
    const first = addTail(tails, 440, 0).tail;
    const numbers = new Set<number>();
    tails.free(first);
    for (let count = 0; count < 10; count++) numbers.add(addTail(tails, 44, count).tail);
    assertEquals([...numbers].toSorted((one, other) => one - other), [
      0,
      1,
      2,
      3,
      4,
      5,
      6,
      7,
      8,
      9,
    ]);
  },
});
