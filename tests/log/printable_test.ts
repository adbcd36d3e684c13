import { assertEquals } from "@std/assert";
import { isPrintable } from "../../lib/log/printable.ts";
import { unprintable } from "./reference.ts";

Deno.test({
  name: "isPrintable() agrees with Unicode's classes on every character that there may be",
  permissions: "none",
  fn() {
    const wrong: string[] = [];
    for (let code = 0; code < 0x110000; code++) {
      if (code >> 11 === 27) continue;
      if (isPrintable(code) === unprintable.test(String.fromCodePoint(code))) {
        wrong.push(code.toString(16));
      }
    }
    assertEquals(wrong, []);
  },
});
