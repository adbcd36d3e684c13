/**
 * Which server is started, and where it listens.
 *
 * @module
 */

import type { Server } from "../../server/server.ts";
import type { HerdFile, ServerEntry } from "../../topology/herd_file.ts";
import { addressText } from "../../transport/address.ts";
import { AddressInUseError } from "../../transport/transport.ts";
import type { ServeLine } from "../command_line.ts";
import { exitStatus, StartError } from "../exit_status.ts";
import type { FoundConfig } from "../find_config.ts";
import { serverNamed } from "../server_named.ts";

/**
 * @returns the server that is meant; `--bind` goes before what herd.json says
 * @throws {UsageError} when there is no such server
 */
export function entryOf(
  herd: HerdFile,
  { name, bare, bind, config }: Omit<ServeLine, "command" | "config"> & {
    readonly config: FoundConfig;
  },
): ServerEntry {
  const entry = serverNamed(name, { herd, config: config.name, orCommand: bare });
  return bind === undefined ? entry : { ...entry, bind };
}

/** @returns where it listens, in words */
export function addressesOf({ host, bind, port, tls }: ServerEntry): string {
  const hostname = bind ?? host;
  const plain = addressText({ hostname, port });
  return tls === undefined
    ? plain
    : `${plain} and, for TLS, ${addressText({ hostname, port: tls.port })}`;
}

/**
 * Has a server listen.
 *
 * @throws {StartError} when it cannot; for who supervises it, with a status of its own when the
 *   address is taken
 */
export function start(
  server: Server,
  entry: ServerEntry,
  { supervised }: { readonly supervised: boolean },
): void {
  try {
    server.start();
  } catch (error) {
    const isTaken = error instanceof AddressInUseError;
    const why = isTaken
      ? "another program listens there; is the server running already?"
      : error instanceof Error
      ? error.message
      : String(error);
    throw new StartError(
      `${entry.name} cannot listen on ${addressesOf(entry)}: ${why}`,
      isTaken && supervised ? exitStatus.addressTaken : exitStatus.failure,
    );
  }
}
