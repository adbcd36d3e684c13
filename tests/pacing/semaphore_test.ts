import { assertEquals } from "@std/assert";
import { Turns } from "../../lib/pacing/semaphore.ts";
import { settle } from "../places/means.ts";

function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, permissions: "none", fn });
}

test("Turns gives as many turns as there are, and no more", async () => {
  const turns = new Turns(2);
  let taken = 0;
  for (let index = 0; index < 5; index += 1) turns.take().then(() => taken += 1);
  await settle();
  assertEquals(taken, 2);
  assertEquals(turns.waiting, 3);
});

test("Turns serves those who wait in the order in which they came", async () => {
  const turns = new Turns(1);
  const order: number[] = [];
  for (let index = 0; index < 4; index += 1) {
    turns.take().then(() => order.push(index));
  }
  for (let index = 0; index < 4; index += 1) {
    await settle();
    assertEquals(order.length, index + 1);
    turns.giveBack();
  }
  assertEquals(order, [0, 1, 2, 3]);
});

test("Turns has a turn for later when it is given back to nobody", async () => {
  const turns = new Turns(1);
  await turns.take();
  turns.giveBack();
  await turns.take();
  assertEquals(turns.waiting, 0);
});
