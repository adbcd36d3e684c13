/**
 * What proves the herd's secret, without the warnings that loading it would print.
 *
 * @module
 */

import { type Prover, proverOf } from "../links/proof.ts";

/**
 * @param secrets the herd's, none or up to two: the first is proven with, each is taken
 * @returns what proves and checks with them
 */
export async function herdProver(secrets: readonly string[]): Promise<Prover> {
  if (secrets.length > 0) await hideDeprecations();
  return await proverOf(...secrets);
}

/** Deno 2.4 warns of its own use of `crypto.Hmac`, which no operator can change. */
async function hideDeprecations(): Promise<void> {
  const { default: process } = await import("node:process");
  Object.assign(process, { noDeprecation: true });
}
