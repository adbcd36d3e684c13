import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { Outbox } from "../../lib/locations/outbox.ts";

Deno.test({
  name: "Outbox does what a set does that keeps the order in which numbers came",
  permissions: "none",
  fn() {
    const number = fc.oneof(fc.nat(20), fc.nat(300), fc.nat(100_000));
    const step = fc.oneof(
      { weight: 6, arbitrary: fc.tuple(fc.constant("mark" as const), number) },
      { weight: 3, arbitrary: fc.tuple(fc.constant("take" as const), fc.constant(0)) },
      { weight: 1, arbitrary: fc.tuple(fc.constant("peek" as const), fc.constant(0)) },
    );
    const steps = fc.array(step, { maxLength: 600, size: "max" });
    fc.assert(
      fc.property(steps, fc.option(fc.nat(600)), (steps, clearAt) => {
        const outbox = new Outbox();
        const model = new Set<number>();
        steps.forEach(([action, number], at) => {
          if (at === clearAt) {
            outbox.clear();
            model.clear();
          }
          const [first = -1] = model;
          if (action === "mark") {
            outbox.mark(number);
            model.add(number);
          } else {
            assertEquals(outbox[action](), first);
            if (action === "take") model.delete(first);
          }
          assertEquals(outbox.size, model.size);
        });
        for (const number of model) assertEquals(outbox.take(), number);
        assertEquals([outbox.take(), outbox.peek(), outbox.size], [-1, -1, 0]);
      }),
      { numRuns: 200 },
    );
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
