import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { Cells } from "../../lib/locations/cells.ts";
import { IdIndex } from "../../lib/locations/id_index.ts";
import { bytesOf } from "../../lib/protocol/ascii.ts";
import { atLine, recordLine } from "./lines.ts";

/** An index of clients with hashes of the test's choice. */
function indexOf(clients: readonly [id: string, hash: number][]): IdIndex {
  const cells = new Cells();
  const index = new IdIndex(cells);
  for (const [id, hash] of clients) {
    const number = cells.add();
    cells.write(number, recordLine(atLine({ id, time: "1" }), hash));
    index.add(number);
  }
  return index;
}

function find(index: IdIndex, id: string, hash: number): number {
  return index.find({ bytes: bytesOf(`<${id}>`), start: 1, end: 1 + id.length }, hash);
}

Deno.test({
  name: "IdIndex.find() says -1 for an ID that is not in it, even with a hash that is",
  permissions: "none",
  fn() {
    const index = indexOf([["kiwi", 5]]);
    assertEquals(find(index, "kiwi", 5), 0);
    for (const id of ["kiw", "kiwi2", "KIWI", ""]) assertEquals(find(index, id, 5), -1);
    assertEquals(find(index, "kiwi", 6), -1);
  },
});

Deno.test({
  name: "IdIndex.find() goes on from the last slot to the first",
  permissions: "none",
  fn() {
    const clients = Array.from(
      { length: 9 },
      (_, at) => [`c${at}`, 1023 + 1024 * at] as [string, number],
    );
    const index = indexOf(clients);
    clients.forEach(([id, hash], at) => assertEquals(find(index, id, hash), at));
    assertEquals(find(index, "c9", 1023 + 1024 * 9), -1);
  },
});

Deno.test({
  name: "IdIndex.add() grows as often as it must, for hashes of either sign",
  permissions: "none",
  fn() {
    for (const upper of [0, 0x7f000000, 0x80000000 | 0, 0xff000000 | 0]) {
      const clients = Array.from(
        { length: 5_000 },
        (_, at) => [`c${at}`, upper | ((at * 37) & 0xffff)] as [string, number],
      );
      const index = indexOf(clients);
      clients.forEach(([id, hash], at) => assertEquals(find(index, id, hash), at));
    }
  },
});

Deno.test({
  name: "IdIndex.remove() takes a number out while it is being moved over, for good",
  permissions: "none",
  fn() {
    const hashOf = (client: number) => Math.imul(client, 0x9e3779b1);
    // The index has just been outgrown when it has so many.
    for (const count of [683, 684, 720, 760]) {
      const cells = new Cells();
      const index = new IdIndex(cells);
      const add = (client: number) => {
        const number = cells.add();
        cells.write(number, recordLine(atLine({ id: `c${client}`, time: "1" }), hashOf(client)));
        index.add(number);
      };
      const isThere = (client: number) => find(index, `c${client}`, hashOf(client)) === client;
      for (let client = 0; client < count; client++) add(client);
      for (let client = 0; client < count; client += 3) index.remove(client);
      const check = () => {
        for (let client = 0; client < count; client++) {
          assertEquals(isThere(client), client % 3 !== 0);
        }
      };
      check();
      for (let client = count; client < 900; client++) add(client);
      check();
    }
  },
});

Deno.test({
  name: "IdIndex does what a map does, whatever is added and removed while it grows",
  permissions: "none",
  fn() {
    // Few hashes, so that clients stand in each other's way; enough clients for three growths.
    const step = fc.record({ client: fc.nat(9_999), burst: fc.nat(400), remove: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step, { minLength: 20, maxLength: 60 }), fc.nat(), (steps, salt) => {
        const cells = new Cells();
        const index = new IdIndex(cells);
        const numbers = new Map<number, number>();
        const hashOf = (client: number) => Math.imul((client >> 2) ^ salt, 0x9e3779b1);
        for (const { client: first, burst, remove } of steps) {
          for (let client = first; client <= first + burst; client++) {
            const known = numbers.get(client);
            if (!remove && known === undefined) {
              const number = cells.add();
              const line = atLine({ id: `c${client}`, time: "1" });
              cells.write(number, recordLine(line, hashOf(client)));
              index.add(number);
              numbers.set(client, number);
            } else if (remove && known !== undefined) {
              index.remove(known);
              cells.free(known);
              numbers.delete(client);
            }
          }
        }
        for (let client = 0; client < 10_400; client++) {
          assertEquals(find(index, `c${client}`, hashOf(client)), numbers.get(client) ?? -1);
        }
      }),
      { numRuns: 25 },
    );
  },
});
