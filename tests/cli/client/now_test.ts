import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { bytesOf, textOf } from "../../../lib/protocol/ascii.ts";
import { replaceNow } from "../../../lib/cli/client/now.ts";

const instant = { seconds: 1621464827, nanoseconds: 9_598_503 };
const time = "1621464827.009598503";

function replaced(line: string): string {
  return textOf(replaceNow(bytesOf(line), instant));
}

Deno.test({
  name: "replaceNow() puts the time with nine decimals in the place of an IAMAT's time",
  permissions: "none",
  fn() {
    assertEquals(replaced("IAMAT kiwi +34-118 now"), `IAMAT kiwi +34-118 ${time}`);
    assertEquals(replaced(" \tIAMAT\v\fk \xa0 now \r\n"), ` \tIAMAT\v\fk \xa0 ${time} \r\n`);
    assertEquals(replaced("IAMAT now now now\n"), `IAMAT now now ${time}\n`);
    assertEquals(replaced("IAMAT \xff\x80 +1-1 now\n"), `IAMAT \xff\x80 +1-1 ${time}\n`);
  },
});

Deno.test({
  name: "replaceNow() leaves every other line as it is",
  permissions: "none",
  fn() {
    const lines = [
      "IAMAT kiwi +34-118 NOW",
      "IAMAT kiwi +34-118 nowhere",
      "IAMAT kiwi +34-118 1.5 now",
      "IAMAT kiwi now",
      "iamat kiwi +34-118 now",
      "XIAMAT kiwi +34-118 now",
      "WHATSAT kiwi 10 now",
      "IAMAT\xa0kiwi +34-118 now",
      "IAMAT kiwi +34-118 now\xa0",
      "",
      "\n",
    ];
    for (const line of lines) assertEquals(replaced(line), line);
  },
});

Deno.test({
  name: "textOf() and bytesOf() keep every byte",
  permissions: "none",
  fn() {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => {
      assertEquals(bytesOf(textOf(bytes)), bytes);
      assertEquals(textOf(bytes).length, bytes.length);
    }));
    const long = new Uint8Array(1_000_000).fill(0xe9);
    assertEquals(textOf(long), "\xe9".repeat(1_000_000));
  },
});
