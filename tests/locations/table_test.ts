import { Block } from "../../lib/block.ts";
import { assert, assertEquals, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import { clientBytes } from "../../lib/limits.ts";
import { cellBytes } from "../../lib/locations/cells.ts";
import { none, Table } from "../../lib/locations/table.ts";
import { bytesOf, textOf } from "../../lib/protocol/ascii.ts";
import { nanosecondsOf } from "../protocol/reference.ts";
import { seededRandom } from "../seeded_random.ts";
import { atLine, lineOf, recordLine } from "./lines.ts";

/** A line too long for a cell. */
const longLine = (id: string, time: string, nameBytes = 200) =>
  atLine({ id, time, server: "C".repeat(nameBytes) });

/** The order of all records, said another way. */
function isGreater(one: string, other: string): boolean {
  const time = (line: string) => nanosecondsOf(line.split(" ")[5]!);
  if (time(one) !== time(other)) return time(one) > time(other);
  return one > other;
}

/** The table as a map of strings. */
class Model {
  readonly lines = new Map<string, string>();
  readonly numbers = new Map<string, number>();

  take(kind: "report" | "merge", line: string, isNew: boolean): void {
    const id = line.split(" ")[3]!;
    const known = this.lines.get(id);
    const time = (line: string) => nanosecondsOf(line.split(" ")[5]!);
    const isNews = known === undefined ||
      (kind === "report" ? time(line) > time(known) : isGreater(line, known));
    assertEquals(isNew, isNews, `${kind} ${line} after ${known}`);
    if (isNews) this.lines.set(id, line);
  }
}

const id = fc.oneof(
  fc.constantFrom("a", "b", "c", "\xff\xa0", "kiwi.cs.ucla.edu"),
  fc.integer({ min: 1, max: 3 }).map((length) => "long".repeat(length * 30)),
);
const time = fc.constantFrom(
  "0",
  "1",
  "1.0",
  "01",
  "1.5",
  "1.500000000",
  "1.5000000001",
  "1.5000000002",
  "1.500000001",
  "2",
  "1621464827.959498503",
  "9007199254740991",
  "9007199254740992",
  "9007199254740993",
  "9007199254740993.5",
  "90071992547409930",
  "09007199254740993",
  "9".repeat(60),
  "9".repeat(61),
  "9".repeat(63),
  "9".repeat(64),
  `1${"0".repeat(63)}`,
);
const line = fc.record({
  id,
  time,
  server: fc.constantFrom("Clark", "Bona", "Bailey"),
  difference: fc.constantFrom("+0.250000000", "-0.250000000", "+10.000000000"),
  location: fc.constantFrom("+34-118", "+34.0-118", `+1.${"0".repeat(58)}-2`),
}).map(atLine);

Deno.test({
  name: "Table does what a map of lines does, whatever is reported and merged",
  permissions: "none",
  fn() {
    const step = fc.tuple(fc.constantFrom("report" as const, "merge" as const), line);
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const table = new Table();
        const model = new Model();
        for (const [kind, line] of steps) {
          const number = table[kind](recordLine(line));
          model.take(kind, line, number !== none);
          if (number === none) continue;
          const id = line.split(" ")[3]!;
          assertEquals(model.numbers.get(id) ?? number, number, "the number has changed");
          model.numbers.set(id, number);
        }
        assertEquals(table.size, model.lines.size);
        for (const [id, line] of model.lines) assertEquals(lineOf(table, id), line);
      }),
      { numRuns: 300 },
    );
  },
});

Deno.test({
  name: "Table.merge() comes to the same records whatever the order in which they come",
  permissions: "none",
  fn() {
    const orders = fc.array(line, { minLength: 1, maxLength: 30 }).chain((lines) =>
      fc.tuple(fc.constant(lines), fc.shuffledSubarray(lines, { minLength: lines.length }))
    );
    fc.assert(
      fc.property(orders, ([one, other]) => {
        const tables = [one, other].map((lines) => {
          const table = new Table();
          for (const line of lines) table.merge(recordLine(line));
          return table;
        });
        for (const line of one) {
          const [id] = line.split(" ").slice(3);
          assertEquals(lineOf(tables[0]!, id!), lineOf(tables[1]!, id!));
        }
      }),
      { numRuns: 500 },
    );
  },
});

