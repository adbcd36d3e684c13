/**
 * Whether a herd is safe to link.
 *
 * @module
 */

import { isLoopback } from "../../links/incoming.ts";
import type { HerdFile, ServerEntry } from "../../topology/herd_file.ts";
import { UsageError } from "../usage.ts";

/** What a herd is linked with. */
export interface LinkSafety {
  /** herd.json's path, for the message. */
  readonly config: string;
  /** Whether links from other machines are accepted without a secret. */
  readonly insecureLinks: boolean;
  /** Whether the herd has a secret. */
  readonly hasSecret: boolean;
}

/**
 * Links between machines without a secret would let everybody put records into the herd, and tokens
 * are signed under it.
 *
 * @throws {UsageError} when this herd would have such links, or needs tokens and has no secret
 */
export function checkSecret(
  herd: HerdFile,
  { config, insecureLinks, hasSecret }: LinkSafety,
): void {
  if (!hasSecret && herd.clients === "token") {
    throw new UsageError(
      `${config}: clients: "token" needs HERD_SECRET in the environment: tokens are signed under it`,
    );
  }
  if (hasSecret || insecureLinks) return;
  for (const { name, host } of herd.servers.values()) {
    if (host === "localhost" || isLoopback(host)) continue;
    throw new UsageError(
      `${config}: servers.${name}.host: ${JSON.stringify(host)} is another machine: links to it ` +
        "need HERD_SECRET in the environment, the same for every server (or --insecure-links)",
    );
  }
}

/**
 * @param herd herd.json
 * @param entry a server of it
 * @returns what is not good about how the server takes tokens, a line each
 */
export function tokenWarnings(
  { clients }: HerdFile,
  { name, host, bind = host, tls }: ServerEntry,
): string[] {
  if (clients === "open" || bind === "localhost" || isLoopback(bind)) return [];
  const where = tls === undefined ? "it has no TLS" : `use its TLS port, ${tls.port}`;
  return [
    `servers.${name}: whoever can read the network reads the tokens that are shown on its plain ` +
    `port: ${where}`,
  ];
}
