import { assert, assertEquals, assertGreater, assertLess, assertRejects } from "@std/assert";
import {
  acknowledgeMsMax,
  diskTroubleMs,
  saveBatchBytes,
  saveMs,
  saveRetryMsMax,
  saveRetryMsMin,
  saveSliceMs,
  storeLinesMin,
  storeStaleFirstMs,
  storeStaleMs,
  storeSurplusMax,
} from "../../lib/limits.ts";
import { none, Table } from "../../lib/locations/table.ts";
import { UnsavedError } from "../../lib/store/acknowledgements.ts";
import { Saving } from "../../lib/store/saving.ts";
import { bytesOf } from "../../lib/protocol/ascii.ts";
import { atLine, recordLine } from "../locations/lines.ts";
import type { Timer } from "../../lib/transport/transport.ts";
import { MemoryClock } from "../memory_clock.ts";
import { seededRandom } from "../seeded_random.ts";
import { Events } from "../server/memory_server.ts";
import { MemoryStore } from "./memory_store.ts";

/** A table that is saved to a file in memory. */
class World {
  readonly table = new Table();
  readonly file = new MemoryStore();
  readonly clock: MemoryClock;
  readonly events = new Events();
  readonly saving: Saving;

  constructor(
    { lines = 0, clock = new MemoryClock(), sync = false }: {
      lines?: number;
      clock?: MemoryClock;
      sync?: boolean;
    } = {},
  ) {
    const { table, events } = this;
    this.clock = clock;
    this.saving = new Saving({ table, store: this.file, lines, sync, clock, events });
  }

  /** Has a record stored and marked. */
  put(id: string, time: string | number, server = "Clark"): number {
    const number = this.table.merge(recordLine(atLine({ id, time: String(time), server })));
    assert(number !== none);
    this.saving.mark(number);
    return number;
  }

  /** Has all that waits saved. */
  async save(): Promise<void> {
    await this.clock.run(saveMs);
    await this.clock.settle();
  }

  /** Puts so many clients' records, and waits until they are saved. */
  async fill(count: number, time: number): Promise<void> {
    for (let client = 0; client < count; client++) this.put(`client.${client}`, time);
    await this.clock.run(saveMs);
    await this.clock.settle();
  }
}

const line = (id: string, time: string | number) => atLine({ id, time: String(time) });

Deno.test({
  name: "Saving.mark() saves a client that moved meanwhile once, where it is then",
  permissions: "none",
  async fn() {
    const world = new World();
    for (let time = 1; time <= 5; time++) world.put("moving", time);
    world.put("resting", 1);
    await world.clock.run(saveMs);
    await world.clock.settle();
    assertEquals(world.file.lines, [line("moving", 5), line("resting", 1)]);
    world.put("moving", 6);
    await world.save();
    assertEquals(world.file.lines.at(-1), line("moving", 6));
  },
});

Deno.test({
  name: "saveBatchBytes: many records are cut into batches, a longer line has one of its own",
  permissions: "none",
  async fn() {
    const world = new World();
    await world.fill(5_000, 1);
    world.put("long", 1, "x".repeat(2 * saveBatchBytes));
    world.put("behind", 1);
    await world.save();
    const batches = [...world.file.rows.values()];
    const ids = world.file.lines.map((line) => line.split(" ")[3]);
    assertEquals(ids, [
      ...Array.from({ length: 5_000 }, (_, index) => `client.${index}`),
      "long",
      "behind",
    ]);
    assertEquals(batches.filter(({ length }) => length > saveBatchBytes).length, 1);
    assertGreater(batches[0]!.length, saveBatchBytes - 100);
  },
});

Deno.test({
  name: "Saving leaves out a record that was forgotten while it waited",
  permissions: "none",
  async fn() {
    const world = new World();
    world.put("kept", 1);
    world.table.forget(world.put("forgotten", 1));
    await world.clock.run(saveMs);
    await world.clock.settle();
    assertEquals(world.file.lines, [line("kept", 1)]);
    world.table.forget(world.put("forgotten", 1));
    await world.save();
    assertEquals(world.file.lines, [line("kept", 1)]);
    // The number of one that is forgotten goes to another client while it waits.
    world.table.forget(world.put("old", 1));
    world.put("new", 1);
    await world.save();
    assertEquals(world.file.lines, [line("kept", 1), line("new", 1)]);
  },
});

