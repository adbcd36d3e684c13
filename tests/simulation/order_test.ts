import { assert, assertEquals } from "@std/assert";
import { compare, nanosecondsOf, versionOf } from "./order.ts";

const at = (stamp: string, server = "Clark") => versionOf(`AT ${server} +0.5 kiwi +1+1 ${stamp}`);

Deno.test({
  name: "compare() orders by nanoseconds, then by bytes",
  permissions: "none",
  fn() {
    assertEquals(nanosecondsOf("1.5"), 1_500_000_000n);
    assertEquals(nanosecondsOf("01.5000000009"), nanosecondsOf("1.5"));
    assertEquals(nanosecondsOf("9".repeat(30)), BigInt("9".repeat(30)) * 1_000_000_000n);
    assert(compare(at("2"), at("1.999999999")) > 0);
    assert(compare(at("1"), at("1.000000001")) < 0);
    assert(compare(at("1", "Jaquez"), at("1", "Clark")) > 0);
    assertEquals(compare(at("1"), at("1")), 0);
  },
});
