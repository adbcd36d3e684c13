import { assert, assertEquals, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import { bytesOf, textOf } from "../../lib/protocol/ascii.ts";
import { hashId, RecordFields, scanRecord } from "../../lib/protocol/record.ts";
import { fed } from "../feeding.ts";

/** A client ID: any bytes but the six white-space characters. */
const id = fc.uint8Array({ minLength: 1, maxLength: 60 })
  .map((bytes) => textOf(bytes).replace(/[ \t\n\v\f\r]/g, "_"));

Deno.test({
  name: "scanRecord() finds the three fields wherever the line lies",
  permissions: "none",
  fn() {
    const gap = fc.stringMatching(/^[ \t\v\f\r]{1,3}$/);
    fc.assert(fc.property(id, gap, gap, (id, one, two) => {
      const line = `${one}${id}${two}+1.5-2.25${one}3.75${two}`;
      const words = fed(line, ({ bytes, start }) => {
        const fields = new RecordFields(7);
        assert(scanRecord(bytes, start, fields));
        assertEquals(fields.lineEnd, start + line.length);
        assertEquals(fields.idHash, hashId(bytesOf(id), 0, id.length, 7));
        return [
          textOf(bytes.subarray(fields.idStart, fields.idEnd)),
          textOf(bytes.subarray(fields.locationStart, fields.locationEnd)),
          textOf(bytes.subarray(fields.timeStart, fields.timeEnd)),
          fields.seconds,
          fields.nanoseconds,
        ];
      });
      assertEquals(words, [id, "+1.5-2.25", "3.75", 3, 750_000_000]);
    }));
  },
});

Deno.test({
  name: "scanRecord() rejects a line that lacks a field or has one more",
  permissions: "none",
  fn() {
    for (
      const line of ["", " ", " k", " k +1-2", " k 3", " +1-2 3", " k +1-2 3 4", " k +1-2 3 k"]
    ) {
      const scan = ({ bytes, start }: { bytes: Uint8Array; start: number }) =>
        scanRecord(bytes, start, new RecordFields());
      assertEquals(fed(line, scan), false, line);
    }
  },
});

Deno.test({
  name: "hashId() depends on the seed, on each byte and on their order",
  permissions: "none",
  fn() {
    const hash = (text: string, seed = 1) => hashId(bytesOf(text), 0, text.length, seed);
    assertEquals(hash("kiwi"), hash("kiwi"));
    assertNotEquals(hash("kiwi"), hash("kiwi", 2));
    assertNotEquals(hash("kiwi"), hash("wiki"));
    assertNotEquals(hash("kiwi"), hash("kiwi\x00"));
  },
});

Deno.test({
  name: "hashId() spreads IDs that differ in a number only, over parts and over slots",
  permissions: "none",
  fn() {
    const hashes = Array.from({ length: 65_536 }, (_, number) => {
      const id = bytesOf(`client-${number}.example`);
      return hashId(id, 0, id.length, 99);
    });
    for (const place of [(hash: number) => hash >>> 24, (hash: number) => hash & 0xff]) {
      const counts = new Array(256).fill(0);
      for (const hash of hashes) counts[place(hash)]++;
      assert(Math.max(...counts) < 2 * 256, `${Math.max(...counts)} of 65536 in one of 256`);
    }
    assert(new Set(hashes).size > 65_000);
  },
});
