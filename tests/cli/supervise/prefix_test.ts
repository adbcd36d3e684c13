import { assertEquals } from "@std/assert";
import { PrefixedLines, prefixes } from "../../../lib/cli/supervise/prefix.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

Deno.test({
  name: "prefixes() are of one width, and coloured each in its own colour where wanted",
  permissions: "none",
  fn() {
    assertEquals([...prefixes(["A", "Bea"], false).values()], ["A   | ", "Bea | "]);
    assertEquals([...prefixes(["A", "Bea"], true).values()], [
      "\x1b[32mA   | \x1b[39m",
      "\x1b[33mBea | \x1b[39m",
    ]);
    const many = prefixes(Array.from({ length: 20 }, (_, i) => `S${i}`), true);
    // deno-lint-ignore no-control-regex
    assertEquals([...many.values()].filter((prefix) => !/^\x1b\[3[1-6]m/.test(prefix)), []);
  },
});

Deno.test({
  name: "PrefixedLines puts the prefix before every line, however it comes",
  permissions: "none",
  fn() {
    const lines = new PrefixedLines("A | ");
    assertEquals(text(lines.push(bytes("one\n\ntw"))), "A | one\nA | \n");
    assertEquals(text(lines.push(bytes("o"))), "");
    assertEquals(text(lines.push(bytes("\nthree"))), "A | two\n");
    assertEquals(text(lines.end()), "A | three\n");
    assertEquals(text(lines.end()), "");
  },
});