Deno.test({
  name:
    "Table.report() and merge() on different servers come to the same once each has the other's",
  permissions: "none",
  fn() {
    const servers = fc.array(fc.array(line, { maxLength: 8 }), { minLength: 2, maxLength: 4 });
    fc.assert(
      fc.property(servers, (reports) => {
        const tables = reports.map(() => new Table());
        const ids = new Set<string>();
        reports.forEach((lines, server) => {
          for (const line of lines) {
            tables[server]!.report(recordLine(line));
            ids.add(line.split(" ")[3]!);
          }
        });
        const records = tables.flatMap((table) => [...ids].map((id) => lineOf(table, id)));
        for (const table of tables) {
          for (const line of records) if (line !== null) table.merge(recordLine(line));
        }
        for (const id of ids) {
          const lines = new Set(tables.map((table) => lineOf(table, id)));
          assertEquals(lines.size, 1, `${[...lines].join(" | ")}`);
        }
      }),
      { numRuns: 300 },
    );
  },
});

Deno.test({
  name: "Table.report() changes nothing at the same time, from wherever and in whatever digits",
  permissions: "none",
  fn() {
    const table = new Table();
    const first = atLine({ id: "k", time: "1.5" });
    assertNotEquals(table.report(recordLine(first)), none);
    for (const time of ["1.5", "1.50", "01.5", "1.5000000009", "1.4", "0"]) {
      const line = atLine({ id: "k", time, server: "Zuse", location: "+89+179" });
      assertEquals(table.report(recordLine(line)), none, time);
    }
    assertEquals(lineOf(table, "k"), first);
    assertNotEquals(table.report(recordLine(atLine({ id: "k", time: "1.500000001" }))), none);
  },
});

Deno.test({
  name: "Table.merge() settles equal times by the bytes of the line",
  permissions: "none",
  fn() {
    const [lesser, greater] = [
      atLine({ id: "k", time: "1", server: "Bona", location: "+80-118" }),
      atLine({ id: "k", time: "1", server: "Clark", location: "+10-118" }),
    ];
    for (const lines of [[lesser, greater], [greater, lesser], [greater, lesser, greater]]) {
      const table = new Table();
      for (const line of lines) table.merge(recordLine(line));
      assertEquals(lineOf(table, "k"), greater);
    }
    const table = new Table();
    table.merge(recordLine(greater));
    assertEquals(table.merge(recordLine(greater)), none, "the same record again is no news");
  },
});

Deno.test({
  name: "Table.merge() orders bytes as numbers from 0 to 255, and a beginning before the whole",
  permissions: "none",
  fn() {
    const table = new Table();
    const [low, high] = ["z", "\xe9"].map((server) => atLine({ id: "k", time: "1", server }));
    table.merge(recordLine(high!));
    assertEquals(table.merge(recordLine(low!)), none);
    const longer = atLine({ id: "k", time: "1.0", server: "\xe9" });
    assertNotEquals(table.merge(recordLine(longer)), none);
    assertEquals(table.merge(recordLine(high!)), none);
  },
});

Deno.test({
  name: "Table.merge() compares times exactly, up to the longest that there may be",
  permissions: "none",
  fn() {
    const [zeros, nines] = ["0".repeat(53), "9".repeat(53)];
    const rising = [
      "0",
      "0.000000001",
      "9007199254740991.999999999",
      "9007199254740992",
      "9007199254740993",
      "9007199254740993.000000001",
      "9007199254740994",
      nines,
      `0001${zeros}`,
      `1${zeros}.000000001`,
      `2${zeros}`,
    ];
    const table = new Table();
    for (const time of rising) {
      const line = atLine({ id: "k", time });
      assertNotEquals(table.report(recordLine(line)), none, time);
      for (const earlier of rising.slice(0, rising.indexOf(time) + 1)) {
        assertEquals(table.report(recordLine(atLine({ id: "k", time: earlier }))), none, earlier);
      }
    }
  },
});

