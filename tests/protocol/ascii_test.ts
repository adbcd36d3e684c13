import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  bytesOf,
  copy,
  fieldsOf,
  isDigit,
  isSpace,
  skipField,
  skipSpace,
  textOf,
} from "../../lib/protocol/ascii.ts";

const everyByte = Array.from({ length: 256 }, (_, byte) => byte);

Deno.test({
  name: "isSpace() takes the six white-space characters and no other byte",
  permissions: "none",
  fn() {
    const spaces = everyByte.filter(isSpace).map((byte) => String.fromCharCode(byte));
    assertEquals(spaces, ["\t", "\n", "\v", "\f", "\r", " "]);
  },
});

Deno.test({
  name: "isDigit() takes 0 to 9 and no other byte",
  permissions: "none",
  fn() {
    assertEquals(String.fromCharCode(...everyByte.filter(isDigit)), "0123456789");
  },
});

Deno.test({
  name: "skipSpace() passes over white space and stops at a field and at the newline",
  permissions: "none",
  fn() {
    assertEquals(skipSpace(bytesOf(" \t\v\f\rx\n"), 0), 5);
    assertEquals(skipSpace(bytesOf("x\n"), 0), 0);
    assertEquals(skipSpace(bytesOf("  \n  x"), 0), 2);
    assertEquals(skipSpace(bytesOf("\xa0\n"), 0), 0);
  },
});

Deno.test({
  name: "skipField() stops at each of the six white-space characters",
  permissions: "none",
  fn() {
    for (const space of " \t\n\v\f\r") assertEquals(skipField(bytesOf(`a\xa0\x85${space}b`), 0), 3);
  },
});

Deno.test({
  name: "fieldsOf() gives what stands between the six white-space characters",
  permissions: "none",
  fn() {
    fc.assert(fc.property(fc.uint8Array(), (line) => {
      const expected = textOf(line).split(/[ \t\n\v\f\r]+/).filter((field) => field !== "");
      assertEquals(fieldsOf(line, 9).map(textOf), expected);
    }));
  },
});

Deno.test({
  name: "fieldsOf() gives no more than are wanted, and looks no further",
  permissions: "none",
  fn() {
    assertEquals(fieldsOf(bytesOf("a b c d"), 3).map(textOf), ["a", "b", "c"]);
    assertEquals(fieldsOf(bytesOf(" a b"), 3).map(textOf), ["a", "b"]);
    assertEquals(fieldsOf(bytesOf("a ".repeat(32_768)), 5).length, 5);
  },
});

Deno.test({
  name: "fieldsOf() ends on a line whose newline was left on",
  permissions: "none",
  fn() {
    assertEquals(fieldsOf(bytesOf("HELLO 1\n"), 9).map(textOf), ["HELLO", "1"]);
    assertEquals(fieldsOf(bytesOf("one\n\ntwo"), 9).map(textOf), ["one", "two"]);
    assertEquals(fieldsOf(bytesOf("\n"), 9), []);
  },
});

Deno.test({
  name: "copy() copies a stretch and says where it ends",
  permissions: "none",
  fn() {
    const target = new Uint8Array(6);
    assertEquals(copy(bytesOf("abcde"), 1, 4, target, 2), 5);
    assertEquals([...target], [0, 0, 0x62, 0x63, 0x64, 0]);
    assertEquals(copy(bytesOf("abc"), 2, 2, target, 6), 6);
  },
});

Deno.test({
  name: "textOf() and bytesOf() are each other's inverse on all bytes",
  permissions: "none",
  fn() {
    assertEquals([...bytesOf(textOf(Uint8Array.from(everyByte)))], everyByte);
    assertEquals(textOf(Uint8Array.of(0x80, 0x9f, 0xff)), "\x80\x9f\xff");
    assert(textOf(new Uint8Array(70_000)).length === 70_000);
  },
});

Deno.test({
  name: "bytesOf() refuses a character that is no byte",
  permissions: "none",
  fn() {
    assertThrows(() => bytesOf("ab\u0100"), RangeError, "at 2");
  },
});
