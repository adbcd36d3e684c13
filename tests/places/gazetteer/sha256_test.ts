import { assertEquals } from "@std/assert";
import { sha256 } from "../../../lib/places/gazetteer/sha256.ts";

Deno.test({
  name: "sha256() gives what the runtime gives, for every length around the ends of its blocks",
  permissions: "none",
  async fn() {
    const bytes = Uint8Array.from({ length: 1_000 }, (_, at) => at * 167 + (at >> 3));
    for (let length = 0; length < 200; length++) {
      const part = bytes.subarray(length, 3 * length);
      assertEquals(sha256(part), new Uint8Array(await crypto.subtle.digest("SHA-256", part)));
    }
  },
});
