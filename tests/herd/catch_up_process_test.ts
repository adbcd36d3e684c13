// Issue "Nothing lost, nobody in", 1: the smaller brother of tests/bench/catch_up.ts, without its clock.

import { assert, assertEquals, assertLess } from "@std/assert";
import { measureCatchUp } from "../bench/catch_up.ts";
import { processes } from "../process/chapter.ts";

Deno.test({
  name: "An empty server gets all of 50 000 clients, and ten that differ in a few kilobytes",
  ...processes,
  async fn() {
    const { known, tenBytes, latency } = await measureCatchUp(50_000, 500);
    assertEquals(known, 50_000);
    assertLess(tenBytes, 64 * 1024);
    assert(latency.full.count > 0 && latency.empty.count > 0, "both answered clients meanwhile");
  },
});
