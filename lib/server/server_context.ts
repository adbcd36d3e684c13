/**
 * What every session of a server works with.
 *
 * @module
 */

import type { EventLog } from "../log/event_log.ts";
import type { Faults } from "../log/faults.ts";
import type { Table } from "../locations/table.ts";
import type { Places } from "../places/places.ts";
import type { WireLog } from "../log/log_file.ts";
import type { LineBuffer, LineBufferOptions } from "../protocol/line_buffer.ts";
import type { Clock, Connection } from "../transport/transport.ts";
import type { BufferBudget } from "./buffer_budget.ts";
import type { Connections } from "./connections.ts";
import type { Gauges } from "./gauges.ts";
import type { TokenCheck } from "./permit.ts";
import type { Reports } from "./reports.ts";
import type { Turns } from "../pacing/turns.ts";

/** What a connection that began with a hello is; see `links/`. */
export type Admission =
  /** A client's: nothing was said, and nothing read behind the hello. */
  | { readonly kind: "no neighbour" }
  /** Half of the link protocol was spoken, and no right proof followed. */
  | { readonly kind: "unproven" }
  /** A neighbour's: `run` ends with the connection, and never rejects. */
  | { readonly kind: "admitted"; readonly run: () => Promise<void> };

/** The links to the neighbours, as far as a server knows of them. */
export interface ServerLinks {
  /** Begins to dial. */
  start(): void;
  /** Ends every link. */
  stop(): Promise<void>;
  /**
   * Decides about a connection whose first line is meant as a hello.
   *
   * @param connection the connection
   * @param lines what was read from it behind the hello
   * @param line the hello
   */
  admit(connection: Connection, lines: LineBuffer, line: Uint8Array): Promise<Admission>;
}

/** The parts of a server that its sessions share. */
export interface ServerContext {
  readonly table: Table;
  readonly reports: Reports;
  readonly links: Pick<ServerLinks, "admit">;
  readonly places: Places;
  readonly hashSeed: number;
  readonly clock: Clock;
  readonly events: EventLog;
  readonly wire: WireLog;
  /** Checks clients' tokens; null: whoever can connect may report and ask. */
  readonly tokens: TokenCheck | null;
  readonly connections: Connections;
  readonly gauges: Gauges;
  /** What the buffers of all sessions may grow to. */
  readonly buffers: BufferBudget;
  /** How each session reads. */
  readonly reading: LineBufferOptions;
  readonly faults: Faults;
  /** Sessions with many lines take turns. */
  readonly turns: Turns;
  /**
   * Resolved when every report taken so far is on disk, rejected when it will not be in time; null
   * where answers do not wait for it.
   */
  readonly saved: (() => Promise<void>) | null;
}
