/**
 * What a server remembers, as herd.json and the command line say.
 *
 * @module
 */

import type { Salts } from "../../locations/digests.ts";
import { Table } from "../../locations/table.ts";
import { type Memory, type MemoryOptions, openMemory } from "../../store/open_memory.ts";
import { StoreError } from "../../store/open_store.ts";
import { StoreFile } from "../../store/store_file.ts";
import type { HerdFile } from "../../topology/herd_file.ts";
import { memoryLimitBytes } from "../../transport/memory_limit.ts";
import { StartError } from "../exit_status.ts";
import { clientsMax } from "./clients_max.ts";

/** What the command line and the machine give to a server's memory. */
export interface ServerMemoryOptions extends Pick<MemoryOptions, "clock" | "random" | "events"> {
  /** The server's. */
  readonly name: string;
  /** The directory of the file; null: records are only in memory. */
  readonly directory: string | null;
  /** What all servers of the herd have in common. */
  readonly salts: Salts;
  /** Shows the operator what went wrong. */
  readonly print: { error(message: string): void };
}

/**
 * The table, filled from the server's file where there is one.
 *
 * @param herd what herd.json says of memory
 * @throws {StartError} when records are to be kept and the file cannot be used
 */
export async function serverMemory(
  { durable, forgetAfterS, maxClockAheadS, limits }: HerdFile,
  { name, directory, salts, print, clock, random, events }: ServerMemoryOptions,
): Promise<Memory> {
  const onTrouble = (trouble: string) => {
    events.error(trouble);
    print.error(trouble);
  };
  const sync = durable === "sync";
  const file = directory === null ? null : new StoreFile({ directory, name, sync, onTrouble });
  const table = new Table(...salts);
  table.clientsMax = clientsMax(limits.maxClients ?? null, memoryLimitBytes());
  const given = { table, file, sync, forgetAfterS, maxClockAheadS };
  try {
    return await openMemory({ ...given, clock, random, events, onTrouble });
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    const message = `${name} keeps its records on disk, and cannot: ${error.message}`;
    events.error(message);
    throw new StartError(message);
  }
}
