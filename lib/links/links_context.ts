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
  /** What it is dialled with; by default the server's own transport. */
  readonly transport?: Transport;
}

/** Who is in the herd, as one server sees it. When that changes, both lists are new. */
export interface Members {
  /** Those that it has links with. */
  readonly neighbours: readonly Neighbour[];
  /** The names of all servers of the herd: the origins that a record may have. */
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
  /** The seed of the hashes of IDs, the same for all that ask the table. */
  readonly hashSeed: number;
  readonly prover: Prover;
  /** Whether links without a secret are accepted from everywhere, not only from loopback. */
  readonly insecureLinks: boolean;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  readonly events: EventLog;
  readonly wire: WireLog;
  /** Resolves when what an operator had done is on disk, where it must be before it is answered. */
  readonly saved?: () => Promise<void>;
}
