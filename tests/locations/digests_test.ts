import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { groupCount, hashBytes } from "../../lib/locations/digest.ts";
import type { Digest } from "../../lib/locations/digest.ts";
import { none, Table } from "../../lib/locations/table.ts";
import { seededRandom } from "../seeded_random.ts";
import { atLine, recordLine } from "./lines.ts";

function hashesOf(digest: Digest): Uint8Array {
  const hashes = new Uint8Array(groupCount * hashBytes);
  for (let group = 0; group < groupCount; group++) {
    digest.writeGroup(group, hashes, group * hashBytes);
  }
  return hashes;
}

function put(table: Table, client: number, time = 1): void {
  // One in ten is too long for its cell.
  const id = `client.${client}${"x".repeat(client % 10 === 0 ? 100 : 0)}`;
  assert(table.merge(recordLine(atLine({ id, time: String(time) }))) !== none);
}

function filled(count: number, ...salts: number[]): Table {
  const table = new Table(...salts);
  for (let client = 0; client < count; client++) put(table, client);
  return table;
}

function finish(work: Iterable<void>): number {
  return [...work].length;
}

Deno.test({
  name: "Digests are those of tables with one salt each, the first in front",
  permissions: "none",
  fn() {
    const { digests } = filled(500, 7, 8);
    assertEquals(
      digests.all.map(hashesOf),
      [7, 8].map((salt) => hashesOf(filled(500, salt).digest)),
    );
    assertEquals(digests.all[0], digests.first);
    assertNotEquals(hashesOf(digests.all[0]!), hashesOf(digests.all[1]!));
  },
});

Deno.test({
  name: "Digests.resalt() has the digests of the new salts, in their order, and no others",
  permissions: "none",
  fn() {
    const table = filled(2_000, 7);
    const steps: [number, ...number[]][] = [[7, 8], [8, 7], [8], [8, 8], [9]];
    for (const salts of steps) {
      finish(table.digests.resalt(salts));
      assertEquals(
        table.digests.all.map(hashesOf),
        salts.map((salt) => hashesOf(filled(2_000, salt).digest)),
      );
    }
  },
});

Deno.test({
  name: "Digests.resalt() fills in steps, during which the old digest is what is compared",
  permissions: "none",
  fn() {
    const table = filled(2_000, 7);
    const before = table.digests.first;
    let steps = 0;
    for (const _ of table.digests.resalt([8])) {
      steps++;
      assertEquals(table.digests.all, [before]);
    }
    assert(steps >= 2_000 / 256, `${steps} steps`);
    assert(table.digests.first !== before);
  },
});

Deno.test({
  name: "Digests.resalt() misses nothing of what changes, comes and goes meanwhile",
  permissions: "none",
  fn() {
    for (let seed = 1; seed <= 20; seed++) {
      const random = seededRandom(seed);
      const below = (end: number) => Math.floor(random.fraction() * end);
      const table = filled(1_500, 7);
      const gone = new Set<number>();
      let [next, time] = [1_500, 2];
      for (const _ of table.digests.resalt([8, 7])) {
        for (let times = 0; times < 100; times++) {
          const number = below(table.end);
          const kind = below(3);
          if (kind === 0) put(table, next++);
          else if (kind === 1) {
            const client = below(1_500);
            put(table, client, time++);
          } else if (table.lineBytes(number) > 0) {
            table.forget(number);
            gone.add(number);
          }
        }
      }
      assert(gone.size > 0 && next > 1_500);
      const fresh = new Table(8, 7);
      for (let number = 0; number < table.end; number++) {
        if (table.lineBytes(number) === 0) continue;
        fresh.merge(recordLine(new TextDecoder().decode(table.line(number))));
      }
      assertEquals(
        table.digests.all.map(hashesOf),
        fresh.digests.all.map(hashesOf),
        `seed ${seed}`,
      );
      // The buckets give each record once.
      const numbers = new Set<number>();
      for (let group = 0; group < groupCount; group++) {
        for (let bucket = 0; bucket < 64; bucket++) {
          for (const number of table.digest.numbers(group, bucket)) {
            assert(!numbers.has(number));
            numbers.add(number);
          }
        }
      }
      assertEquals(numbers.size, table.size);
    }
  },
});
