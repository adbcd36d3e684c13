import { assert, assertEquals, assertLess, assertThrows } from "@std/assert";
import { askAll, askGroups } from "../../../lib/links/catch_up/catch_up.ts";
import { CatchUpSender } from "../../../lib/links/catch_up/catch_up_sender.ts";
import { LinkError, wordsOf } from "../../../lib/links/hello.ts";
import { linkSaidBytesMax } from "../../../lib/limits.ts";
import { groupCount, hashBytes } from "../../../lib/locations/digest.ts";
import { Table } from "../../../lib/locations/table.ts";
import { Slices } from "../../../lib/pacing/slices.ts";
import { textOf } from "../../../lib/protocol/ascii.ts";
import { atLine, recordLine } from "../../locations/lines.ts";
import { MemoryClock } from "../../memory_clock.ts";

function tableOf(count: number, ...salts: number[]): Table {
  const table = new Table(...salts);
  for (let client = 0; client < count; client++) {
    table.merge(recordLine(atLine({ id: `client.${client}`, time: "1" })));
  }
  return table;
}

/** A sender, and what it did. */
class World {
  readonly clock = new MemoryClock();
  readonly said: string[] = [];
  readonly notes: string[] = [];
  readonly marked: number[] = [];
  /** What waits to be written. */
  saidBytes = 0;
  readonly sender: CatchUpSender;
  /** Called at the end of a comparison, which is still under way. */
  onNote: () => void = () => {};

  constructor(table: Table) {
    const say = (line: Uint8Array) => this.said.push(textOf(line.subarray(0, -1)));
    const writer = Object.defineProperty({ say }, "saidBytes", { get: () => this.saidBytes });
    const live = { slices: new Slices(this.clock), writer } as unknown as ConstructorParameters<
      typeof CatchUpSender
    >[0];
    this.sender = new CatchUpSender(live, {
      table,
      mark: (number) => this.marked.push(number),
      note: (text) => {
        this.notes.push(text);
        this.onNote();
      },
    });
  }
}

/** The words of the lines in which a table is told. */
function told(work: (say: (line: Uint8Array) => void) => Iterable<void>): string[][] {
  const lines: string[][] = [];
  for (const _ of work((line) => lines.push(wordsOf(line.subarray(0, -1)))));
  return lines;
}

function digestOf({ digest }: Table): string[] {
  return told((say) => askAll(digest, say))[0]!;
}

function bucketsOf({ digest }: Table, groups: readonly number[]): string[][] {
  return told((say) => askGroups(digest, groups, say));
}

function groupsIn(said: readonly string[]): number[] {
  return said.flatMap((line) => line.split(" ").slice(1).map(Number));
}

const empty = ["DIGEST", btoa("\0".repeat(groupCount * hashBytes))];

Deno.test({
  name: "CatchUpSender.compare() notes that nothing differs, or in how many groups, once",
  permissions: "none",
  async fn() {
    const table = tableOf(1_000);
    const world = new World(table);
    world.sender.compare(digestOf(table));
    await world.clock.settle();
    assertEquals([world.notes, world.said], [["DIGEST same"], []]);
    world.sender.compare(digestOf(tableOf(999)));
    await world.clock.settle();
    assertEquals(world.notes[1], "DIGEST 1 of 256 groups differ");
    assertEquals(groupsIn(world.said).length, 1);
    world.sender.compare(empty);
    await world.clock.settle();
    assertEquals(world.notes.length, 3);
    assertEquals(world.marked.length, 1_000);
  },
});

Deno.test({
  name: "CatchUpSender.compare() answers the first of a flood of digests, then the last",
  permissions: "none",
  async fn() {
    const table = tableOf(1_000);
    const world = new World(table);
    world.sender.compare(digestOf(table));
    for (let times = 0; times < 10_000; times++) world.sender.compare(digestOf(new Table()));
    world.sender.compare(digestOf(tableOf(999)));
    await world.clock.settle();
    // The first had not begun when the last came.
    assertEquals(world.notes, ["DIGEST 1 of 256 groups differ"]);
    assertEquals(world.marked, []);
  },
});

Deno.test({
  name: "CatchUpSender.compare() answers what comes while it compares when that is done",
  permissions: "none",
  async fn() {
    const table = tableOf(1_000);
    const world = new World(table);
    const { notes, sender } = world;
    world.onNote = () => {
      world.onNote = () => {};
      for (let times = 0; times < 100; times++) sender.compare(digestOf(new Table()));
      sender.compare(digestOf(table));
    };
    sender.compare(digestOf(tableOf(999)));
    await world.clock.settle();
    assertEquals(notes, ["DIGEST 1 of 256 groups differ", "DIGEST same"]);
  },
});

Deno.test({
  name: "CatchUpSender.compare() cuts a neighbour that asks on and does not read",
  permissions: "none",
  fn() {
    const world = new World(tableOf(10));
    world.saidBytes = linkSaidBytesMax;
    world.sender.compare(empty);
    world.saidBytes++;
    assertThrows(() => world.sender.compare(empty), LinkError, "does not read");
  },
});

Deno.test({
  name: "CatchUpSender.send() sends what differs in a group that was named, once",
  permissions: "none",
  async fn() {
    const world = new World(tableOf(1_000));
    const theirs = tableOf(990);
    world.sender.compare(digestOf(theirs));
    await world.clock.settle();
    const named = groupsIn(world.said);
    assert(named.length > 0);
    const lines = bucketsOf(theirs, named);
    for (const line of lines) world.sender.send(line);
    await world.clock.settle();
    const count = world.marked.length;
    assert(count >= 10);
    assertLess(count, 40);
    for (let times = 0; times < 10; times++) for (const line of lines) world.sender.send(line);
    await world.clock.settle();
    assertEquals(world.marked.length, count, "what was asked for twice is sent once");
  },
});

Deno.test({
  name:
    "CatchUpSender.send() passes over groups that were not named, and refuses what is malformed",
  permissions: "none",
  async fn() {
    const world = new World(tableOf(1_000));
    const every = Array.from({ length: groupCount }, (_, group) => group);
    for (const line of bucketsOf(new Table(), every)) world.sender.send(line);
    await world.clock.settle();
    assertEquals(world.marked, []);
    assertThrows(() => world.sender.send(["BUCKETS", "256", "AAAA"]), LinkError);
    const one = bucketsOf(new Table(), [1])[0]!;
    assertThrows(() => world.sender.send(one), LinkError, "more buckets than were asked for");
  },
});

Deno.test({
  name: "CatchUpSender compares by the salt that the neighbour knows, of two",
  permissions: "none",
  async fn() {
    for (const salts of [[7, 8], [8, 7]]) {
      for (const salt of [7, 8]) {
        const theirs = tableOf(4_990, salt);
        const world = new World(tableOf(5_000, ...salts));
        world.sender.compare(digestOf(theirs));
        await world.clock.settle();
        const named = groupsIn(world.said);
        assert(named.length <= 10, `${named.length} groups`);
        for (const line of bucketsOf(theirs, named)) world.sender.send(line);
        await world.clock.settle();
        assertEquals(new Set(world.marked).size >= 10, true);
        assertLess(world.marked.length, 50);
      }
    }
  },
});
