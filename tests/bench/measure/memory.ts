/**
 * Memory a client: how much a server grows when clients come.
 *
 * @module
 */

import { neighbourNames, serverName } from "../contestants.ts";
import { residentBytes } from "../machine.ts";
import { count, fixed, type Section } from "../report.ts";
import { planMeasured, type Stage, startServer } from "../stage.ts";

/** @param options.sizes numbers of clients, ascending */
export async function measureMemory(
  stage: Stage,
  { sizes }: { sizes: readonly number[] },
): Promise<Section> {
  using servers = planMeasured(stage);
  const pid = await startServer(stage, servers, serverName, { linked: neighbourNames });
  const targets = [{ port: servers.ports[serverName]!, server: serverName }];
  const idleBytes = residentBytes(pid);
  const load = (clients: number, turns: number) =>
    stage.generator.run({ targets, dialect: "iamat", clients, inFlight: 20, turns });
  // What the machine code and the buffers of fifty busy connections take is no client's.
  await load(1_000, 300);
  const warmBytes = residentBytes(pid);
  const rows = [];
  for (const clients of sizes) {
    await load(clients, 1);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const bytes = residentBytes(pid);
    rows.push({ clients, bytes, bytesAClient: (bytes - warmBytes) / (clients - 1_000) });
  }
  await stage.processes.end(pid);
  const last = rows.at(-1)!;
  return {
    title: "Memory a client",
    text: `Resident memory of the server's process, its answers 90 bytes a line, its two links live.
      Freshly started it has ${
      mebibytes(idleBytes)
    }; warm, with 1,000 clients that reported 300 times
      on 50 connections, ${mebibytes(warmBytes)}, which is what the column on the right subtracts.`,
    tables: [{
      columns: ["clients", "resident", "a client"],
      rows: rows.map(({ clients, bytes, bytesAClient }) => [
        count(clients),
        mebibytes(bytes),
        `${fixed(bytesAClient, 0)} bytes`,
      ]),
    }],
    gates: [{
      what: `bytes a client at ${count(last.clients)} clients`,
      got: last.bytesAClient,
      atMost: 220,
    }],
    data: { idleBytes, warmBytes, rows },
  };
}

function mebibytes(bytes: number): string {
  return `${fixed(bytes / 2 ** 20, 1)} MiB`;
}
