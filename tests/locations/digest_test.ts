import { assertEquals, assertNotEquals } from "@std/assert";
import fc from "fast-check";
import { groupBuckets, groupCount, hashBytes } from "../../lib/locations/digest.ts";
import { none, Table } from "../../lib/locations/table.ts";
import { textOf } from "../../lib/protocol/ascii.ts";
import { atLine, recordLine } from "./lines.ts";

function put(table: Table, id: string, time: number | string): number {
  return table.merge(recordLine(atLine({ id, time: String(time) })));
}

/** All hashes of the groups and of the buckets. */
function hashesOf({ digest }: Table): { groups: Uint8Array; buckets: Uint8Array } {
  const groups = new Uint8Array(groupCount * hashBytes);
  const buckets = new Uint8Array(groupCount * groupBuckets * hashBytes);
  for (let group = 0; group < groupCount; group++) {
    digest.writeGroup(group, groups, group * hashBytes);
    digest.writeBuckets(group, buckets, group * groupBuckets * hashBytes);
  }
  return { groups, buckets };
}

/** How many hashes differ. */
function differences(one: Uint8Array, other: Uint8Array): number {
  let count = 0;
  for (let at = 0; at < one.length; at += hashBytes) {
    const isSame = one.slice(at, at + hashBytes).every((byte, index) => byte === other[at + index]);
    if (!isSame) count++;
  }
  return count;
}

Deno.test({
  name: "Digest of an empty table is zeros, and of a table that was emptied again",
  permissions: "none",
  fn() {
    const table = new Table();
    const zeros = hashesOf(table);
    assertEquals(new Set(zeros.groups), new Set([0]));
    const numbers = Array.from({ length: 500 }, (_, index) => put(table, `k${index}`, 1));
    assertEquals(differences(hashesOf(table).groups, zeros.groups) > 100, true);
    for (const number of numbers) table.forget(number);
    assertEquals(hashesOf(table), zeros);
  },
});

Deno.test({
  name: "Digest is the same for the same records, however they came there (property)",
  permissions: "none",
  fn() {
    const change = fc.record({
      id: fc.integer({ min: 0, max: 30 }).map((index) => `client.${index}`),
      time: fc.nat(5),
      forget: fc.boolean(),
      look: fc.boolean(),
    });
    fc.assert(fc.property(fc.array(change, { maxLength: 80 }), (changes) => {
      const table = new Table();
      const numbers = new Map<string, number>();
      for (const { id, time, forget, look } of changes) {
        const number = put(table, id, time);
        if (number !== none) numbers.set(id, number);
        if (forget && numbers.has(id)) {
          table.forget(numbers.get(id)!);
          numbers.delete(id);
        }
        if (look) hashesOf(table);
      }
      const fresh = new Table();
      for (const number of [...numbers.values()].sort((a, b) => b - a)) {
        fresh.merge(recordLine(textOf(table.line(number))));
      }
      assertEquals(hashesOf(table), hashesOf(fresh));
    }));
  },
});

Deno.test({
  name: "Digest differs in one bucket of one group for every byte of a record that is another",
  permissions: "none",
  fn() {
    const [table, other] = [new Table(), new Table()];
    for (let client = 0; client < 1_000; client++) {
      put(table, `client.${client}`, 1);
      put(other, `client.${client}`, 1);
    }
    const before = hashesOf(table);
    const lines = [
      atLine({ id: "client.7", time: "2" }),
      atLine({ id: "client.7", time: "2", location: "+34-119" }),
      atLine({ id: "client.7", time: "2", server: "Jaquez" }),
      atLine({ id: "client.7", time: "2.0" }),
      atLine({ id: "client.7", time: "2.00", difference: "-0.250000000" }),
    ];
    const seen = new Set<string>();
    for (const line of lines) {
      const changed = new Table();
      for (let client = 0; client < 1_000; client++) put(changed, `client.${client}`, 1);
      changed.merge(recordLine(line));
      const after = hashesOf(changed);
      assertEquals(differences(before.groups, after.groups), 1, line);
      assertEquals(differences(before.buckets, after.buckets), 1, line);
      seen.add(String(after.buckets));
    }
    assertEquals(seen.size, lines.length);
    assertEquals(hashesOf(other), before);
  },
});

Deno.test({
  name:
    "Digest puts clients into other buckets with another salt, the same on every server with one",
  permissions: "none",
  fn() {
    const [one, same, other] = [new Table(7), new Table(7), new Table(8)];
    for (const table of [one, same, other]) put(table, "kiwi.cs.ucla.edu", 1);
    assertEquals(hashesOf(one), hashesOf(same));
    assertNotEquals(hashesOf(one).buckets, hashesOf(other).buckets);
  },
});

Deno.test({
  name: "Digest.numbers() gives each record once, in the bucket whose hash it changes",
  permissions: "none",
  fn() {
    const table = new Table();
    for (let client = 0; client < 2_000; client++) put(table, `client.${client}`, 1);
    const numbers: number[] = [];
    const before = hashesOf(table);
    for (let group = 0; group < groupCount; group++) {
      for (let bucket = 0; bucket < groupBuckets; bucket++) {
        const at = (group * groupBuckets + bucket) * hashBytes;
        const isEmpty = before.buckets.slice(at, at + hashBytes).every((byte) => byte === 0);
        const inside = [...table.digest.numbers(group, bucket)];
        assertEquals(inside.length === 0, isEmpty);
        numbers.push(...inside);
      }
    }
    assertEquals(numbers.sort((a, b) => a - b), Array.from({ length: 2_000 }, (_, index) => index));
  },
});