Deno.test({
  name: "Table keeps lines around the size of a cell, replaced by longer and shorter ones",
  permissions: "none",
  fn() {
    const table = new Table();
    const short = atLine({ id: "k", time: "1" }).length;
    const lengths = [0, 1, -1, 50, -20, 0, 5_000, 1, 60_000, 0, 250 - cellBytes, 255 - cellBytes];
    lengths.forEach((beyond, at) => {
      const time = String(at + 1);
      const nameBytes = "Clark".length + cellBytes + beyond - short - time.length + 1;
      const line = longLine("k", time, nameBytes);
      assertEquals(line.length, cellBytes + beyond);
      const number = table.report(recordLine(line));
      assertEquals(number, 0);
      assertEquals(lineOf(table, "k"), line);
      assertEquals(table.lineBytes(number), line.length);
      const target = new Block(line.length + 4);
      assertEquals(table.copyLine(number, target, 2), line.length + 2);
      assertEquals(textOf(target.bytes.subarray(0, -2)), `\0\0${line}`);
    });
    assertEquals(table.size, 1);
  },
});

Deno.test({
  name: "Table.find() finds an ID that is longer than a cell, and no other like it",
  permissions: "none",
  fn() {
    const table = new Table();
    const ids = ["x".repeat(500), "x".repeat(501), `${"x".repeat(499)}y`];
    ids.forEach((id, at) => {
      assertEquals(lineOf(table, id, 1), null);
      assertEquals(table.merge(recordLine(atLine({ id, time: "1" }), 1)), at);
    });
    ids.forEach((id) => assertEquals(lineOf(table, id, 1), atLine({ id, time: "1" })));
  },
});

Deno.test({
  name: "Table.line() gives a copy, which later records do not change",
  permissions: "none",
  fn() {
    const table = new Table();
    const number = table.report(recordLine(atLine({ id: "k", time: "1" })));
    const line = table.line(number);
    table.report(recordLine(atLine({ id: "k", time: "2" })));
    assertEquals(textOf(line), atLine({ id: "k", time: "1" }));
    line.fill(0);
    assertEquals(lineOf(table, "k"), atLine({ id: "k", time: "2" }));
  },
});

Deno.test({
  name: "Table keeps what was scanned even when the array is used for the next line",
  permissions: "none",
  fn() {
    const table = new Table();
    for (const line of [atLine({ id: "k", time: "1" }), longLine("l", "1")]) {
      const record = recordLine(line);
      table.merge(record);
      record.bytes.fill(0x21);
    }
    assertEquals(lineOf(table, "k"), atLine({ id: "k", time: "1" }));
    assertEquals(lineOf(table, "l"), longLine("l", "1"));
  },
});

Deno.test({
  name: "Table keeps clients apart whose IDs have the same hash",
  permissions: "none",
  fn() {
    for (const hash of [0, 1, -1, 0x7fffffff, -0x80000000]) {
      const table = new Table();
      const ids = Array.from({ length: 300 }, (_, at) => `client-${at}`);
      for (const time of ["1", "2"]) {
        for (const id of ids) {
          assertNotEquals(table.report(recordLine(atLine({ id, time }), hash)), none);
        }
      }
      assertEquals(table.size, ids.length);
      for (const id of ids) assertEquals(lineOf(table, id, hash), atLine({ id, time: "2" }));
      assertEquals(lineOf(table, "nobody", hash), null);
    }
  },
});

