import { Block } from "../../lib/block.ts";
import { assert, assertEquals, assertFalse } from "@std/assert";
import { bytesBesideCell, cellBytes, Cells } from "../../lib/locations/cells.ts";
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

Deno.test({
  name: "Cells.bytesBeside is what long lines take, and nothing once they are short or gone",
  permissions: "none",
  fn() {
    const cells = new Cells();
    const sizes = [60, cellBytes, cellBytes + 1, 125, 300, 1_400];
    for (const bytes of sizes) cells.write(cells.add(), recordLine(lineOfBytes(bytes)));
    const beside = sizes.reduce((sum, bytes) => sum + bytesBesideCell(bytes), 0);
    assertEquals(cells.bytesBeside, beside);
    assertEquals([cellBytes, cellBytes + 1, 125].map(bytesBesideCell), [0, 48, 48]);
    sizes.forEach((_, number) => {
      if (number % 2 === 0) cells.free(number);
      else cells.write(number, recordLine(lineOfBytes(60)));
    });
    assertEquals(cells.bytesBeside, 0);
  },
});

Deno.test({
  name: "Cells tell IDs apart that reach beyond a long line's head, and differ there only",
  permissions: "none",
  fn() {
    const cells = new Cells();
    for (const length of [50, 68, 69, 70, 71, 72, 113, 114, 115, 200, 1_024]) {
      const id = "k".repeat(length);
      const number = cells.add();
      cells.write(number, recordLine(atLine({ id, time: "1621464827.959498503" })));
      assert(cells.hasId(number, bytesOf(id), 0, length), `${length} bytes`);
      for (const at of [0, length - 1]) {
        const other = bytesOf(id);
        other[at]!++;
        assertFalse(cells.hasId(number, other, 0, length), `${length} bytes, at ${at}`);
      }
    }
  },
});
