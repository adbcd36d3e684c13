import { assertEquals } from "@std/assert";
import { giveUpPermissions } from "../../lib/cli/permissions.ts";
import { needs } from "../needs.ts";

const all = ["net", "read", "write", "run", "env", "sys"] as const;

/** What is granted now. */
async function granted(): Promise<string[]> {
  const states = await Promise.all(all.map((name) => Deno.permissions.query({ name })));
  return all.filter((_, index) => states[index]!.state === "granted");
}

const kept = {
  serve: ["net", "read", "write", "env", "sys"],
  herd: ["read", "run", "env"],
  client: ["net", "read", "write", "env"],
  ping: ["net", "read", "env"],
  check: ["net", "read", "env"],
  export: ["read", "write", "env"],
  import: ["net", "read", "env"],
  init: ["read", "env"],
  help: ["env"],
  version: ["env"],
} as const;

for (const [command, permissions] of Object.entries(kept)) {
  Deno.test({
    name: `giveUpPermissions() leaves ${command} with ${permissions.join(", ")}`,
    ...(await needs(...all)),
    // Granted to this test alone, and so given up by it alone.
    permissions: { net: true, read: true, write: true, run: true, env: true, sys: true },
    async fn() {
      await giveUpPermissions(command as keyof typeof kept);
      assertEquals(await granted(), [...permissions]);
    },
  });
}