Deno.test({
  name: "Table grows to 200 000 clients, each with its own number, line and latest record",
  permissions: "none",
  fn() {
    const table = new Table();
    const random = seededRandom(7);
    const count = 200_000;
    const times = new Uint32Array(count).fill(1);
    const idOf = (number: number) => `c${number * 7919}.example`;
    const put = (client: number) =>
      table.merge(recordLine(atLine({ id: idOf(client), time: String(times[client]) })));
    for (let client = 0; client < count; client++) assertEquals(put(client), client);
    assertEquals(table.size, count);
    for (let move = 0; move < 50_000; move++) {
      const client = Math.floor(random.fraction() * count);
      times[client]!++;
      if (put(client) !== client) throw new Error(`${idOf(client)} has another number`);
    }
    for (let client = 0; client < count; client++) {
      const expected = atLine({ id: idOf(client), time: String(times[client]) });
      if (textOf(table.line(client)) !== expected) {
        assertEquals(lineOf(table, idOf(client)), expected);
      }
    }
    assert(lineOf(table, idOf(count)) === null && lineOf(table, "c") === null);
    assertEquals(bytesOf(lineOf(table, idOf(count - 1))!).length, table.lineBytes(count - 1));
  },
});

Deno.test({
  name: "Table takes no new client beyond clientsMax, and every record of those it knows",
  permissions: "none",
  fn() {
    const table = new Table();
    table.clientsMax = 3;
    const report = (id: string, time = "1") => table.report(recordLine(atLine({ id, time })));
    assertEquals(["a", "b", "c"].map((id) => report(id)), [0, 1, 2]);
    assertEquals([report("d"), table.merge(recordLine(atLine({ id: "e", time: "1" })))], [-2, -2]);
    assertEquals([table.size, table.refused, lineOf(table, "d")], [3, 2, null]);
    assertEquals([report("a", "2"), report("a", "1")], [0, none]);
    assertEquals(table.merge(recordLine(atLine({ id: "b", time: "2" }))), 1);
    table.forget(1);
    assertEquals([report("d"), report("e")], [1, -2]);
  },
});

Deno.test({
  name: "Table counts long IDs by their bytes, and takes as many with 60 bytes as with one",
  permissions: "none",
  fn() {
    for (
      const [idBytes, clients] of [[1, 1_000], [36, 1_000], [60, 1_000], [1_024, 195]] as const
    ) {
      const table = new Table();
      table.clientsMax = 1_000;
      for (let count = 0; count < 1_100; count++) {
        const id = String(count).padStart(idBytes, "k");
        table.report(recordLine(atLine({ id, time: "1621464827.959498503" })));
      }
      assertEquals(table.size, clients, `IDs of ${idBytes} bytes`);
      assert(table.bytes <= table.clientsMax * clientBytes);
    }
  },
});

Deno.test({
  name: "Table refuses a longer record of a client it knows only where memory would be exceeded",
  permissions: "none",
  fn() {
    const table = new Table();
    table.clientsMax = 2;
    /** Reports in a line of so many bytes. */
    const report = (name: string, time: string, bytes: number) => {
      const id = name.repeat(60);
      const more = bytes - atLine({ id, time: `${time}.0`, location: "+1-1." }).length;
      const [digits, zeros] = [Math.min(more, 59), Math.max(0, more - 59)];
      const location = `+1-1.${"0".repeat(digits)}`;
      const line = atLine({ id, time: `${time}.0${"0".repeat(zeros)}`, location });
      assertEquals(line.length, bytes);
      return table.report(recordLine(line));
    };
    for (const name of ["a", "b"]) report(name, "1", 100);
    assertEquals(report("a", "2", 130), 0);
    assertEquals(report("b", "2", 130), 1);
    assertEquals([report("a", "3", 180), table.refused], [-2, 1]);
    assertEquals(report("a", "4", 120), 0);
    assertEquals(report("b", "5", 100), 1);
    assertEquals(report("a", "6", 180), 0, "what b gave up is there for a");
  },
});
