import { assert, assertEquals } from "@std/assert";
import { memoryLimitBytes } from "../../lib/transport/memory_limit.ts";
import { needs } from "../needs.ts";

Deno.test({
  name: "memoryLimitBytes() is at most the machine's memory",
  ...(await needs("sys")),
  permissions: { sys: ["systemMemoryInfo"] },
  fn() {
    const bytes = memoryLimitBytes()!;
    assert(Number.isFinite(bytes) && bytes > 64 * 2 ** 20, `${bytes}`);
    assert(bytes <= Deno.systemMemoryInfo().total);
  },
});

Deno.test({
  name: "memoryLimitBytes() is null where the process may not know",
  permissions: "none",
  fn() {
    assertEquals(memoryLimitBytes(), null);
  },
});
