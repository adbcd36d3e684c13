/**
 * What simulations have found, each told again without chance.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { proverOf } from "../../lib/herd/proof.ts";
import { Table } from "../../lib/locations/table.ts";
import { bytesOf, textOf } from "../../lib/protocol/ascii.ts";
import type { Connection } from "../../lib/transport/transport.ts";
import { seededRandom } from "../seeded_random.ts";
import type { End } from "./end.ts";
import { Machine, port, type World } from "./machine.ts";
import { Network } from "./network.ts";
import { type Plan, planOf } from "./plan.ts";
import { Process } from "./process.ts";
import { Trace } from "./trace.ts";
import { VirtualTime } from "./virtual_time.ts";

/** A herd in which nothing goes wrong unless the test says so. */
async function quietHerd(plan: Partial<Plan>) {
  const whole: Plan = {
    ...planOf(1),
    hasSecret: false,
    forgetAfterS: null,
    maxClockAheadS: null,
    ids: ["kiwi"],
    delayMsMax: 1,
    bufferBytes: 64 * 1024,
    pieces: 0,
    ...plan,
  };
  const time = new VirtualTime();
  const network = new Network({ ...whole, time, random: seededRandom(1), onArrival() {} });
  const world: World = {
    seed: 1,
    plan: whole,
    time,
    network,
    trace: new Trace(time, { isKept: false }),
    prover: await proverOf(),
    makeTable: (salt) => new Table(salt),
  };
  const machines = whole.servers.map((server) =>
    new Machine(world, server, { started() {}, linkChanged() {}, ending() {} })
  );
  for (const machine of machines) machine.start();
  const passes = (ms: number) => time.runUntil(time.nowMs + ms, () => true);
  return { time, network, machines, passes };
}

/** Opens a connection to a server and says something. */
async function say(network: Network, machine: Machine, text: string): Promise<Connection> {
  const transport = network.transport(new Process("127.0.1.1"));
  const { signal } = new AbortController();
  const connection = await transport.connect({ hostname: machine.plan.hostname, port }, signal);
  await connection.write(Uint8Array.from(bytesOf(text)));
  return connection;
}

/** Has every write of a connection's other end told of before it is made. */
function watchWrites(connection: Connection, onWrite: (text: string) => void): void {
  const { peer } = connection as End;
  const write = peer.write.bind(peer);
  peer.write = (bytes) => {
    onWrite(textOf(bytes));
    return write(bytes);
  };
}

function onDisk({ disk }: Machine): string {
  return [...disk.open({ sync: true }).batches()].map(textOf).join("");
}

Deno.test({
  name: "an answer waits for the disk also when a WHATSAT behind it is answered (seed 431)",
  permissions: "none",
  async fn() {
    const server = { name: "Clark", hostname: "127.0.0.1", durability: "sync", skewMs: 0 } as const;
    const { network, machines: [clark], passes } = await quietHerd({
      servers: [server],
      links: [],
    });
    const record = "kiwi +34.0-118.4 1621464827.9";
    const answers: { text: string; saved: string }[] = [];
    say(network, clark!, `IAMAT ${record}\nWHATSAT kiwi 10 0\n`).then((connection) =>
      watchWrites(connection, (text) => answers.push({ text, saved: onDisk(clark!) }))
    );
    await passes(1_000);
    assertEquals(answers.length, 2);
    for (const { text, saved } of answers) {
      assert(text.includes(record));
      assert(saved.includes(record), "answered before it was on disk");
    }
  },
});
