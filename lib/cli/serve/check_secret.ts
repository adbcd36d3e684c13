/**
 * Whether a herd is safe to link.
 *
 * @module
 */

import { isLoopback } from "../../links/incoming.ts";
import type { HerdFile } from "../../topology/herd_file.ts";
import { UsageError } from "../usage.ts";

/** What a herd is linked with. */
export interface LinkSafety {
  /** herd.json's path, for the message. */
  readonly config: string;
  /** Whether links from other machines are accepted without a secret. */
  readonly insecureLinks: boolean;
  /** `HERD_SECRET`. */
  readonly secret?: string | undefined;
}

/**
 * Links between machines without a secret would let everybody put records into the herd.
 *
 * @throws {UsageError} when this herd would have such links
 */
export function checkSecret(herd: HerdFile, { config, insecureLinks, secret }: LinkSafety): void {
  if (secret || insecureLinks) return;
  for (const { name, host } of herd.servers.values()) {
    if (herd.topology.neighboursOf(name).length === 0) continue;
    if (host === "localhost" || isLoopback(host)) continue;
    throw new UsageError(
      `${config}: servers.${name}.host: ${JSON.stringify(host)} is another machine: links to it ` +
        "need HERD_SECRET in the environment, the same for every server (or --insecure-links)",
    );
  }
}
