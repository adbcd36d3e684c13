import { assert, assertEquals } from "@std/assert";
import { Topology } from "../../lib/topology/topology.ts";
import { planOf } from "./plan.ts";

Deno.test({
  name: "planOf() gives 3 to 12 servers that are connected, and every kind of herd now and then",
  permissions: "none",
  fn() {
    const sizes = new Set<number>();
    const kinds = new Set<string>();
    for (let seed = 0; seed < 1_000; seed++) {
      const { servers, links, ...plan } = planOf(seed);
      const topology = new Topology(servers.map(({ name }) => name), links);
      assertEquals(topology.parts().length, 1, `seed ${seed}`);
      sizes.add(servers.length);
      for (const { durability } of servers) kinds.add(durability);
      if (servers.some(({ skewMs }) => Math.abs(skewMs) > 3_600_000)) kinds.add("hours of skew");
      if (plan.forgetAfterS !== null) kinds.add("forgetting");
      if (plan.maxClockAheadS !== null) kinds.add("a bound on clocks");
      if (plan.hasSecret) kinds.add("secret");
      if (plan.pieces > 0) kinds.add("pieces");
    }
    assertEquals([...sizes].sort((one, other) => one - other), [3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    assertEquals(kinds.size, 8);
    assert(JSON.stringify(planOf(5)) === JSON.stringify(planOf(5)));
  },
});
