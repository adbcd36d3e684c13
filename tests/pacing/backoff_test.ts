import { assert, assertEquals } from "@std/assert";
import { Backoff } from "../../lib/pacing/backoff.ts";
import { seededRandom } from "../seeded_random.ts";

Deno.test({
  name: "Backoff.nextMs() waits from half of the ceiling to all of it, which doubles up to msMax",
  permissions: "none",
  fn() {
    const waits = (fraction: number) => {
      const backoff = new Backoff({ msMin: 50, msMax: 2_000, fraction: () => fraction });
      return Array.from({ length: 8 }, () => backoff.nextMs());
    };
    assertEquals(waits(1), [50, 100, 200, 400, 800, 1600, 2000, 2000]);
    assertEquals(waits(0), [25, 50, 100, 200, 400, 800, 1000, 1000]);
    assertEquals(waits(0.5), [37.5, 75, 150, 300, 600, 1200, 1500, 1500]);
  },
});

Deno.test({
  name: "Backoff.nextMs() spreads servers that lost a neighbour together",
  permissions: "none",
  fn() {
    const { fraction } = seededRandom(3);
    const waits = Array.from({ length: 1_000 }, () => {
      const backoff = new Backoff({ msMin: 50, msMax: 2_000, fraction });
      for (let tries = 0; tries < 9; tries++) backoff.nextMs();
      return backoff.nextMs();
    });
    assert(waits.every((wait) => wait >= 1_000 && wait < 2_000));
    assert(new Set(waits.map((wait) => Math.floor(wait / 100))).size === 10);
  },
});

Deno.test({
  name: "Backoff.reset() begins again with the shortest wait",
  permissions: "none",
  fn() {
    const backoff = new Backoff({ msMin: 50, msMax: 2_000, fraction: () => 1 });
    for (let tries = 0; tries < 20; tries++) backoff.nextMs();
    backoff.reset();
    assertEquals([backoff.nextMs(), backoff.nextMs()], [50, 100]);
  },
});
