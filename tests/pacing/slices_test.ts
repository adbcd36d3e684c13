import { assertEquals } from "@std/assert";
import { Slices } from "../../lib/pacing/slices.ts";
import { sliceMs } from "../../lib/limits.ts";
import type { Timer } from "../../lib/transport/transport.ts";
import { MemoryClock } from "../memory_clock.ts";

/** A clock that a piece of work moves on. */
class WorkClock extends MemoryClock {
  workedMs = 0;
  #next: (() => void)[] = [];

  override steadyMs(): number {
    return this.workedMs;
  }

  override soon(callback: () => void): void {
    this.#next.push(callback);
  }

  override after(ms: number, callback: () => void): Timer {
    if (ms > 0) return super.after(ms, callback);
    this.#next.push(callback);
    return { cancel() {} };
  }

  /** @returns whether anything was put off to this turn */
  turn(): boolean {
    const next = this.#next.splice(0);
    for (const callback of next) callback();
    return next.length > 0;
  }
}

const stepMs = sliceMs / 4;

/** Work in steps of a quarter of a slice. */
function* work(clock: WorkClock, { steps, done }: { steps: number; done: () => void }) {
  for (let step = 0; step < steps; step++) {
    clock.workedMs += stepMs;
    yield;
  }
  done();
}

Deno.test({
  name: "sliceMs: Slices stops after so long and goes on when others had their turn",
  permissions: "none",
  fn() {
    const clock = new WorkClock();
    const slices = new Slices(clock);
    let done = 0;
    slices.add(work(clock, { steps: 10, done: () => done++ }));
    assertEquals([clock.workedMs, done], [0, 0], "not in the turn in which it was added");
    const worked = [];
    while (clock.turn()) worked.push(clock.workedMs);
    assertEquals([worked, done], [[sliceMs, 2 * sliceMs, 2.5 * sliceMs], 1]);
  },
});

Deno.test({
  name: "Slices does one piece of work after the other, also what is added meanwhile",
  permissions: "none",
  fn() {
    const clock = new WorkClock();
    const slices = new Slices(clock);
    const order: number[] = [];
    const add = (number: number) =>
      slices.add(work(clock, {
        steps: 3,
        done: () => {
          order.push(number);
          if (number < 5) add(number + 2);
        },
      }));
    add(1);
    add(2);
    while (clock.turn());
    assertEquals(order, [1, 2, 3, 4, 5, 6]);
    add(7);
    while (clock.turn());
    assertEquals(order.at(-1), 7);
  },
});

Deno.test({
  name: "Slices.stop() drops what was not done, and what is added later is done",
  permissions: "none",
  fn() {
    const clock = new WorkClock();
    const slices = new Slices(clock);
    let done = 0;
    slices.add(work(clock, { steps: 10, done: () => done++ }));
    clock.turn();
    slices.stop();
    while (clock.turn());
    assertEquals([clock.workedMs, done], [sliceMs, 0]);
    slices.add(work(clock, { steps: 1, done: () => done++ }));
    while (clock.turn());
    assertEquals(done, 1);
  },
});
