/**
 * Proof of the herd's secret: HMAC-SHA-256 (RFC 2104) over what is being proven, so that the secret
 * itself never leaves a server, and a proof that was overheard is worth nothing in another
 * conversation.
 *
 * @module
 */

/** Which side of a link proves itself: the one that dialled, or the one that accepted. */
export type Side = "dial" | "accept";

/** What a proof is of: this side, of a link between these servers, in this conversation. */
export interface Claim {
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
  /** 32 bits that all servers have in common and nobody else knows; 0 without a secret. */
  readonly salt: number;
  /** @returns the proof of a claim: 64 hexadecimal digits, or `-` */
  prove(claim: Claim): string;
  /** @returns whether the proof is that of the claim; takes the same time for every wrong proof */
  check(claim: Claim, proof: string): boolean;
}

/** In place of a proof when there is no secret. */
const noProof = "-";

const withoutSecret: Prover = {
  hasSecret: false,
  salt: 0,
  prove: () => noProof,
  check: (_claim, proof) => proof === noProof,
};

/**
 * @param secret the herd's secret, the same on every server; without one nothing is proven
 * @returns what makes and checks proofs with it
 * @example
 * ```ts
 * import { assert, assertFalse } from "@std/assert";
 * const claim = { side: "dial", from: "Clark", to: "Bona", fromNonce: "1", toNonce: "2" } as const;
 * const prover = await proverOf("a long secret");
 * assert(prover.check(claim, prover.prove(claim)));
 * assertFalse(prover.check({ ...claim, side: "accept" }, prover.prove(claim)));
 * ```
 */
export async function proverOf(secret?: string): Promise<Prover> {
  if (!secret) return withoutSecret;
  // Loaded only here, so that a herd without a secret starts sooner.
  const { createHmac, timingSafeEqual } = await import("node:crypto");
  const digest = ({ side, from, to, fromNonce, toNonce }: Claim) =>
    createHmac("sha256", secret)
      .update(`herd 1 ${side} ${from} ${to} ${fromNonce} ${toNonce}`)
      .digest("hex");
  const encoder = new TextEncoder();
  return {
    hasSecret: true,
    salt: createHmac("sha256", secret).update("herd 1 salt").digest().readInt32BE(0),
    prove: digest,
    check(claim, proof) {
      const right = encoder.encode(digest(claim));
      const told = encoder.encode(proof);
      return told.length === right.length && timingSafeEqual(told, right);
    },
  };
}
