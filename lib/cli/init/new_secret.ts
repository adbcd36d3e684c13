/**
 * A new secret for a herd.
 *
 * @module
 */

import type { Random } from "../../transport/transport.ts";

/** Nobody guesses so many; a hash of HMAC-SHA-256 has no more. */
const secretBytes = 32;

/** Where it goes, for whoever made one. */
export const secretHint =
  "# The same on every server of the herd, in a file that HERD_SECRET_FILE names: " +
  "(umask 077; herd-server init secret > secret)";

/** @returns 32 bytes of chance, in hexadecimal digits */
export function newSecret(random: Pick<Random, "bytes">): string {
  return Array.from(random.bytes(secretBytes), (byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}
