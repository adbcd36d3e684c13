import { assertEquals } from "@std/assert";
import { clientsMax } from "../../../lib/cli/serve/clients_max.ts";
import { clientBytes, clientsMaxUnknown } from "../../../lib/limits.ts";

Deno.test({
  name: "clientsMax() is what herd.json says, else what half of the memory holds",
  permissions: "none",
  fn() {
    assertEquals(clientsMax(7, 1e9), 7);
    assertEquals(clientsMax(null, 2_000 * clientBytes + 1), 1_000);
    assertEquals(clientsMax(null, null), clientsMaxUnknown);
  },
});
