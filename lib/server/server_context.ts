/**
 * What every session of a server works with.
 *
 * @module
 */

import type { Block } from "../block.ts";
import type { EventLog } from "../log/event_log.ts";
import type { Links } from "../links/links.ts";
import type { Table } from "../locations/table.ts";
import type { Places } from "../places/places.ts";
import type { WireLog } from "../log/log_file.ts";
import type { Clock } from "../transport/transport.ts";
import type { Turns } from "../pacing/turns.ts";

/** The parts of a server that its sessions share. */
export interface ServerContext {
  /** This server's name. */
  readonly name: string;
  /** `AT Clark `, with the server's name: what its own records begin with. */
  readonly atPrefix: Block;
  readonly table: Table;
  readonly links: Links;
  readonly places: Places;
  readonly hashSeed: number;
  readonly clock: Clock;
  readonly events: EventLog;
  readonly wire: WireLog;
  /** Sessions with many lines take turns. */
  readonly turns: Turns;
  /** A report from further in the future, in seconds, is refused; null: none is. */
  readonly maxClockAheadS: number | null;
  /**
   * Resolved when every report taken so far is on disk, rejected when it will not be in time; null
   * where answers do not wait for it.
   */
  readonly saved: (() => Promise<void>) | null;
}
