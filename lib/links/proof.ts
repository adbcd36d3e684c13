/**
 * Proof of the herd's secret: HMAC-SHA-256 (RFC 2104) over what is being proven, so that the secret
 * itself never leaves a server, and a proof that was overheard is worth nothing in another
 * conversation.
 *
 * @module
 */

import type { Salts } from "../locations/digests.ts";
import type { LinkVersion } from "./hello.ts";

/** Which side of a link proves itself: the one that dialled, or the one that accepted. */
export type Side = "dial" | "accept";

/** What a proof is of: this side, of a link between these servers, in this conversation. */
export interface Claim {
  /** The link protocol's version, so that a proof of one is worth nothing in another. */
  readonly version: LinkVersion;
  readonly side: Side;
  /** The server that dialled. */
  readonly from: string;
  /** The server that accepted. */
  readonly to: string;
  /** The dialler's nonce. */
  readonly fromNonce: string;
  /** The acceptor's nonce. */
  readonly toNonce: string;
}

/** Makes and checks proofs. */
export interface Prover {
  /** Whether there is a secret; without one a proof is `-`. */
  readonly hasSecret: boolean;
  /**
   * For each secret, in their order, 32 bits that nobody knows who does not know the secret; 0
   * without one. The digest's buckets are salted with them.
   */
  readonly salts: Salts;
  /** @returns the proof of a claim by the first secret: 64 hexadecimal digits, or `-` */
  prove(claim: Claim): string;
  /**
   * @returns whether the proof is that of the claim, by whichever secret; takes the same time for
   * every wrong one
   */
  check(claim: Claim, proof: string): boolean;
}

/** In place of a proof when there is no secret. */
const noProof = "-";

const withoutSecret: Prover = {
  hasSecret: false,
  salts: [0],
  prove: () => noProof,
  check: (_claim, proof) => proof === noProof,
};

/**
 * @param secret the herd's secret, the same on every server; without one nothing is proven
 * @param other another that is taken as well, while a herd changes from one to the other
 * @returns what proves with the secret and checks with both
 * @example
 * ```ts
 * import { assert, assertFalse } from "@std/assert";
 * const names = { from: "Clark", to: "Bona", fromNonce: "1", toNonce: "2" };
 * const claim = { version: 2, side: "dial", ...names } as const;
 * const prover = await proverOf("a long new secret", "a long old secret");
 * assert(prover.check(claim, prover.prove(claim)));
 * assert(prover.check(claim, (await proverOf("a long old secret")).prove(claim)));
 * assertFalse(prover.check({ ...claim, side: "accept" }, prover.prove(claim)));
 * ```
 */
export async function proverOf(secret?: string, other?: string): Promise<Prover> {
  if (!secret) return withoutSecret;
  // Loaded only here, so that a herd without a secret starts sooner.
  const { createHmac, timingSafeEqual } = await import("node:crypto");
  const proofBy = (secret: string, { version, side, from, to, fromNonce, toNonce }: Claim) =>
    createHmac("sha256", secret)
      .update(`herd ${version} ${side} ${from} ${to} ${fromNonce} ${toNonce}`)
      .digest("hex");
  const saltOf = (secret: string) =>
    createHmac("sha256", secret).update("herd 1 salt").digest().readInt32BE(0);
  const others = other ? [other] : [];
  const encoder = new TextEncoder();
  return {
    hasSecret: true,
    salts: [saltOf(secret), ...others.map(saltOf)],
    prove: (claim) => proofBy(secret, claim),
    check(claim, proof) {
      const told = encoder.encode(proof);
      // Each is looked at, so that the time does not tell which of them was right.
      const isRight = [secret, ...others].map((secret) => {
        const right = encoder.encode(proofBy(secret, claim));
        return told.length === right.length && timingSafeEqual(told, right);
      });
      return isRight.includes(true);
    },
  };
}
