/**
 * The herd's secret, or both of them while the herd changes from one to another.
 *
 * @module
 */

import { secretBytesMin } from "../../limits.ts";
import { UsageError } from "../usage.ts";
import { type SecretOptions, secretsOf } from "./secret.ts";

/**
 * @param means where to look
 * @returns the secret that is proven with, and the one that is taken besides where the file that
 * `HERD_SECRET_FILE` names has two lines; none where there is no secret
 * @throws {UsageError} when a secret is too short, there are more than two, or they cannot be read;
 * no secret is in the message
 */
export async function herdSecrets(means: SecretOptions): Promise<readonly string[]> {
  const { secrets, where } = await secretsOf("HERD_SECRET", means);
  if (secrets.length > 2) {
    throw new UsageError(
      `${where}: has ${secrets.length} secrets; should hold one, or two while it is changed`,
    );
  }
  for (const [index, secret] of secrets.entries()) {
    const { length } = new TextEncoder().encode(secret);
    if (length >= secretBytesMin) continue;
    const which = secrets.length === 1 ? "the secret" : ["the first secret", "the second"][index];
    throw new UsageError(
      `${where}: ${which} has ${length} bytes, and could be guessed; should have at least ` +
        `${secretBytesMin}: "herd-server init secret" makes one`,
    );
  }
  return secrets;
}
