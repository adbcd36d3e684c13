import { assertEquals } from "@std/assert";
import fc from "fast-check";
import { bytesOf, textOf } from "../../../lib/protocol/ascii.ts";
import { paint } from "../../../lib/cli/client/paint.ts";

function painted(line: string, coloured = true): string {
  return textOf(paint(bytesOf(line), { coloured }));
}

Deno.test({
  name: "paint() colours names, strings, numbers and words of JSON, and refusals",
  permissions: "none",
  fn() {
    const marked = (line: string) =>
      painted(line)
        // deno-lint-ignore no-control-regex
        .replace(/\x1b\[(\d+)m/g, (_, code) => code === "39" ? ">" : `<${code} `);
    assertEquals(marked('"a\\"b" : "c: 1", '), '<36 "a\\"b"> : <32 "c: 1">, ');
    assertEquals(marked("[-1.5e+3, 20]\n"), "[<33 -1.5e+3>, <33 20>]\n");
    assertEquals(marked("true, false, null"), "<35 true>, <35 false>, <35 null>");
    assertEquals(marked('? IAMAT "x" 1\n'), '<31 ? IAMAT "x" 1>\n');
    assertEquals(marked('AT Clark +0.1 "x" 1\n'), 'AT Clark +0.1 "x" 1\n');
  },
});

Deno.test({
  name: "paint() shows control characters instead of sending them to the terminal",
  permissions: "none",
  fn() {
    assertEquals(painted("AT C \x1b[31mred\x07\x7f\n"), "AT C \\x1b[31mred\\x07\\x7f\n");
    assertEquals(painted("? a\tb\rc\n", false), "? a\tb\\x0dc\n");
    assertEquals(
      painted("AT \xc2\x9b31m \xc3\x9b \xe2\x82\xac\n"),
      "AT \\xc2\\x9b31m \xc3\x9b \xe2\x82\xac\n",
    );
  },
});

Deno.test({
  name: "paint() adds nothing without colours, and only colours with them",
  permissions: "none",
  fn() {
    const line = fc.array(fc.constantFrom(...'"{}[]:,\\ ax1-+.etrufalsn?AT\xe9\xff')).map((all) =>
      all.join("")
    );
    fc.assert(fc.property(line, (line) => {
      assertEquals(painted(line, false), line);
      // deno-lint-ignore no-control-regex
      assertEquals(painted(line).replaceAll(/\x1b\[\d\dm/g, ""), line);
    }));
  },
});
