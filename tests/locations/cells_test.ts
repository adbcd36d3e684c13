import { Block } from "../../lib/block.ts";
import { assert, assertEquals, assertFalse } from "@std/assert";
import { cellBytes, Cells } from "../../lib/locations/cells.ts";
import { bytesOf } from "../../lib/protocol/ascii.ts";
import { atLine, recordLine } from "./lines.ts";

const lineBytes = atLine({ id: "k", time: "1" }).length;

/** A line of so many bytes. */
function lineOfBytes(bytes: number): string {
  return atLine({ id: "k", time: "1", server: "Clark".padEnd(5 + bytes - lineBytes, "k") });
}

Deno.test({
  name: "Cells.add() gives numbers from 0, over the borders of chunks",
  permissions: "none",
  fn() {
    const cells = new Cells();
    for (let number = 0; number < 10_000; number++) assertEquals(cells.add(), number);
    assertEquals(cells.count, 10_000);
  },
});

Deno.test({
  name: "Cells.write() leaves the neighbouring cells alone, at the size of a cell and beyond",
  permissions: "none",
  fn() {
    const cells = new Cells();
    for (let number = 0; number < 3; number++) {
      cells.write(cells.add(), recordLine(lineOfBytes(60)));
    }
    for (const bytes of [cellBytes - 1, cellBytes, cellBytes + 1, 3 * cellBytes, 255, 256, 60]) {
      cells.write(1, recordLine(lineOfBytes(bytes)));
      assertEquals([0, 1, 2].map((number) => cells.length(number)), [60, bytes, 60]);
      const lines = [0, 1, 2].map((number) => {
        const target = new Block(cells.length(number));
        assertEquals(cells.copy(number, target, 0), target.size);
        return target.bytes;
      });
      assertEquals(lines, [60, bytes, 60].map((bytes) => bytesOf(lineOfBytes(bytes))));
    }
  },
});

Deno.test({
  name: "Cells tell a record's hash, time and ID, whether its line fits or not",
  permissions: "none",
  fn() {
    const cells = new Cells();
    const number = cells.add();
    for (const id of ["kiwi", "k".repeat(200), "wiki"]) {
      const time = `${id.length}.000000009`;
      cells.write(number, recordLine(atLine({ id, time }), -5));
      assertEquals([cells.hash(number), cells.seconds(number)], [-5, id.length]);
      assertEquals(cells.nanoseconds(number), 9);
      assert(cells.hasId(number, bytesOf(` ${id} `), 1, 1 + id.length));
      assertFalse(cells.hasId(number, bytesOf(id), 0, id.length - 1));
      assertFalse(cells.hasId(number, bytesOf(`${id}x`), 0, id.length + 1));
      assertFalse(cells.hasId(number, bytesOf(`${id.slice(1)}x`), 0, id.length));
    }
  },
});
