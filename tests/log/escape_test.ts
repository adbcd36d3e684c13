import { assert, assertEquals, assertMatch } from "@std/assert";
import fc from "fast-check";
import { Block } from "../../lib/block.ts";
import { escapedBytes, escapeTo } from "../../lib/log/escape.ts";
import { escapedOf } from "./reference.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function escaped(bytes: Uint8Array): string {
  const source = new Uint8Array([0x1b, ...bytes, 0x1b]);
  const target = new Block(3 + bytes.length * escapedBytes);
  const end = escapeTo(source, 1, source.length - 1, target, 3);
  assert(end <= target.size, "more than escapedBytes a byte");
  assert(target.bytes.subarray(0, 3).every((byte) => byte === 0), "written before the beginning");
  assert(target.bytes.subarray(end + 3).every((byte) => byte === 0), "written far behind the end");
  return decoder.decode(target.bytes.subarray(3, end));
}

const escapedText = (text: string) => escaped(encoder.encode(text));

/** The bytes that an escaped text stands for. */
function unescaped(text: string): Uint8Array {
  const parts = text.match(/\\\\|\\n|\\x[0-9a-f]{2}|\\u\{[0-9a-f]+\}|[^\\]/gu) ?? [];
  assertEquals(parts.join(""), text, "something is left unescaped");
  return new Uint8Array(parts.flatMap((part) => {
    if (part === "\\\\") return [0x5c];
    if (part === "\\n") return [0x0a];
    if (part.startsWith("\\x")) return [parseInt(part.slice(2), 16)];
    const isCode = part.startsWith("\\u");
    return [...encoder.encode(isCode ? codePoint(part) : part)];
  }));
}

const codePoint = (part: string) => String.fromCodePoint(parseInt(part.slice(3, -1), 16));

Deno.test({
  name: "escapeTo() leaves printable text as it is, in any script",
  permissions: "none",
  fn() {
    const texts = ["", "IAMAT kiwi +34-118 1.5", "café 東京 Ελλάδα עברית 😀", "~!@#$%^&*()'\"`"];
    for (const text of texts) assertEquals(escapedText(text), text);
  },
});

Deno.test({
  name: "escapeTo() leaves no way to forge a line or to steer a terminal",
  permissions: "none",
  fn() {
    assertEquals(escapedText("a\nINFO b\r\n"), "a\\nINFO b\\x0d\\n");
    assertEquals(escapedText("\x1b[31mred\x1b]0;title\x07"), "\\x1b[31mred\\x1b]0;title\\x07");
    assertEquals(escapedText("\x00\t\x7f"), "\\x00\\x09\\x7f");
    assertEquals(escapedText("\u0085\u009b31m"), "\\u{85}\\u{9b}31m");
    assertEquals(escaped(Uint8Array.of(0x9b, 0x33, 0x85)), "\\x9b3\\x85");
  },
});

Deno.test({
  name: "escapeTo() shows characters that turn text around, end lines or cannot be seen",
  permissions: "none",
  fn() {
    for (
      const code of ["202e", "2028", "2029", "200b", "feff", "2066", "a0", "3000", "ad", "e000"]
    ) {
      const character = String.fromCodePoint(parseInt(code, 16));
      assertEquals(escapedText(`a${character}b`), `a\\u{${code}}b`);
    }
    assertEquals(escapedText("\u{e0001}\u{10ffff}"), "\\u{e0001}\\u{10ffff}");
  },
});

Deno.test({
  name: "escapeTo() doubles the backslash, so that nobody can feign an escape",
  permissions: "none",
  fn() {
    assertEquals(escapedText("\\x1b"), "\\\\x1b");
    assertEquals(escapedText("\\"), "\\\\");
  },
});

Deno.test({
  name: "escapeTo() shows each byte of what is not UTF-8",
  permissions: "none",
  fn() {
    const cases: [number[], string][] = [
      [[0xff, 0xfe], "\\xff\\xfe"],
      [[0xc3], "\\xc3"],
      [[0xc3, 0x41], "\\xc3A"],
      [[0xc0, 0x8a], "\\xc0\\x8a"],
      [[0xed, 0xa0, 0x80], "\\xed\\xa0\\x80"],
      [[0xf4, 0x90, 0x80, 0x80], "\\xf4\\x90\\x80\\x80"],
      [[0xe6, 0x9d], "\\xe6\\x9d"],
      [[0x80, 0xc3, 0xa9, 0xa9], "\\x80é\\xa9"],
    ];
    for (const [bytes, text] of cases) assertEquals(escaped(Uint8Array.from(bytes)), text);
  },
});

Deno.test({
  name: "escapeTo() is printable, within its bound, and says exactly which bytes there were",
  permissions: "none",
  fn() {
    const character = fc.integer({ min: 0, max: 0x10ffff }).filter((code) => code >> 11 !== 27)
      .map((code) => [...encoder.encode(String.fromCodePoint(code))]);
    const parts = fc.array(fc.oneof(fc.array(fc.nat(255), { maxLength: 4 }), character));
    fc.assert(
      fc.property(parts, (parts) => {
        const bytes = Uint8Array.from(parts.flat());
        const text = escaped(bytes);
        assertMatch(text, /^[^\p{C}\p{Zl}\p{Zp}\n]*$/u);
        assertEquals(unescaped(text), bytes);
      }),
      { numRuns: 1_000 },
    );
  },
});

Deno.test({
  name: "escapeTo() agrees with the reference on characters of every plane",
  permissions: "none",
  fn() {
    for (let first = 0; first < 0x110000; first += 0x10000) {
      const codes = Array.from({ length: 1_000 }, (_, index) => first + index * 65)
        .filter((code) => code >> 11 !== 27);
      const bytes = encoder.encode(String.fromCodePoint(...codes));
      assertEquals(escaped(bytes), escapedOf(bytes), `from ${first.toString(16)} on`);
    }
  },
});

Deno.test({
  name:
    "escapeTo() agrees with the reference on any byte behind a lead, and on what is nearly UTF-8",
  permissions: "none",
  fn() {
    for (let lead = 0x80; lead < 0x100; lead++) {
      const pairs = Array.from({ length: 256 }, (_, byte) => [lead, byte]);
      const bytes = Uint8Array.from(pairs.flat());
      assertEquals(escaped(bytes), escapedOf(bytes));
    }
    // The bytes on either side of each rule: leads, continuations, surrogates, the greatest.
    const edges = [0x41, 0x5c, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc1, 0xc2, 0xdf, 0xe0];
    const edge = fc.constantFrom(...edges, 0xe1, 0xec, 0xed, 0xee, 0xef, 0xf0, 0xf1, 0xf4, 0xf5);
    fc.assert(
      fc.property(fc.array(fc.oneof(edge, fc.nat(255)), { maxLength: 40 }), (bytes) => {
        assertEquals(escaped(Uint8Array.from(bytes)), escapedOf(Uint8Array.from(bytes)));
      }),
      { numRuns: 5_000 },
    );
  },
});
