/**
 * What every link of a server works with.
 *
 * @module
 */

import type { Table } from "../locations/table.ts";
import type { EventLog } from "../log/event_log.ts";
import type { WireLog } from "../log/log_file.ts";
import type { Clock, Random, Transport } from "../transport/transport.ts";
import type { Prover } from "./proof.ts";

/** A neighbour: its name and where it is dialled. */
export interface Neighbour {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  /** What it is dialled with; the server's own transport when absent. */
  readonly transport?: Transport;
}

/** Who is in the herd, as a server sees it; another object each when that changes. */
export interface Members {
  /** Those that it has links with. */
  readonly neighbours: readonly Neighbour[];
  /** All names of the herd: the origins that a record may have. */
  readonly names: readonly string[];
  /**
   * Whether links of version 1 are accepted although there is a secret, which this server then proves
   * to whoever says a neighbour's hello: for the time of an upgrade. No when absent.
   */
  readonly acceptLinks1?: boolean;
}

/** What a server's links share. */
export interface LinksContext extends Members {
  /** This server's name. */
  readonly name: string;
  readonly table: Table;
  /** What the hashes of IDs begin with, the same for all that ask the table. */
  readonly hashSeed: number;
  readonly prover: Prover;
  /** Whether links without a secret are taken from everywhere, not from loopback only. */
  readonly insecureLinks: boolean;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  readonly events: EventLog;
  readonly wire: WireLog;
}
