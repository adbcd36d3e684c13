import { Block } from "../../lib/block.ts";
import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { bytesOf, textOf } from "../../lib/protocol/ascii.ts";
import {
  atBytesMax,
  locationOf,
  malformed,
  scanAt,
  timeSpan,
  tooLong,
  writeAt,
} from "../../lib/protocol/at.ts";
import { scanIamat } from "../../lib/protocol/command.ts";
import { RecordFields } from "../../lib/protocol/record.ts";
import type { Stamp } from "../../lib/protocol/posix_time.ts";
import { fed } from "../feeding.ts";
import { nearlyCommands } from "./reference.ts";

const example = "AT Clark +0.263873386 kiwi.cs.ucla.edu +34.068930-118.445127 1621464827.959498503";

/** Field by field what a record's line holds. */
function recordOf(bytes: Uint8Array, start: number, fields: RecordFields, nameEnd: number) {
  const text = (from: number, to: number) => textOf(bytes.subarray(from, to));
  return {
    server: text(start + 3, nameEnd),
    difference: text(nameEnd + 1, fields.idStart - 1),
    id: text(fields.idStart, fields.idEnd),
    location: text(fields.locationStart, fields.locationEnd),
    time: text(fields.timeStart, fields.timeEnd),
    seconds: fields.seconds,
    nanoseconds: fields.nanoseconds,
    hash: fields.idHash,
    length: fields.lineEnd - start,
  };
}

function scanned(line: string) {
  return fed(line, ({ bytes, start }) => {
    const fields = new RecordFields(5);
    const nameEnd = scanAt(bytes, start, fields);
    return nameEnd < 0 ? null : recordOf(bytes, start, fields, nameEnd);
  });
}

/** The `AT` line for an IAMAT, at an odd place of its array, and its fields there. */
function written(report: string, received: Stamp, name = "Clark") {
  const block = Block.of(bytesOf(`${report}\n`));
  const fields = new RecordFields(5);
  assert(scanIamat(block.bytes, 0, fields), report);
  const prefix = Block.of(bytesOf(`AT ${name} `));
  const target = new Block(7 + atBytesMax(fields, prefix.size));
  const record = new RecordFields();
  const end = writeAt(block, fields, { prefix, received, target, at: 7, record });
  assert(end < target.size, "no room for the newline");
  return { target: target.bytes, end, record, line: textOf(target.bytes.subarray(7, end)) };
}

const id = fc.uint8Array({ minLength: 1, maxLength: 300 })
  .map((bytes) => textOf(bytes).replace(/[ \t\n\v\f\r]/g, "_"));
const location = fc.stringMatching(
  /^[+-][0-8]?[0-9](\.[0-9]{0,30})?[+-]1?[0-7]?[0-9](\.[0-9]{0,22})?$/,
);
const time = fc.stringMatching(/^[0-9]{1,40}(\.[0-9]{1,23})?$/);
const received = fc.record({
  seconds: fc.integer({ min: 0, max: 4e9 }),
  nanoseconds: fc.integer({ min: 0, max: 999_999_999 }),
});

Deno.test({
  name: "writeAt() answers the assignment's example",
  permissions: "none",
  fn() {
    const report = "IAMAT kiwi.cs.ucla.edu +34.068930-118.445127 1621464827.959498503";
    const { line } = written(report, { seconds: 1621464828, nanoseconds: 223_371_889 });
    assertEquals(line, example);
  },
});

Deno.test({
  name: "writeAt() copies the client's bytes, one space between them, whatever stood there",
  permissions: "none",
  fn() {
    const report = "\t IAMAT \v caf\xc3\xa9\xa0\xff\f+34." +
      "-118.\r\r0001.50000000001 \t";
    const { line } = written(report, { seconds: 3, nanoseconds: 0 });
    assertEquals(line, "AT Clark +1.500000000 caf\xc3\xa9\xa0\xff +34.-118. 0001.50000000001");
  },
});

Deno.test({
  name: "scanAt() of writeAt() is the same record, whatever the ID, location and time",
  permissions: "none",
  fn() {
    fc.assert(
      fc.property(id, location, time, received, (id, location, time, received) => {
        const at = written(`IAMAT ${id} ${location} ${time}`, received);
        const record = scanned(at.line);
        assert(record !== null, at.line);
        assertEquals([record.id, record.location, record.time], [id, location, time]);
        // The fields that writeAt() gives are those that a neighbour's scan of the line finds.
        assertEquals(recordOf(at.target, 7, at.record, 7 + "AT Clark".length), record);
      }),
      { numRuns: 500 },
    );
  },
});

Deno.test({
  name: "writeAt() gives the fields of the line that it wrote",
  permissions: "none",
  fn() {
    const { target, end, record } = written("IAMAT  k  +1-2  3", { seconds: 3, nanoseconds: 0 });
    const text = (from: number, to: number) => textOf(target.subarray(from, to));
    assertEquals(text(record.idStart, record.idEnd), "k");
    assertEquals(text(record.locationStart, record.locationEnd), "+1-2");
    assertEquals(text(record.timeStart, record.timeEnd), "3");
    assertEquals(record.timeEnd, end);
  },
});

