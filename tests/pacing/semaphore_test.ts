import { assertEquals, assertRejects } from "@std/assert";
import { Semaphore } from "../../lib/pacing/semaphore.ts";
import { MemoryClock } from "../memory_clock.ts";

function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, permissions: "none", fn });
}

/** Tasks that end when the test says so, and the order in which they began. */
function heldTasks(semaphore: Semaphore, count: number) {
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  for (let index = 0; index < count; index += 1) {
    const { promise, resolve } = Promise.withResolvers<void>();
    ends.push(resolve);
    semaphore.run(() => {
      begun.push(index);
      return promise;
    });
  }
  return { begun, ends };
}

const settle = () => new MemoryClock().settle();

test("Semaphore.run() has as many tasks under way as there are permits, and no more", async () => {
  const semaphore = new Semaphore(2);
  const { begun } = heldTasks(semaphore, 5);
  await settle();
  assertEquals(begun, [0, 1]);
  assertEquals(semaphore.waiting, 3);
});

test("Semaphore.run() takes those that wait in the order in which they came", async () => {
  const { begun, ends } = heldTasks(new Semaphore(1), 4);
  for (let index = 0; index < 4; index += 1) {
    await settle();
    assertEquals(begun.length, index + 1);
    ends[index]!();
  }
  assertEquals(begun, [0, 1, 2, 3]);
});

test("Semaphore.run() keeps a permit that nobody waits for", async () => {
  const semaphore = new Semaphore(1);
  assertEquals(await semaphore.run(() => Promise.resolve("first")), "first");
  assertEquals(await semaphore.run(() => Promise.resolve("second")), "second");
  assertEquals(semaphore.waiting, 0);
});

test("Semaphore.run() gives the permit back when a task fails", async () => {
  const semaphore = new Semaphore(1);
  const failure = semaphore.run(() => Promise.reject(new Error("no")));
  const next = semaphore.run(() => Promise.resolve("next"));
  await assertRejects(() => failure, Error, "no");
  assertEquals(await next, "next");
});
