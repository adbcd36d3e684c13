import { assert, assertEquals, assertFalse } from "@std/assert";
import fc from "fast-check";
import { Grant, type GrantClaim } from "../../lib/access/grant.ts";
import { bytesOf } from "../../lib/protocol/ascii.ts";

const permissions = "none";

function span(id: string) {
  const bytes = bytesOf(id);
  return { bytes, start: 0, end: bytes.length };
}

Deno.test({
  name: "Grant.of() allows what its claim names and nothing else",
  permissions,
  fn() {
    const grant = Grant.of({ report: ["jane"], read: ["family/*"], places: true })!;
    assertEquals([grant.mayReport(span("jane")), grant.mayReport(span("family/jane"))], [
      true,
      false,
    ]);
    assertEquals([grant.mayRead(span("jane")), grant.mayRead(span("family/jane"))], [false, true]);
    assertEquals([grant.places, grant.monitor, grant.admin], [true, false, false]);
    const nothing = Grant.of({})!;
    assertFalse(nothing.mayReport(span("a")) || nothing.mayRead(span("a")) || nothing.places);
  },
});

Deno.test({
  name: "Grant: admin may everything, also where an ID is not UTF-8",
  permissions,
  fn() {
    const grant = Grant.of({ admin: true, read: [] })!;
    assert(grant.mayReport(span("\xff")) && grant.mayRead(span("\xff")));
    assert(grant.places && grant.monitor);
    assertEquals(Grant.all.claim, { admin: true });
  },
});

Deno.test({
  name: "Grant.of() takes no claim of another shape, and none with a right that it does not know",
  permissions,
  fn() {
    const claims: unknown[] = [
      undefined,
      null,
      [],
      "admin",
      { admin: "true" },
      { admin: 1 },
      { read: "family/*" },
      { read: [7] },
      { read: [""] },
      { report: ["a b"] },
      { write: ["a"] },
      { places: null },
      { read: Array(101).fill("a") },
    ];
    for (const claim of claims) assertEquals(Grant.of(claim), null, JSON.stringify(claim));
  },
});

Deno.test({
  name: "Grant.covers() says yes only when nothing is allowed that is not allowed already",
  permissions,
  fn() {
    const ids = fc.array(fc.stringMatching(/^[ab]{1,2}\*?$/), { maxLength: 2 });
    const claim: fc.Arbitrary<GrantClaim> = fc.record({
      report: ids,
      read: ids,
      places: fc.boolean(),
      monitor: fc.boolean(),
      admin: fc.boolean(),
    });
    fc.assert(
      fc.property(claim, claim, fc.stringMatching(/^[ab]{1,3}$/), (one, other, id) => {
        const [wide, narrow] = [Grant.of(one)!, Grant.of(other)!];
        if (!wide.covers(narrow)) return;
        for (const right of ["admin", "places", "monitor"] as const) {
          assert(wide[right] || !narrow[right], right);
        }
        assert(wide.mayReport(span(id)) || !narrow.mayReport(span(id)));
        assert(wide.mayRead(span(id)) || !narrow.mayRead(span(id)));
      }),
      { numRuns: 2_000 },
    );
    assert(Grant.all.covers(Grant.all));
    assert(Grant.of({ read: ["a*"] })!.covers(Grant.of({ read: ["ab"] })!));
  },
});
