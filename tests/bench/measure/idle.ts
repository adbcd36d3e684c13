/**
 * Memory a connection: how much a server grows when clients connect and say nothing, and when each
 * has said a line.
 *
 * @module
 */

import { delay } from "@std/async/delay";
import { Asking, newStamp } from "../asking.ts";
import { neighbourNames, serverName, startEcho } from "../contestants.ts";
import { residentBytes } from "../machine.ts";
import { count, fixed, type Section } from "../report.ts";
import { planMeasured, type Stage, startServer } from "../stage.ts";

/** Connections made at once. */
const together = 50;
/** How long a server is left alone before its memory is read: it gives up what it does not need. */
const settleMs = 3_000;

/** Bytes a connection. */
interface Growth {
  readonly silent: number;
  readonly said: number;
}

/** This herd's server beside an echo with a buffer of 512 bytes a connection. */
export async function measureIdle(
  stage: Stage,
  { connections }: { connections: number },
): Promise<Section> {
  using servers = planMeasured(stage);
  const port = servers.ports[serverName]!;
  const pid = await startServer(stage, servers, serverName, { linked: neighbourNames });
  const herd = await growth({ port, pid }, connections);
  await stage.processes.end(pid);
  const small = await startEcho(stage.processes, 512);
  const echo = await growth(small, connections);
  await stage.processes.end(small.pid);
  const row = (
    name: string,
    { silent, said }: Growth,
  ) => [name, kibibytes(silent), kibibytes(said)];
  return {
    title: "Memory a connection",
    text: `Resident memory of a fresh server's process, by which it has grown a connection with
      ${count(connections)} connections: when nothing was said on any, and some seconds after a line
      was said on each.`,
    tables: [{
      columns: ["", "silent", "after a line"],
      rows: [row("herd", herd), row("echo, 512 bytes", echo)],
    }],
    gates: [{
      what: `memory of ${count(connections)} idle connections, to the echo's`,
      got: herd.silent / echo.silent,
      atMost: 1.3,
    }],
    data: { herd, echo },
  };
}

async function growth(
  { port, pid }: { readonly port: number; readonly pid: number },
  connections: number,
): Promise<Growth> {
  await delay(settleMs);
  const before = residentBytes(pid);
  const clients: Asking[] = [];
  while (clients.length < connections) {
    const more = Array.from({ length: together }, () => Asking.connect(port, 1024));
    clients.push(...await Promise.all(more));
  }
  await delay(settleMs);
  const silent = residentBytes(pid) - before;
  for (let from = 0; from < connections; from += together) {
    const some = clients.slice(from, from + together);
    await Promise.all(some.map((client) => client.line(`IAMAT idle +34-118 ${newStamp()}\n`)));
  }
  await delay(settleMs);
  const said = residentBytes(pid) - before;
  for (const client of clients) client[Symbol.dispose]();
  return { silent: silent / connections, said: said / connections };
}

function kibibytes(bytes: number): string {
  return `${fixed(bytes / 1024, 1)} KiB`;
}
