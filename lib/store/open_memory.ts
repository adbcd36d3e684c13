/**
 * What a server remembers: its table, filled from its file where there is one.
 *
 * @module
 */

import type { Table } from "../locations/table.ts";
import type { EventLog } from "../log/event_log.ts";
import type { Clock, Random } from "../transport/transport.ts";
import { fieldBytesMax, idBytesMax } from "../limits.ts";
import { openStore } from "./open_store.ts";
import type { RecordFile, RecordStore } from "./record_store.ts";

/** What a server remembers, and for how long. */
export interface Memory {
  readonly table: Table;
  /** What the hashes of IDs begin with, the same for all that ask the table. */
  readonly hashSeed: number;
  /** The file that the table is saved to, and how many lines it holds; null: none. */
  readonly stored: {
    readonly store: RecordStore;
    readonly lines: number;
    /** Whether a report is answered only when it is on disk. */
    readonly sync: boolean;
  } | null;
  /** Records are forgotten after so many seconds; null: never. */
  readonly forgetAfterS: number | null;
  /** A report from further in the future, in seconds, is refused; null: none is. */
  readonly maxClockAheadS: number | null;
}

/** What herd.json and the machine give to a memory. */
export interface MemoryOptions extends Pick<Memory, "forgetAfterS" | "maxClockAheadS"> {
  /** Empty. */
  readonly table: Table;
  /** Where records are kept; null: only remembered. */
  readonly file: RecordFile | null;
  /** Whether a report is answered only when it is on disk. */
  readonly sync: boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly events: EventLog;
  /** Takes what the operator should see, too: a sentence each. */
  readonly onTrouble: (trouble: string) => void;
}

/**
 * Fills a server's table.
 *
 * @param options where from
 * @throws {StoreError} when the file cannot be used
 */
export async function openMemory(options: MemoryOptions): Promise<Memory> {
  const { table, file, sync, clock, random, forgetAfterS, maxClockAheadS } = options;
  const hashSeed = new DataView(random.bytes(4).buffer).getInt32(0);
  table.setAge(secondsOf(clock), forgetAfterS);
  const memory = { table, hashSeed, forgetAfterS, maxClockAheadS };
  if (file === null) return { ...memory, stored: null };
  const { store, lines, tooLong, troubles } = await openStore(file, { table, hashSeed, clock });
  for (const trouble of troubles) options.onTrouble(trouble);
  if (tooLong > 0) {
    options.onTrouble(
      `${file.path} has ${tooLong} records that are left out: an ID has ${idBytesMax} bytes at ` +
        `most, a location and a time ${fieldBytesMax}`,
    );
  }
  options.events.info(`${file.path} gave ${table.size} records`);
  return { ...memory, stored: { store, lines, sync } };
}

function secondsOf(clock: Clock): number {
  const now = { seconds: 0, nanoseconds: 0 };
  clock.now(now);
  return now.seconds;
}
