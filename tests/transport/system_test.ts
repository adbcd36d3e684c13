import { assert, assertEquals, assertNotEquals } from "@std/assert";
import { systemClock, systemRandom } from "../../lib/transport/system.ts";
import type { Instant } from "../../lib/transport/transport.ts";

/** @returns the time in another turn than the last */
async function nowNanoseconds(clock = systemClock): Promise<bigint> {
  await null;
  const instant = { seconds: -1, nanoseconds: -1 };
  clock.now(instant);
  const { seconds, nanoseconds } = instant;
  assert(Number.isInteger(seconds) && Number.isInteger(nanoseconds), JSON.stringify(instant));
  assert(nanoseconds >= 0 && nanoseconds < 1_000_000_000, JSON.stringify(instant));
  return BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds);
}

Deno.test({
  name: "systemClock.now() is the wall clock's time, finer than its milliseconds",
  permissions: "none",
  async fn() {
    let isFiner = false;
    for (let at = 0; at < 1_000; at++) {
      const before = Date.now();
      const now = await nowNanoseconds();
      const after = Date.now();
      assert(now >= BigInt(before) * 1_000_000n, "the past");
      assert(now < BigInt(after + 1) * 1_000_000n, "the future");
      isFiner ||= now % 1_000_000n !== 0n;
    }
    assert(isFiner);
  },
});

Deno.test({
  name: "systemClock.now() follows a wall clock that is set, once it is asked again",
  permissions: "none",
  async fn() {
    // A clock of its own, since it is left in a world that never was.
    const { systemClock: clock } = await import("../../lib/transport/system.ts#steps");
    const { now: dateNow } = Date;
    const { now: performanceNow } = performance;
    try {
      const start = { wall: dateNow(), steady: performanceNow.call(performance) };
      let passedMs = 0;
      let steppedMs = 0;
      Date.now = () => Math.floor(start.wall + passedMs + steppedMs);
      performance.now = () => start.steady + passedMs;
      const behindMs = async () => Date.now() - Number((await nowNanoseconds(clock)) / 1_000_000n);
      passedMs += 5_000;
      assertEquals(await behindMs(), 0, "the clock drifts");
      for (const step of [3_600_000, -7_200_000]) {
        steppedMs += step;
        passedMs += 1_500;
        assertEquals(await behindMs(), 0, `a step of ${step} ms is not followed`);
      }
      const before = await nowNanoseconds(clock);
      passedMs += 0.25;
      assertEquals(Math.round(Number(await nowNanoseconds(clock) - before) / 1_000), 250);
    } finally {
      Date.now = dateNow;
      performance.now = performanceNow;
    }
  },
});

Deno.test({
  name: "systemClock.now() is one time for all that is ready at the same time, and not for longer",
  permissions: "none",
  async fn() {
    const times: Instant[] = [];
    const look = () => {
      const instant = { seconds: 0, nanoseconds: 0 };
      systemClock.now(instant);
      times.push(instant);
      for (const end = performance.now() + 2; performance.now() < end;);
    };
    const ready = Promise.resolve();
    await Promise.all([ready.then(look), ready.then(look)]);
    await ready.then(look);
    const [first, second, third] = times;
    assertEquals(second, first);
    assertNotEquals(third, first);
  },
});

Deno.test({
  name: "systemClock.steadyMs() never goes back",
  permissions: "none",
  fn() {
    let last = systemClock.steadyMs();
    for (let at = 0; at < 1_000; at++) {
      const now = systemClock.steadyMs();
      assert(now >= last);
      last = now;
    }
  },
});

Deno.test({
  name: "systemClock.after() calls once, in the order of the times, unless it is cancelled",
  permissions: "none",
  async fn() {
    const called: number[] = [];
    await new Promise<void>((resolve) => {
      systemClock.after(20, resolve);
      systemClock.after(1, () => called.push(1));
      systemClock.after(0, () => called.push(0));
      systemClock.after(0, () => called.push(-1)).cancel();
    });
    assertEquals(called.toSorted(), [0, 1]);
  },
});

Deno.test({
  name: "systemClock.soon() calls after what is ready now",
  permissions: "none",
  async fn() {
    const called: string[] = [];
    const done = new Promise<void>((resolve) => {
      systemClock.soon(() => {
        called.push("soon");
        resolve();
      });
    });
    queueMicrotask(() => called.push("microtask"));
    called.push("now");
    await done;
    assertEquals(called, ["now", "microtask", "soon"]);
  },
});

Deno.test({
  name: "systemRandom gives fractions from 0 to 1 and bytes that are never the same",
  permissions: "none",
  fn() {
    for (let at = 0; at < 1_000; at++) {
      const fraction = systemRandom.fraction();
      assert(fraction >= 0 && fraction < 1);
    }
    assertEquals(systemRandom.bytes(16).length, 16);
    assertNotEquals(systemRandom.bytes(16), systemRandom.bytes(16));
  },
});
