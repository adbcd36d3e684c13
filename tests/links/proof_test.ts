import { assert, assertEquals, assertFalse, assertMatch, assertNotEquals } from "@std/assert";
import { type Claim, proverOf } from "../../lib/links/proof.ts";

const claim: Claim = {
  version: 2,
  side: "dial",
  from: "Clark",
  to: "Bona",
  fromNonce: "0123456789abcdef".repeat(2),
  toNonce: "fedcba9876543210".repeat(2),
};

/** Each part of a claim as another conversation, server or side has it. */
const otherClaims: [why: string, claim: Claim][] = [
  ["reflected to the side that made it", { ...claim, side: "accept" }],
  ["replayed to a new nonce of the acceptor's", { ...claim, toNonce: claim.fromNonce }],
  ["replayed under a new nonce of the dialler's", { ...claim, fromNonce: claim.toNonce }],
  ["of the version before", { ...claim, version: 1 }],
  ["from another server", { ...claim, from: "Jaquez" }],
  ["to another server", { ...claim, to: "Jaquez" }],
  ["the other way round", { ...claim, from: claim.to, to: claim.from }],
];

Deno.test({
  name: "Prover.check() takes the right proof, of whoever has the secret",
  permissions: "none",
  async fn() {
    const [one, other] = [await proverOf("a long secret"), await proverOf("a long secret")];
    assert(one.hasSecret);
    assert(other.check(claim, one.prove(claim)));
    assertMatch(one.prove(claim), /^[0-9a-f]{64}$/);
  },
});

Deno.test({
  name: "Prover.prove() is HMAC-SHA-256 under the secret, by another implementation too",
  permissions: "none",
  async fn() {
    const encoder = new TextEncoder();
    const key = await crypto.subtle.importKey(
      "raw",
      encoder.encode("a long secret"),
      { name: "HMAC", hash: "SHA-256" },
      false,
      ["sign"],
    );
    const { side, from, to, fromNonce, toNonce } = claim;
    const text = `herd 2 ${side} ${from} ${to} ${fromNonce} ${toNonce}`;
    const bytes = new Uint8Array(await crypto.subtle.sign("HMAC", key, encoder.encode(text)));
    const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    assertEquals((await proverOf("a long secret")).prove(claim), hex);
  },
});

Deno.test({
  name: "Prover.check() refuses a proof made with another secret",
  permissions: "none",
  async fn() {
    const [right, wrong] = [await proverOf("a long secret"), await proverOf("a long secreT")];
    assertFalse(right.check(claim, wrong.prove(claim)));
  },
});

for (const [why, other] of otherClaims) {
  Deno.test({
    name: `Prover.check() refuses a proof ${why}`,
    permissions: "none",
    async fn() {
      const prover = await proverOf("a long secret");
      assertFalse(prover.check(other, prover.prove(claim)));
      assertNotEquals(prover.prove(other), prover.prove(claim));
    },
  });
}

Deno.test({
  name: "Prover.check() refuses what is no proof at all",
  permissions: "none",
  async fn() {
    const prover = await proverOf("a long secret");
    const proof = prover.prove(claim);
    for (
      const told of ["", "-", proof.slice(1), `${proof}0`, proof.toUpperCase(), "é".repeat(32)]
    ) {
      assertFalse(prover.check(claim, told), told);
    }
  },
});

Deno.test({
  name: "proverOf() without a secret proves nothing and takes only that",
  permissions: "none",
  async fn() {
    for (const prover of [await proverOf(), await proverOf("")]) {
      assertFalse(prover.hasSecret);
      assert(prover.check(claim, prover.prove(claim)));
      assertFalse(prover.check(claim, (await proverOf("a secret")).prove(claim)));
      assertFalse(prover.check(claim, ""));
    }
    const secret = await proverOf("a secret");
    assertFalse(secret.check(claim, (await proverOf()).prove(claim)));
  },
});

Deno.test({
  name: "proverOf() with two secrets proves with the first and takes a proof with either",
  permissions: "none",
  async fn() {
    const [before, after] = [await proverOf("the old secret"), await proverOf("the new secret")];
    const both = await proverOf("the new secret", "the old secret");
    assertEquals(both.prove(claim), after.prove(claim));
    assert(both.check(claim, before.prove(claim)));
    assert(both.check(claim, after.prove(claim)));
    assertFalse(both.check(claim, (await proverOf("a third secret")).prove(claim)));
    assertFalse(before.check(claim, both.prove(claim)));
    assertFalse(both.check({ ...claim, side: "accept" }, before.prove(claim)));
  },
});

Deno.test({
  name: "Prover.salts are one for each secret, in their order, the same on every server",
  permissions: "none",
  async fn() {
    const [before, after] = [await proverOf("the old secret"), await proverOf("the new secret")];
    const both = await proverOf("the new secret", "the old secret");
    assertEquals(both.salts, [...after.salts, ...before.salts]);
    assertNotEquals(before.salts, after.salts);
    assertEquals((await proverOf()).salts, [0]);
  },
});
