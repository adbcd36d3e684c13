import { assert, assertEquals, assertFalse } from "@std/assert";
import fc from "fast-check";
import { IdPatterns, patternTrouble } from "../../lib/access/id_pattern.ts";
import { idBytesMax, idPatternsMax } from "../../lib/limits.ts";
import { bytesOf } from "../../lib/protocol/ascii.ts";

const permissions = "none";

Deno.test({
  name: "IdPatterns.has() takes an ID for itself, and a prefix for all that begin with it",
  permissions,
  fn() {
    const patterns = new IdPatterns(["dog", "family/*", "caf\u00e9*"]);
    for (const id of ["dog", "family/", "family/jane", "caf\u00e9", "caf\u00e9.owner"]) {
      assert(patterns.includes(id), id);
    }
    for (const id of ["do", "dogs", "Dog", "family", "famil/jane", "cafe", ""]) {
      assertFalse(patterns.includes(id), id);
    }
  },
});

Deno.test({
  name: "IdPatterns.has() looks at the bytes of an ID that is not UTF-8",
  permissions,
  fn() {
    const bytes = bytesOf("  \xff\xfe ");
    const id = { bytes, start: 2, end: 4 };
    assert(new IdPatterns(["*"]).has(id));
    assertFalse(new IdPatterns(["\u00ff\u00fe"]).has(id), "those are other bytes in UTF-8");
  },
});

Deno.test({
  name: "IdPatterns: a star that is not at the end is part of an ID",
  permissions,
  fn() {
    const patterns = new IdPatterns(["a*b", "c**"]);
    assert(patterns.includes("a*b") && patterns.includes("c*") && patterns.includes("c*d"));
    assertFalse(patterns.includes("axb") || patterns.includes("c"));
  },
});

Deno.test({
  name: "IdPatterns.only is the one ID that is named, and null where there may be others",
  permissions,
  fn() {
    const only = (...texts: string[]) => new IdPatterns(texts).only;
    assertEquals([only("dog"), only(), only("dog*"), only("*"), only("a", "b")], [
      "dog",
      null,
      null,
      null,
      null,
    ]);
  },
});

Deno.test({
  name: "IdPatterns.covers() says yes only when no ID of the others is missing",
  permissions,
  fn() {
    const text = fc.stringMatching(/^[ab]{0,3}\*?$/).filter((text) => text !== "");
    const texts = fc.array(text, { maxLength: 3 });
    const id = fc.stringMatching(/^[ab]{1,4}$/);
    fc.assert(
      fc.property(texts, texts, id, (one, other, id) => {
        const [wide, narrow] = [new IdPatterns(one), new IdPatterns(other)];
        if (wide.covers(narrow) && narrow.includes(id)) assert(wide.includes(id));
      }),
      { numRuns: 2_000 },
    );
    const covers = (one: string, other: string) =>
      new IdPatterns([one]).covers(new IdPatterns([other]));
    assert(covers("a*", "ab*") && covers("a*", "a") && covers("a", "a") && covers("*", "*"));
    assertFalse(covers("a", "a*") || covers("ab*", "a*") || covers("a", "b"));
  },
});

Deno.test({
  name: "patternTrouble() says what is wrong; idBytesMax, idPatternsMax: more than that is",
  permissions,
  fn() {
    assertEquals(patternTrouble(["family/*", "caf\u00e9", "*"]), null);
    for (const text of ["", "a b", "a\tb", "\ud800", "x".repeat(idBytesMax + 1)]) {
      assert(patternTrouble([text])?.includes("should"), text);
    }
    assertEquals(patternTrouble(["x".repeat(idBytesMax)]), null);
    assertEquals(patternTrouble(Array(idPatternsMax).fill("x")), null);
    assert(patternTrouble(Array(idPatternsMax + 1).fill("x"))?.includes("at most"));
  },
});
