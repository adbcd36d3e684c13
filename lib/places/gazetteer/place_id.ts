/**
 * The ID of a place in an answer.
 *
 * @module
 */

import { sha256 } from "./sha256.ts";

const encoder = new TextEncoder();

/** Bytes of the hash that an ID holds. */
const hashBytes = 15;

/** Characters of an ID behind `herd.`, in base64url. */
export const placeIdDigits = hashBytes / 3 * 4;

/** What tells a place from all others. */
export interface PlaceIdentity {
  readonly name: string;
  readonly latitude: number;
  readonly longitude: number;
  /** How many places of the same name at the very same position come before it. */
  readonly twins: number;
}

/**
 * 120 bits of SHA-256 over a place's name and position: the same in every answer of every server, and
 * for ever, when the file grows or is sorted anew, too; types and vicinity may change. For a second
 * place of the same name at the very same position the hash includes its ordinal.
 *
 * @param identity what tells the place from all others
 * @returns {@linkcode placeIdDigits} characters, in base64url
 *
 * @example
 * ```ts
 * import { assertMatch } from "@std/assert";
 *
 * const suva = { name: "Suva", latitude: -18.14, longitude: 178.44, twins: 0 };
 * assertMatch(placeId(suva), /^[\w-]{20}$/);
 * ```
 */
export function placeId({ name, latitude, longitude, twins }: PlaceIdentity): string {
  const identity = JSON.stringify([name, latitude, longitude, ...(twins === 0 ? [] : [twins])]);
  const hash = sha256(encoder.encode(identity)).subarray(0, hashBytes);
  return btoa(String.fromCharCode(...hash)).replaceAll("+", "-").replaceAll("/", "_");
}
