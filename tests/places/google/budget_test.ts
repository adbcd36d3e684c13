import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { Budget, type BudgetOptions } from "../../../lib/places/google/budget.ts";
import { MemoryClock } from "../../memory_clock.ts";

function test(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

function budgetOf(bounds: Partial<BudgetOptions> = {}) {
  const clock = new MemoryClock();
  return { clock, budget: new Budget({ perMinute: 1_000, perDay: 1_000, clock, ...bounds }) };
}

const takes = (budget: Budget, count: number) => Array.from({ length: count }, () => budget.take());

const dayMs = 24 * 60 * 60_000;

for (const [bound, ms] of [["perMinute", 60_000], ["perDay", dayMs]] as const) {
  test(`Budget.take() allows as many calls as ${bound} says, and not one more`, () => {
    const { budget } = budgetOf({ [bound]: 3 });
    assertEquals(takes(budget, 5), [null, null, null, bound, bound]);
  });

  test(`Budget.take() has room for a call when one is so old as ${bound}'s window is long`, () => {
    const { budget, clock } = budgetOf({ [bound]: 2 });
    assertEquals(budget.take(), null);
    clock.advance(10);
    assertEquals(budget.take(), null);
    clock.advance(ms - 11);
    assertEquals(budget.take(), bound);
    clock.advance(1);
    assertEquals(takes(budget, 2), [null, bound]);
    clock.advance(10);
    assertEquals(takes(budget, 2), [null, bound]);
  });
}

test("Budget.take() names the day's bound when both are reached", () => {
  const { budget, clock } = budgetOf({ perMinute: 1, perDay: 1 });
  assertEquals(takes(budget, 2), [null, "perDay"]);
  clock.advance(60_000);
  assertEquals(budget.take(), "perDay");
});

test("Budget.take() charges nothing for what it refuses", () => {
  const { budget, clock } = budgetOf({ perMinute: 1, perDay: 2 });
  takes(budget, 100);
  clock.advance(60_000);
  assertEquals(budget.take(), null);
});

test("Budget counts what was taken and what was refused", () => {
  const { budget } = budgetOf({ perMinute: 4 });
  takes(budget, 9);
  assertEquals([budget.taken, budget.refused], [4, 5]);
});

test("Budget.take() ignores a wall clock that is set", () => {
  const { budget, clock } = budgetOf({ perMinute: 1 });
  budget.take();
  clock.step(dayMs);
  assertEquals(budget.take(), "perMinute");
});

test("Budget.take() never allows more in any minute, however the calls come", () => {
  const waits = fc.array(fc.integer({ min: 0, max: 40_000 }), { minLength: 1, maxLength: 200 });
  fc.assert(fc.property(waits, fc.integer({ min: 1, max: 5 }), (waits, perMinute) => {
    const { budget, clock } = budgetOf({ perMinute });
    const allowed: number[] = [];
    for (const ms of waits) {
      clock.advance(ms);
      const before = allowed.filter((at) => clock.steadyMs() - at < 60_000).length;
      const isAllowed = budget.take() === null;
      assertEquals(isAllowed, before < perMinute);
      if (isAllowed) allowed.push(clock.steadyMs());
    }
    assert(allowed.length > 0);
  }));
});