Deno.test({
  name: "saveRetryMsMax: what could not be saved is tried again, and nothing of it is lost",
  permissions: "none",
  async fn() {
    const world = new World();
    world.file.failure = new Error("database or disk is full");
    await world.fill(3_000, 1);
    world.put("client.7", 2);
    await world.clock.run(10 * saveRetryMsMax);
    assertEquals(world.file.lines, []);
    assertEquals([world.saving.isFailing, world.saving.unsaved], [true, 3_000]);
    world.file.failure = null;
    await world.clock.run(saveRetryMsMax);
    await world.clock.settle();
    assertEquals(new Set(world.file.lines).size, 3_000);
    assert(world.file.lines.includes(line("client.7", 2)));
    assertEquals([world.saving.isFailing, world.saving.unsaved], [false, 0]);
    assertEquals(world.events.lines.length, 2);
  },
});

Deno.test({
  name: "saveRetryMsMin: a lock that is gone soon delays nobody for long",
  permissions: "none",
  async fn() {
    const world = new World({ sync: true });
    world.file.failure = new Error("database is locked");
    world.put("k", 1);
    let isSaved = false;
    const saved = world.saving.saved().then(() => isSaved = true);
    await world.clock.settle();
    world.file.failure = null;
    await world.clock.run(saveRetryMsMin - 1);
    assertEquals(isSaved, false);
    await world.clock.run(1);
    await world.clock.settle();
    assertEquals([isSaved, world.file.lines], [true, [line("k", 1)]]);
    await saved;
  },
});

Deno.test({
  name:
    "Saving.saved() is resolved when the disk has what was marked before it, whatever comes after",
  permissions: "none",
  async fn() {
    const world = new World({ sync: true });
    await world.saving.saved();
    world.file.failure = new Error("database is locked");
    const order: string[] = [];
    const wait = (id: string) => {
      world.put(id, 1);
      world.saving.saved().then(() => {
        assert(world.file.lines.includes(line(id, 1)));
        order.push(id);
      });
    };
    for (const id of ["a", "b"]) wait(id);
    await world.clock.run(1_000);
    wait("c");
    await world.clock.run(500);
    assertEquals(order, []);
    world.file.failure = null;
    await world.clock.run(saveRetryMsMax);
    await world.clock.settle();
    assertEquals(order, ["a", "b", "c"]);
    assertEquals(world.saving.unacknowledged, 0);
  },
});

Deno.test({
  name: "Saving.saved() waits for a record that has to go behind others, since its batch failed",
  permissions: "none",
  async fn() {
    const world = new World({ sync: true });
    let fails = 1;
    world.file.onAppend = () => {
      if (fails-- > 0) throw new Error("disk I/O error");
    };
    world.put("first", 1);
    let isSaved = false;
    const saved = world.saving.saved().then(() => {
      isSaved = true;
      assert(world.file.lines.includes(line("first", 1)));
    });
    for (let client = 0; client < 3_000; client++) world.put(`client.${client}`, 1);
    await world.clock.settle();
    // Of the batches that follow, the first is written, and the next is not.
    fails = 0;
    const { onAppend } = world.file;
    world.file.onAppend = () => {
      onAppend();
      fails = 1;
    };
    await world.clock.run(saveRetryMsMin);
    await world.clock.settle();
    assertEquals([world.file.rows.size, isSaved], [1, false]);
    world.file.onAppend = () => {};
    await world.clock.run(saveRetryMsMax);
    await world.clock.settle();
    assert(isSaved);
    await saved;
  },
});

Deno.test({
  name: "acknowledgeMsMax: who waits longer for a disk that fails is refused, and nobody earlier",
  permissions: "none",
  async fn() {
    const world = new World({ sync: true });
    world.file.failure = new Error("disk I/O error");
    const outcomes: string[] = [];
    const wait = (id: string) => {
      world.put(id, 1);
      world.saving.saved().then(
        () => outcomes.push(`${id} saved`),
        (error) => outcomes.push(`${id} ${error.name}`),
      );
    };
    wait("early");
    await world.clock.run(acknowledgeMsMax - 1_000);
    wait("late");
    await world.clock.run(999);
    assertEquals(outcomes, []);
    await world.clock.run(1);
    await world.clock.settle();
    assertEquals(outcomes, ["early UnsavedError"]);
    world.file.failure = null;
    await world.clock.run(saveRetryMsMax);
    await world.clock.settle();
    assertEquals(outcomes, ["early UnsavedError", "late saved"]);
    assertEquals(world.saving.unacknowledged, 1);
    // What nobody was told is on disk all the same.
    assertEquals(new Set(world.file.lines), new Set([line("early", 1), line("late", 1)]));
  },
});

