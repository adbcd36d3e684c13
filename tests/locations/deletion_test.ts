import { assert, assertEquals, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import { deleteClient } from "../../lib/locations/deletion.ts";
import { none, Table } from "../../lib/locations/table.ts";
import { bytesOf } from "../../lib/protocol/ascii.ts";
import { atLine, lineOf, recordLine, seed } from "./lines.ts";

const permissions = "none";
const nowS = 1_621_464_828;

function forget(table: Table, id: string, now = { seconds: nowS, nanoseconds: 5 }): number {
  return deleteClient(table, bytesOf(id), { server: "Bona", hashSeed: seed, now });
}

Deno.test({
  name: "deleteClient() puts a tombstone of now in the place of an older record, and tells it",
  permissions,
  fn() {
    const table = new Table();
    const number = table.report(recordLine(atLine({ id: "kiwi", time: "1621464827.9" })));
    const told: number[] = [];
    table.news.add({ mark: (number) => told.push(number) });
    assertEquals(forget(table, "kiwi"), number);
    assertEquals(lineOf(table, "kiwi"), "AT Bona +0.000000000 kiwi - 1621464828.000000005");
    assertEquals([table.size, table.clients, told], [1, 0, [number]]);
    assert(table.isTombstone(number));
  },
});

Deno.test({
  name: "deleteClient() is later than the record it deletes, however far ahead that is",
  permissions,
  fn() {
    for (
      const [time, tombstone] of [
        ["1621464828.000000005", "1621464828.000000006"],
        ["1621464999.9999999999", "1621465000.000000000"],
        ["99999999999999999999.5", "99999999999999999999.500000001"],
      ] as const
    ) {
      const table = new Table();
      table.report(recordLine(atLine({ id: "k", time })));
      assertNotEquals(forget(table, "k"), none);
      assertEquals(lineOf(table, "k"), `AT Bona +0.000000000 k - ${tombstone}`);
    }
  },
});

Deno.test({
  name: "deleteClient() of a client that is unknown or deleted already changes nothing",
  permissions,
  fn() {
    const table = new Table();
    assertEquals(forget(table, "kiwi"), none);
    table.report(recordLine(atLine({ id: "kiwi", time: "1" })));
    forget(table, "kiwi");
    assertEquals(forget(table, "kiwi", { seconds: nowS + 9, nanoseconds: 0 }), none);
    assertEquals(lineOf(table, "kiwi"), "AT Bona +0.000000000 kiwi - 1621464828.000000005");
  },
});

Deno.test({
  name: "deleteClient(): an older report stays without effect, a later one brings the client back",
  permissions,
  fn() {
    const table = new Table();
    table.report(recordLine(atLine({ id: "kiwi", time: "1" })));
    forget(table, "kiwi");
    assertEquals(table.report(recordLine(atLine({ id: "kiwi", time: "1621464828" }))), none);
    assertEquals(table.clients, 0);
    const later = atLine({ id: "kiwi", time: "1621464828.1" });
    assertNotEquals(table.report(recordLine(later)), none);
    assertEquals([lineOf(table, "kiwi"), table.clients], [later, 1]);
  },
});

Deno.test({
  name: "Table.merge() of records and tombstones comes to the same in every order",
  permissions,
  fn() {
    const line = fc.record({
      id: fc.constantFrom("a", "b"),
      time: fc.constantFrom("1", "2", "2.000000001", "3"),
      server: fc.constantFrom("Bona", "Clark"),
      location: fc.constantFrom("-", "+1+2", "-1-2"),
    }).map(atLine);
    const orders = fc.array(line, { minLength: 1, maxLength: 12 }).chain((lines) =>
      fc.tuple(fc.constant(lines), fc.shuffledSubarray(lines, { minLength: lines.length }))
    );
    fc.assert(
      fc.property(orders, ([one, other]) => {
        const [first, second] = [one, other].map((lines) => {
          const table = new Table();
          for (const line of lines) table.merge(recordLine(line));
          return table;
        }) as [Table, Table];
        for (const id of ["a", "b"]) assertEquals(lineOf(first, id), lineOf(second, id));
        assertEquals(first.clients, second.clients);
        const alive = ["a", "b"].map((id) => lineOf(first, id)).filter((line) =>
          line !== null && line.split(" ")[4] !== "-"
        );
        assertEquals(first.clients, alive.length);
      }),
      { numRuns: 500 },
    );
  },
});

Deno.test({
  name: "Table takes no tombstone of before forgetTombstonesBefore, and other records still",
  permissions,
  fn() {
    const table = new Table();
    table.forgetTombstonesBefore = 10;
    assertEquals(table.merge(recordLine(atLine({ id: "k", time: "9", location: "-" }))), none);
    assertNotEquals(table.merge(recordLine(atLine({ id: "k", time: "9" }))), none);
    assertNotEquals(table.merge(recordLine(atLine({ id: "k", time: "10", location: "-" }))), none);
    assertEquals(table.clients, 0);
    table.forget(table.find({ bytes: bytesOf("k"), start: 0, end: 1 }, hashOf("k")));
    assertEquals([table.size, table.clients], [0, 0]);
  },
});

function hashOf(id: string): number {
  return recordLine(atLine({ id, time: "1" })).fields.idHash;
}
