/**
 * The members of a herd.
 *
 * @module
 */

import type { Members } from "../../links/links_context.ts";
import type { HerdFile } from "../../topology/herd_file.ts";
import type { Transport } from "../../transport/transport.ts";

/**
 * @param herd herd.json
 * @param options.name a server
 * @param options.tls what dials TLS
 * @returns who is in the herd as the server sees it: how its neighbours are dialled, all names,
 * and whether links of version 1 are accepted
 */
export function membersOf(
  { servers, topology, ca, acceptLinks1 }: HerdFile,
  { name, tls: transport }: { readonly name: string; readonly tls: Transport },
): Members {
  const neighbours = topology.neighboursOf(name).map((name) => {
    const { host, port, tls } = servers.get(name)!;
    return ca === null || tls === undefined
      ? { name, host, port }
      : { name, host, port: tls.port, transport };
  });
  return { neighbours, names: [...servers.keys()], acceptLinks1 };
}
