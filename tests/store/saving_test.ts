import { assert, assertEquals, assertGreater, assertLess } from "@std/assert";
import {
  saveBatchBytes,
  saveMs,
  saveRetryMs,
  saveSliceMs,
  storeLinesMin,
  storeSurplusMax,
} from "../../lib/limits.ts";
import { none, Table } from "../../lib/locations/table.ts";
import { Saving } from "../../lib/store/saving.ts";
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
    { lines = 0, clock = new MemoryClock() }: { lines?: number; clock?: MemoryClock } = {},
  ) {
    const { table, events } = this;
    this.clock = clock;
    this.saving = new Saving({ table, store: this.file, lines, clock, events });
  }

  /** Has a record stored and marked. */
  put(id: string, time: string | number, server = "Clark"): number {
    const number = this.table.merge(recordLine(atLine({ id, time: String(time), server })));
    assert(number !== none);
    this.saving.mark(number);
    return number;
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
    world.saving.flush();
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
    world.saving.flush();
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
    world.saving.flush();
    assertEquals(world.file.lines, [line("kept", 1)]);
    // The number of one that is forgotten goes to another client while it waits.
    world.table.forget(world.put("old", 1));
    world.put("new", 1);
    world.saving.flush();
    assertEquals(world.file.lines, [line("kept", 1), line("new", 1)]);
  },
});

Deno.test({
  name: "saveRetryMs: what could not be saved is tried again, and nothing of it is lost",
  permissions: "none",
  async fn() {
    const world = new World();
    world.file.failure = new Error("database or disk is full");
    await world.fill(3_000, 1);
    world.put("client.7", 2);
    await world.clock.run(saveRetryMs - saveMs);
    world.file.failure = null;
    assertEquals(world.file.lines, []);
    await world.clock.run(saveMs);
    await world.clock.settle();
    assertEquals(new Set(world.file.lines).size, 3_000);
    assert(world.file.lines.includes(line("client.7", 2)));
    assertEquals(world.events.lines.length, 2);
  },
});

Deno.test({
  name: "Saving.saved() does not wait for a disk that fails",
  permissions: "none",
  async fn() {
    const world = new World();
    await world.saving.saved();
    world.file.failure = new Error("database or disk is full");
    world.put("k", 1);
    let answered = 0;
    world.saving.saved().then(() => answered++);
    world.saving.saved().then(() => answered++);
    assertEquals(answered, 0);
    await world.clock.settle();
    assertEquals(answered, 2);
    world.put("l", 1);
    await world.saving.saved();
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
        await world.clock.run(2 * saveRetryMs);
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
        await world.clock.run(saveRetryMs * random.fraction());
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
  name: "Saving writes the file anew in slices: who waits for the disk waits for one batch of it",
  permissions: "none",
  fn() {
    const clients = 20_000;
    const clock = new SlowClock();
    const world = new World({ lines: storeSurplusMax * storeLinesMin, clock });
    for (let client = 0; client < clients; client++) world.put(`client.${client}`, 1);
    world.saving.flush();
    const rewritten = world.file.lines.length;
    let largest = 0;
    let turns = 0;
    for (; world.file.lines.length < rewritten + clients; turns++) {
      clock.turn();
      world.put("impatient", turns + 2);
      const before = world.file.rows.size;
      world.saving.flush();
      largest = Math.max(largest, world.file.rows.size - before);
    }
    assertGreater(turns, 3);
    assertLess(largest, 3);
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