Deno.test({
  name: "Saving.close() refuses those who wait for a disk that fails, and says what is lost",
  permissions: "none",
  async fn() {
    const world = new World({ sync: true });
    world.file.failure = new Error("disk I/O error");
    world.put("k", 1);
    const refused = assertRejects(() => world.saving.saved(), UnsavedError);
    world.saving.close();
    await refused;
    assertEquals(world.events.of(/not saved$/), ["ERROR 1 records were not saved"]);
    await assertRejects(() => world.saving.saved(), UnsavedError);
    assertEquals(world.clock.timers, 0);
  },
});

Deno.test({
  name: "diskTroubleMs: each kind of failure is said once a minute, and every one is counted",
  permissions: "none",
  async fn() {
    const world = new World();
    const fail = async (message: string) => {
      world.file.failure = new Error(message);
      world.put(`client.${world.table.size}`, 1);
      await world.save();
      world.file.failure = null;
      await world.clock.run(saveRetryMsMax);
      await world.clock.settle();
    };
    for (let times = 0; times < 5; times++) {
      await fail("database is locked");
      await fail("database or disk is full");
    }
    assertEquals(world.events.lines, [
      "ERROR records are NOT saved, only remembered: database is locked",
      "WARN records are saved again",
      "ERROR records are NOT saved, only remembered: database or disk is full",
      "WARN records are saved again",
    ]);
    assertGreater(world.saving.failures, 9);
    await world.clock.run(diskTroubleMs);
    await fail("database is locked");
    assertEquals(world.events.lines.length, 6);
  },
});

Deno.test({
  name: "storeStaleMs: what the table no longer holds leaves the disk in time, used or not",
  permissions: "none",
  async fn() {
    const world = new World();
    world.put("moving", 1);
    world.put("kept", 1);
    const forgotten = world.put("forgotten", 1);
    await world.save();
    await world.clock.run(storeStaleFirstMs);
    world.put("moving", 2);
    await world.save();
    world.table.forget(forgotten);
    world.file.isRead = true;
    await world.clock.run(storeStaleMs);
    await world.clock.settle();
    assertEquals(world.file.lines.toSorted(), [line("kept", 1), line("moving", 2)]);
    assertEquals(world.file.dropped.length, 2);
    world.file.isRead = false;
    await world.clock.run(storeStaleMs);
    await world.clock.settle();
    assertEquals(world.file.dropped, []);
    const { last } = world.file;
    await world.clock.run(2 * storeStaleMs);
    assertEquals(world.file.last, last, "nothing was stale, and nothing written");
  },
});

Deno.test({
  name:
    "storeStaleFirstMs: a server that starts again and again erases, too, the disk failing or not",
  permissions: "none",
  async fn() {
    const world = new World({ lines: 2 });
    world.file.append(bytesOf(`${line("forgotten", 1)}\n${line("k", 1)}\n`));
    world.table.merge(recordLine(line("k", 1)));
    world.file.failure = new Error("database or disk is full");
    await world.clock.run(storeStaleFirstMs);
    await world.clock.settle();
    assertEquals(world.file.lines, [line("forgotten", 1), line("k", 1)]);
    world.file.failure = null;
    await world.clock.run(saveRetryMsMax);
    await world.clock.settle();
    assertEquals([world.file.lines, world.file.dropped], [[line("k", 1)], []]);
  },
});

Deno.test({
  name:
    "storeLinesMin, storeSurplusMax: a file that holds too many lines is written anew and bounded",
  permissions: "none",
  async fn() {
    const clients = 2_000;
    const world = new World({ lines: storeLinesMin - clients });
    await world.fill(clients, 1);
    const first = world.file.rows.size;
    assertEquals(world.file.lines.length, clients);
    await world.fill(clients, 2);
    // Now it is over: the table was written behind what was there, and that was dropped.
    assertEquals(world.file.rows.has(first), false);
    assertEquals(new Set(world.file.lines).size, clients);
    assertLess(world.file.lines.length, 2 * clients + 1);
    for (let time = 3; time < 120; time++) {
      await world.fill(clients, time);
      const linesMax = Math.max(storeLinesMin, storeSurplusMax * clients) + 2 * clients;
      assertLess(world.file.lines.length, linesMax);
    }
    assertNewest(world);
  },
});

