/**
 * What the log says about each counter of a server's edge.
 *
 * @module
 */

import type { Table } from "../locations/table.ts";
import type { ConnectionBounds } from "./connections.ts";
import type { Counter } from "./edge_log.ts";
import type { Gauges } from "./gauges.ts";

/** What is counted, and the bounds that it came up against. */
export interface Edge {
  readonly gauges: Gauges;
  readonly table: Pick<Table, "refused" | "size" | "clientsMax">;
  readonly bounds: ConnectionBounds;
  readonly maxClockAheadS: number | null;
}

/** @returns the counters, each with the line that is logged when it has grown */
export function edgeCounters({ gauges, table, bounds, maxClockAheadS }: Edge): Counter[] {
  const { dropped } = gauges;
  const { connections, silentMs, idleMs } = bounds;
  return [
    {
      count: () => dropped.full,
      text: (more) =>
        `dropped ${more} connections, those silent or idle longest, to make room for new ones: ` +
        `${connections} may be open (limits.connections), or as many files as the system allows`,
    },
    {
      count: () => gauges.unaccepted,
      text: (more) =>
        `could not accept a connection ${more} times: too many files are open, and no connection ` +
        "can be dropped; see ulimit -n",
    },
    {
      count: () => dropped.silent,
      text: (more) =>
        `dropped ${more} connections that said nothing for ${silentMs / 1000} s (limits.silentS)`,
    },
    {
      count: () => dropped.idle,
      text: (more) =>
        `dropped ${more} connections that were idle for ${idleMs / 1000} s (limits.idleS)`,
    },
    {
      count: () => dropped.HTTP,
      text: (more) => `closed ${more} connections that speak HTTP`,
    },
    {
      count: () => dropped.denied,
      text: (more) => `closed ${more} connections that went beyond their tokens, or had none`,
    },
    {
      count: () => gauges.ahead,
      text: (more) =>
        `refused ${more} reports from more than ${maxClockAheadS} s ahead of this server's clock ` +
        "(maxClockAheadS): are their times in milliseconds?",
    },
    {
      count: () => table.refused,
      text: (more) =>
        `refused ${more} records of new clients: ${table.size} clients are known, and memory is ` +
        `reckoned for ${table.clientsMax} (limits.maxClients)`,
    },
  ];
}
