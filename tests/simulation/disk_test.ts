import { assertEquals, assertThrows } from "@std/assert";
import { bytesOf, textOf } from "../../lib/protocol/ascii.ts";
import { Disk } from "./disk.ts";

const never = { fraction: () => 1, bytes: (count: number) => new Uint8Array(count) };
const batch = (text: string) => Uint8Array.from(bytesOf(text));

function held(disk: Disk): string[] {
  return [...disk.open({ sync: true }).batches()].map(textOf);
}

Deno.test({
  name: "Disk keeps what was appended when a program ends, and with sync when the power does",
  permissions: "none",
  fn() {
    const [lazy, safe] = [new Disk(never), new Disk(never)];
    for (const [disk, sync] of [[lazy, false], [safe, true]] as const) {
      const store = disk.open({ sync });
      assertEquals([store.append(batch("one")), store.append(batch("two")), store.last], [1, 2, 2]);
      assertEquals(held(disk), ["one", "two"]);
      disk.powerOff();
    }
    assertEquals([held(lazy), held(safe)], [[], ["one", "two"]]);
  },
});

Deno.test({
  name: "Disk drops the oldest batches, and takes nothing while it is full or its store is closed",
  permissions: "none",
  fn() {
    const disk = new Disk(never);
    const store = disk.open({ sync: false });
    for (const text of ["one", "two", "three"]) store.append(batch(text));
    assertEquals([store.dropBatches(2, 1), held(disk)], [false, ["two", "three"]]);
    assertEquals([store.dropBatches(2, 2), held(disk)], [true, ["three"]]);
    disk.isFull = true;
    assertThrows(() => store.append(batch("four")), Error, "full");
    disk.isFull = false;
    store[Symbol.dispose]();
    assertThrows(() => store.append(batch("four")), Error, "closed");
    assertEquals(held(disk), ["three"]);
  },
});