/** In the file there is each client's newest record, behind all older ones of it. */
function assertNewest(world: World): void {
  const newest = new Map(world.file.lines.map((line) => [line.split(" ")[3]!, line]));
  const known = new Set<string>();
  for (let number = 0; number < world.table.end; number++) {
    if (world.table.lineBytes(number) === 0) continue;
    known.add(new TextDecoder().decode(world.table.line(number)));
  }
  assertEquals(newest.size, world.table.size);
  assertEquals(new Set(newest.values()), known);
}

Deno.test({
  name: "Saving drops nothing until its records were written again, however often the disk fails",
  permissions: "none",
  async fn() {
    for (let failAt = 0; failAt < 12; failAt++) {
      const world = new World({ lines: storeLinesMin });
      await world.fill(1_000, 1);
      let appends = 0;
      world.file.onAppend = () => {
        if (appends++ === failAt) throw new Error("database or disk is full");
        assertNewestOf(world, 1_000);
      };
      for (let time = 2; time < 6; time++) {
        for (let client = 0; client < 1_000; client += 3) world.put(`client.${client}`, time);
        await world.clock.run(2 * saveRetryMsMax);
        await world.clock.settle();
        assertNewestOf(world, 1_000);
      }
      assertNewest(world);
      assertEquals(world.events.lines.length % 2, 0, `${failAt}`);
    }
  },
});

Deno.test({
  name: "Saving drops nothing that was not written again, though the disk fails time and again",
  permissions: "none",
  async fn() {
    for (let seed = 16; seed < 20; seed++) {
      const random = seededRandom(seed);
      const world = new World({ lines: storeLinesMin - 3_000 });
      await world.fill(3_000, 1);
      world.file.onAppend = () => {
        if (random.fraction() < 0.3 + 0.06 * (seed % 10)) {
          throw new Error("database or disk is full");
        }
      };
      for (let time = 2; time < 12; time++) {
        for (let client = 0; client < 3_000; client += 7) world.put(`client.${client}`, time);
        await world.clock.run(saveRetryMsMax * random.fraction());
        await world.clock.settle();
        assertNewestOf(world, 3_000);
      }
    }
  },
});

/** No client is missing from the file. */
function assertNewestOf(world: World, clients: number): void {
  assertEquals(new Set(world.file.lines.map((line) => line.split(" ")[3])).size, clients);
}

/** A clock on which every look at it takes a millisecond, so that slices are short. */
class SlowClock extends MemoryClock {
  #looks = 0;
  #next: (() => void)[] = [];

  override steadyMs(): number {
    return super.steadyMs() + this.#looks++;
  }

  override soon(callback: () => void): void {
    this.#next.push(callback);
  }

  override after(ms: number, callback: () => void): Timer {
    if (ms > 0) return super.after(ms, callback);
    this.#next.push(callback);
    return { cancel() {} };
  }

  /** Does what was put off up to now. */
  turn(): void {
    for (const callback of this.#next.splice(0)) callback();
  }
}

Deno.test({
  name: "Saving writes the file anew in slices: who waits for the disk waits for one slice of it",
  permissions: "none",
  fn() {
    const clients = 60_000;
    const clock = new SlowClock();
    const world = new World({ lines: storeSurplusMax * storeLinesMin, clock });
    for (let client = 0; client < clients; client++) world.put(`client.${client}`, 1);
    clock.advance(saveMs);
    while (world.file.lines.length < clients) clock.turn();
    const rewritten = world.file.rows.size;
    let largest = 0;
    let turns = 0;
    for (; world.file.rows.has(1); turns++) {
      clock.turn();
      world.put("impatient", turns + 2);
      world.saving.saved();
      const before = world.file.last;
      while (!world.file.lines.includes(line("impatient", turns + 2))) clock.turn();
      largest = Math.max(largest, world.file.last - before);
    }
    assertGreater(rewritten, 3 * saveSliceMs);
    assertGreater(turns, 3);
    assertLess(largest, saveSliceMs + 3);
  },
});

Deno.test({
  name: "saveSliceMs: in one turn of the event loop more is saved than comes in a long one",
  permissions: "none",
  fn() {
    const clock = new SlowClock();
    const world = new World({ clock });
    for (let client = 0; client < 30_000; client++) world.put(`client.${client}`, 1);
    clock.advance(saveMs);
    clock.turn();
    // On this clock a batch takes a millisecond; it takes a third of that on a slow disk.
    assertEquals(world.file.rows.size, saveSliceMs);
    assertGreater(world.file.lines.length, 5_000);
    for (let turn = 0; turn < 20; turn++) clock.turn();
    assertEquals(new Set(world.file.lines).size, 30_000);
  },
});
