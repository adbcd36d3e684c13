import { assertEquals } from "@std/assert";
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
      (_, at) => [`c${at}`, 15 + 16 * at] as [string, number],
    );
    const index = indexOf(clients);
    clients.forEach(([id, hash], at) => assertEquals(find(index, id, hash), at));
    assertEquals(find(index, "c9", 15 + 16 * 9), -1);
  },
});

Deno.test({
  name: "IdIndex.add() grows each part alone, for hashes of either sign",
  permissions: "none",
  fn() {
    for (const upper of [0, 0x7f000000, 0x80000000 | 0, 0xff000000 | 0]) {
      const clients = Array.from(
        { length: 500 },
        (_, at) => [`c${at}`, upper | ((at * 37) & 0xfff)] as [string, number],
      );
      const index = indexOf(clients);
      clients.forEach(([id, hash], at) => assertEquals(find(index, id, hash), at));
    }
  },
});
