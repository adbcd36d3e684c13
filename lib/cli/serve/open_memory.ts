/**
 * What a server remembers when it starts.
 *
 * @module
 */

import { getLogger } from "@std/log";
import { memoryLimitBytes } from "../../transport/memory_limit.ts";
import { clientsMax } from "./clients_max.ts";
import { openStore } from "../../store/open_store.ts";
import { Table } from "../../locations/table.ts";
import type { Memory } from "../../server/server.ts";
import type { HerdFile } from "../../topology/herd_file.ts";
import { systemClock, systemRandom } from "../../transport/system.ts";

/**
 * The table, filled from the server's file where there is one. Trouble with the file is logged and
 * printed; the server goes on without it.
 *
 * @param herd what herd.json says of memory
 * @param options.dataDir the directory of the files, which makes any herd durable
 * @param options.name the server's
 * @param options.salt what all servers of the herd have in common
 */
export async function openMemory(
  { durable, forgetAfterS, maxClockAheadS, limits }: HerdFile,
  { dataDir, name, salt }: { dataDir: string | undefined; name: string; salt: number },
): Promise<Memory> {
  const table = new Table(salt);
  table.clientsMax = clientsMax(limits.maxClients ?? null, memoryLimitBytes());
  const hashSeed = new DataView(systemRandom.bytes(4).buffer).getInt32(0);
  if (forgetAfterS !== null) table.forgetBefore = nowS() - forgetAfterS;
  const memory = { table, hashSeed, stored: null, forgetAfterS, maxClockAheadS };
  if (durable === false && dataDir === undefined) return memory;
  const sync = durable === "sync";
  const directory = dataDir ?? "data";
  const path = `${directory}/${name}.db`;
  const events = getLogger("herd");
  try {
    Deno.mkdirSync(directory, { recursive: true });
  } catch {
    // openStore() says what is wrong with the directory.
  }
  const { store, lines, troubles } = await openStore(path, { sync, table, hashSeed });
  for (const trouble of troubles) {
    events.error(trouble);
    console.error(trouble);
  }
  if (store === null) return memory;
  events.info(`${path} gave ${table.size} records`);
  if (table.refused > 0) events.error(tooMany(path, table));
  return { ...memory, stored: { store, lines, sync } };
}

function tooMany(path: string, { refused, clientsMax }: Table): string {
  return `${path} holds ${refused} records of clients beyond limits.maxClients (${clientsMax}): ` +
    "they are not known, and leave the file when it is written anew";
}

function nowS(): number {
  const now = { seconds: 0, nanoseconds: 0 };
  systemClock.now(now);
  return now.seconds;
}
