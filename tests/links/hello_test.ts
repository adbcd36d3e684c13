import { assertEquals, assertLess, assertThrows } from "@std/assert";
import fc from "fast-check";
import {
  checkHello,
  type Hello,
  helloLine,
  lineOf,
  LinkError,
  linkVersion,
  nonceOf,
  parseHello,
  wordsOf,
} from "../../lib/links/hello.ts";
import { linkWordsBytesMax } from "../../lib/limits.ts";
import { bytesOf, textOf } from "../../lib/protocol/ascii.ts";
import { fed } from "../feeding.ts";

const nonce = "0123456789abcdef".repeat(2);
const hello: Hello = { version: linkVersion, from: "Clark", to: "Bona", nonce };

function parsed(line: string): Hello | null {
  return fed(line, (lines) => parseHello(lines.take()!));
}

Deno.test({
  name: "parseHello() of helloLine() is the same hello, with a proof and without",
  permissions: "none",
  fn() {
    const name = fc.stringMatching(/^[\p{L}\p{N}_-]{1,20}$/u);
    const hex = fc.stringMatching(/^[0-9a-f]{32}$/);
    const proof = fc.constantFrom("-", "a".repeat(64));
    fc.assert(fc.property(name, name, hex, fc.option(proof), (from, to, nonce, proof) => {
      const hello = proof === null
        ? { version: 2, from, to, nonce }
        : { version: 1, from, to, nonce, proof };
      const line = helloLine(hello);
      assertEquals(line.at(-1), 0x0a);
      assertEquals(parsed(textOf(line.subarray(0, -1))), hello);
    }));
  },
});

Deno.test({
  name: "parseHello() is null for what is not meant as a hello",
  permissions: "none",
  fn() {
    for (
      const line of ["", "IAMAT k +1-2 3", "hello 1 Clark Bona", "HELLOO 1", "? HELLO 1", "AT"]
    ) {
      assertEquals(parsed(line), null, line);
    }
  },
});

Deno.test({
  name: "parseHello() rejects a hello without a version",
  permissions: "none",
  fn() {
    for (const version of ["", "one", "-1", "1.0", "1e1", "9".repeat(10)]) {
      const line = bytesOf(`HELLO ${version} Clark Bona ${nonce}`);
      assertThrows(() => parseHello(line), LinkError, "without a version", version);
    }
    assertThrows(() => parseHello(bytesOf("HELLO")), LinkError, "without a version");
  },
});

Deno.test({
  name: "parseHello() rejects a malformed nonce and words too many or too few",
  permissions: "none",
  fn() {
    const nonces = ["", "0", nonce.slice(1), `${nonce}0`, nonce.toUpperCase(), "g".repeat(32)];
    for (const nonce of nonces) {
      const line = bytesOf(`HELLO 1 Clark Bona ${nonce}`);
      assertThrows(() => parseHello(line), LinkError, "malformed hello", nonce);
    }
    for (const line of ["HELLO 1", "HELLO 2", "HELLO 1 Clark", `HELLO 2 Clark ${nonce}`]) {
      assertThrows(() => parseHello(bytesOf(line)), LinkError, "malformed hello", line);
    }
    for (const line of [`HELLO 1 Clark Bona ${nonce} - -`, `HELLO 2 Clark Bona ${nonce} -`]) {
      assertThrows(() => parseHello(bytesOf(line)), LinkError, "malformed hello", line);
    }
  },
});

Deno.test({
  name: "parseHello() takes a hello of a later version, whatever it says more",
  permissions: "none",
  fn() {
    assertEquals(parsed("HELLO 3 Clark Bona short proof with more words")?.version, 3);
    assertEquals(parsed("HELLO 3")?.version, 3);
  },
});

Deno.test({
  name: "parseHello() throws nothing but LinkError, whatever comes",
  permissions: "none",
  fn() {
    const word = fc.oneof(
      fc.constantFrom("HELLO", "1", "2", "Clark", nonce, "-", "\x1b", "\xff", " ", "\t"),
      fc.uint8Array({ maxLength: 8 }).map(textOf),
    );
    fc.assert(fc.property(fc.array(word, { maxLength: 9 }), (words) => {
      try {
        parseHello(bytesOf(words.join(" ")));
      } catch (error) {
        assertEquals(error instanceof LinkError, true, String(error));
      }
    }));
  },
});

Deno.test({
  name: "checkHello() takes a hello between the servers that it must name",
  permissions: "none",
  fn() {
    checkHello(hello, { to: "Bona" });
    checkHello(hello, { from: "Clark", to: "Bona" });
  },
});

Deno.test({
  name: "checkHello() refuses another version, before anything else",
  permissions: "none",
  fn() {
    const other = { ...hello, version: 3, from: "", to: "" };
    assertThrows(() => checkHello(other, { to: "Bona" }), LinkError, "version 3");
    assertThrows(
      () => checkHello({ ...hello, version: 0 }, { to: "Bona" }),
      LinkError,
      "version 0",
    );
  },
});

Deno.test({
  name: "checkHello() takes the version before, unless another is the right one",
  permissions: "none",
  fn() {
    const before = { ...hello, version: 1 };
    checkHello(before, { to: "Bona" });
    checkHello(before, { to: "Bona", version: 1 });
    const [one, two] = ["version 1 in answer to 2", "version 2 in answer to 1"];
    assertThrows(() => checkHello(before, { to: "Bona", version: 2 }), LinkError, one);
    assertThrows(() => checkHello(hello, { to: "Bona", version: 1 }), LinkError, two);
  },
});

Deno.test({
  name: "parseHello() and wordsOf() do not look at a line that is longer than any",
  permissions: "none",
  fn() {
    const words = bytesOf("HELLO 2 " + "a ".repeat(30_000));
    const begunMs = performance.now();
    for (let times = 0; times < 1_000; times++) {
      assertThrows(() => parseHello(words), LinkError, "a line of 60008 bytes that is no record");
    }
    assertLess(performance.now() - begunMs, 1_000, "it was taken apart");
    const longest = bytesOf("a ".repeat(linkWordsBytesMax / 2));
    assertEquals(wordsOf(longest).length, linkWordsBytesMax / 2);
  },
});

Deno.test({
  name: "checkHello() refuses a hello to or from another server",
  permissions: "none",
  fn() {
    assertThrows(() => checkHello(hello, { to: "Jaquez" }), LinkError, 'to "Bona"');
    const expected = { from: "Jaquez", to: "Bona" };
    assertThrows(() => checkHello(hello, expected), LinkError, 'from "Clark"');
  },
});

Deno.test({
  name: "lineOf() and wordsOf() are each other's inverse, and wordsOf() takes any bytes",
  permissions: "none",
  fn() {
    assertEquals(wordsOf(lineOf("PROOF", 1, "é")), ["PROOF", "1", "é"]);
    assertEquals(wordsOf(bytesOf("\xff  BEAT\r")), ["\ufffd", "BEAT"]);
  },
});

Deno.test({
  name: "nonceOf() writes bytes as two digits each",
  permissions: "none",
  fn() {
    assertEquals(nonceOf(Uint8Array.of(0, 1, 0x10, 0xff)), "000110ff");
    assertEquals(nonceOf(new Uint8Array(16)).length, 32);
  },
});