Deno.test({
  name: "scanAt() takes the assignment's example",
  permissions: "none",
  fn() {
    const record = scanned(example);
    assertEquals([record?.server, record?.difference, record?.id, record?.location, record?.time], [
      "Clark",
      "+0.263873386",
      "kiwi.cs.ucla.edu",
      "+34.068930-118.445127",
      "1621464827.959498503",
    ]);
  },
});

Deno.test({
  name: "scanAt() wants one space between fields, none around them, no other white space",
  permissions: "none",
  fn() {
    assert(scanned(example) !== null);
    for (let at = example.indexOf(" "); at >= 0; at = example.indexOf(" ", at + 1)) {
      for (const gap of ["  ", "\t", " \t", "\r", ""]) {
        const line = example.slice(0, at) + gap + example.slice(at + 1);
        assertEquals(scanned(line), null, JSON.stringify(line));
      }
    }
    for (const line of [` ${example}`, `${example} `, `${example}\r`]) {
      assertEquals(scanned(line), null, JSON.stringify(line));
    }
  },
});

Deno.test({
  name: "scanAt() rejects a difference without sign, nine decimals or digits before the point",
  permissions: "none",
  fn() {
    const differences = ["0.263873386", "+0.26387338", "+0.2638733861", "+.263873386", "+0", "+0."];
    for (const difference of [...differences, "", "+-0.263873386", "+0.26387338x", "+1e3", "+"]) {
      assertEquals(scanned(`AT Clark ${difference} k +1-2 3`), null, difference);
    }
    for (const difference of ["-0.263873386", `+${"9".repeat(64)}.000000000`]) {
      assertEquals(scanned(`AT Clark ${difference} k +1-2 3`)?.difference, difference);
    }
  },
});

Deno.test({
  name: "scanAt() takes what a client may say, and tells where a longer record of before ends",
  permissions: "none",
  fn() {
    const scan = (line: string) => {
      const fields = new RecordFields();
      return fed(line, ({ bytes, start }) => {
        const nameEnd = scanAt(bytes, start, fields);
        if (nameEnd === tooLong) assertEquals(fields.lineEnd - start, line.length);
        return nameEnd < 0 ? nameEnd : nameEnd - start;
      });
    };
    const right = "AT Clark".length;
    const record = (id: string, location: string, time: string, difference = "+0") =>
      scan(`AT Clark ${difference}.263873386 ${id} ${location} ${time}`);
    const cases = [
      (more: number) => record("k".repeat(1_024 + more), "+1-2", "3"),
      (more: number) => record("k", "+1-2.".padEnd(64 + more, "0"), "3"),
      (more: number) => record("k", "+1-2", "3".repeat(64 + more)),
      (more: number) => record("k", "+1-2", "3", "-".padEnd(65 + more, "9")),
    ];
    for (const of of cases) {
      assertEquals([of(0), of(1), of(60_000)], [right, tooLong, tooLong]);
    }
    assertEquals(record("k".repeat(1_025), "+91-2", "3"), malformed);
    assertEquals(scan(`AT Clark +0.263873386 ${"k".repeat(1_025)} +1-2 3 `), malformed);
  },
});

Deno.test({
  name: "scanAt() rejects every line that ends too early",
  permissions: "none",
  fn() {
    const line = "AT Clark +0.263873386 kiwi +34-118 1.5";
    for (let length = 0; length < line.length; length++) {
      const cut = line.slice(0, length);
      if (!/ 1(\.5)?$/.test(cut)) assertEquals(scanned(cut), null, cut);
    }
  },
});

Deno.test({
  name: "scanAt() agrees with the reference on 20 000 lines that are nearly commands",
  permissions: "none",
  fn() {
    const form = new RegExp(
      "^AT ([^ \\t\\v\\f\\r]+) [+-][0-9]+\\.[0-9]{9} ([^ \\t\\v\\f\\r]+) ([^ \\t\\v\\f\\r]+) ([0-9]+(\\.[0-9]+)?)$",
    );
    const fields = new RecordFields();
    let taken = 0;
    for (const line of nearlyCommands(20_000, 3)) {
      const match = form.exec(line);
      const isLocation = match !== null &&
        scanIamat(bytesOf(`IAMAT k ${match[3]} 1\n`), 0, new RecordFields());
      const nameEnd = scanAt(bytesOf(`${line}\n`), 0, fields);
      assertEquals(nameEnd, isLocation ? 3 + match[1]!.length : -1, line);
      if (nameEnd > 0) taken++;
    }
    assert(taken > 500, `${taken} of the lines were records`);
  },
});

Deno.test({
  name: "timeSpan() finds the last field of a line, wherever it lies",
  permissions: "none",
  fn() {
    const bytes = bytesOf(`before ${example} behind`);
    const { start, end } = timeSpan({ bytes, start: 7, end: 7 + example.length });
    assertEquals(textOf(bytes.subarray(start, end)), "1621464827.959498503");
  },
});

Deno.test({
  name: "locationOf() gives the client's angles",
  permissions: "none",
  fn() {
    assertEquals(locationOf(bytesOf(example)), { latitude: 34.06893, longitude: -118.445127 });
    const line = bytesOf("AT Clark -1.000000000 +1-2 +34.-118. 3");
    assertEquals(locationOf(line), { latitude: 34, longitude: -118 });
  },
});
