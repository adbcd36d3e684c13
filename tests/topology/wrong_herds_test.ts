import { assertEquals, assertThrows } from "@std/assert";
import { HerdFileError, parseHerdFile } from "../../lib/topology/herd_file.ts";
import { rightHerd, wrongHerds } from "./wrong_herds.ts";

Deno.test({
  name: "parseHerdFile() takes the herd that the wrong ones are made from",
  permissions: "none",
  fn() {
    assertEquals(parseHerdFile(JSON.stringify(rightHerd), "h.json").servers.size, 2);
  },
});

for (const { what, text, line } of wrongHerds) {
  Deno.test({
    name: `parseHerdFile() says of ${what} in one line where it is and what would be right`,
    permissions: "none",
    fn() {
      const { errors } = assertThrows(() => parseHerdFile(text, "h.json"), HerdFileError);
      assertEquals(errors, [`h.json: ${line}`]);
    },
  });
}
