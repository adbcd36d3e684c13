import { assertEquals, assertThrows } from "@std/assert";
import { serverNamed } from "../../lib/cli/server_named.ts";
import { UsageError } from "../../lib/cli/usage.ts";
import { parseHerdFile } from "../../lib/topology/herd_file.ts";

const herd = parseHerdFile(
  JSON.stringify({
    servers: { Bona: { host: "::1", port: 1 }, Clark: { host: "::1", port: 2 } },
    links: [],
  }),
  "h.json",
);
const options = { herd, config: "h.json" };

Deno.test({
  name: "serverNamed() finds a server by its exact name",
  permissions: "none",
  fn() {
    assertEquals(serverNamed("Clark", options), { name: "Clark", host: "::1", port: 2 });
  },
});

Deno.test({
  name: "serverNamed() lists the names when there is none, or none like it",
  permissions: "none",
  fn() {
    const complaint = (name?: string) =>
      assertThrows(() => serverNamed(name, options), UsageError).message;
    assertEquals(
      complaint(),
      "which server of h.json? There are Bona, Clark; --help lists the commands",
    );
    assertEquals(complaint("Zed"), 'no server "Zed" in h.json; there are Bona, Clark');
    assertEquals(
      complaint("clark"),
      'no server "clark" in h.json; did you mean Clark? There are Bona, Clark',
    );
    assertEquals(complaint("toString"), 'no server "toString" in h.json; there are Bona, Clark');
  },
});

Deno.test({
  name: "serverNamed() suggests a command where the word could be one, and no server is like it",
  permissions: "none",
  fn() {
    const complaint = (name: string, orCommand: boolean) =>
      assertThrows(() => serverNamed(name, { ...options, orCommand }), UsageError).message;
    const none = (name: string) => `no server "${name}" in h.json; `;
    assertEquals(
      complaint("chek", true),
      none("chek") + 'did you mean the command "check"? There are Bona, Clark',
    );
    assertEquals(
      complaint("start", true),
      none("start") + 'did you mean the command "serve"? There are Bona, Clark',
    );
    assertEquals(
      complaint("Bana", true),
      none("Bana") + "did you mean Bona? There are Bona, Clark",
    );
    assertEquals(complaint("chek", false), none("chek") + "there are Bona, Clark");
  },
});
