import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { Outbox } from "../../lib/locations/outbox.ts";

/** What an outbox should do, without care for time or memory. */
class Model {
  /** Those that wait, and those that were unmarked before it was their turn. */
  #places: number[] = [];
  readonly #waiting = new Set<number>();

  get size(): number {
    return this.#waiting.size;
  }

  mark(number: number): void {
    if (!this.#places.includes(number)) this.#places.push(number);
    this.#waiting.add(number);
  }

  unmark(number: number): void {
    this.#waiting.delete(number);
  }

  peek(): number {
    if (this.size === 0) return -1;
    while (!this.#waiting.has(this.#places[0]!)) this.#places.shift();
    return this.#places[0]!;
  }

  take(): number {
    const number = this.peek();
    if (number >= 0) this.#places.shift();
    this.#waiting.delete(number);
    return number;
  }

  clear(): void {
    this.#places = [];
    this.#waiting.clear();
  }
}

Deno.test({
  name: "Outbox does what a set does that keeps the order in which numbers came",
  permissions: "none",
  fn() {
    const number = fc.oneof(fc.nat(20), fc.nat(300), fc.nat(100_000));
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.tuple(fc.constant("mark" as const), number) },
      { weight: 3, arbitrary: fc.tuple(fc.constant("unmark" as const), number) },
      { weight: 3, arbitrary: fc.tuple(fc.constant("take" as const), fc.constant(0)) },
      { weight: 1, arbitrary: fc.tuple(fc.constant("peek" as const), fc.constant(0)) },
    );
    const steps = fc.array(step, { maxLength: 600, size: "max" });
    fc.assert(
      fc.property(steps, fc.option(fc.nat(600)), (steps, clearAt) => {
        const outbox = new Outbox();
        const model = new Model();
        steps.forEach(([action, number], at) => {
          if (at === clearAt) { for (const one of [outbox, model]) one.clear(); }
          assertEquals(outbox[action](number), model[action](number));
          assertEquals(outbox.size, model.size);
        });
        while (model.size > 0) assertEquals(outbox.take(), model.take());
        assertEquals([outbox.take(), outbox.peek(), outbox.size], [-1, -1, 0]);
      }),
      { numRuns: 200 },
    );
  },
});

Deno.test({
  name: "Outbox takes no more memory for numbers that are marked and unmarked again and again",
  permissions: "none",
  fn() {
    const outbox = new Outbox();
    for (let number = 0; number < 64; number++) outbox.mark(number);
    const arrays: number[] = [];
    const { set } = Uint32Array.prototype;
    Uint32Array.prototype.set = function (from: ArrayLike<number>, offset?: number) {
      arrays.push(this.length);
      set.call(this, from, offset);
    };
    try {
      for (let round = 0; round < 1_000; round++) {
        outbox.unmark(round % 64);
        outbox.mark(round % 64);
      }
    } finally {
      Uint32Array.prototype.set = set;
    }
    assertEquals([outbox.size, arrays], [64, []], "the ring has grown");
  },
});

Deno.test({
  name: "Outbox.mark() keeps the order while the ring grows with its beginning in the middle",
  permissions: "none",
  fn() {
    const outbox = new Outbox();
    for (let number = 0; number < 60; number++) outbox.mark(number);
    for (let number = 0; number < 50; number++) assertEquals(outbox.take(), number);
    for (let number = 60; number < 1_000; number++) outbox.mark(number);
    for (let number = 50; number < 1_000; number++) assertEquals(outbox.take(), number);
  },
});

Deno.test({
  name: "Outbox.mark() takes a number again once it was taken",
  permissions: "none",
  fn() {
    const outbox = new Outbox();
    for (let round = 0; round < 1_000; round++) {
      outbox.mark(5);
      outbox.mark(5);
      assertEquals([outbox.take(), outbox.take()], [5, -1]);
    }
  },
});
