import { assertEquals } from "@std/assert";
import { addressText } from "../../lib/transport/address.ts";

Deno.test({
  name: "addressText() puts brackets around an IPv6 address, and a URL understands all it writes",
  permissions: "none",
  fn() {
    for (const hostname of ["localhost", "127.0.0.1", "::1", "2001:db8::5", "::ffff:1.2.3.4"]) {
      const url = new URL(`http://${addressText({ hostname, port: 12104 })}`);
      assertEquals(url.port, "12104", hostname);
      assertEquals(url.hostname.startsWith("["), hostname.includes(":"), hostname);
    }
  },
});
