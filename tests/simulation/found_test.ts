/**
 * What simulations have found, each told again without chance.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import { proverOf } from "../../lib/links/proof.ts";
import { Table } from "../../lib/locations/table.ts";
import { bytesOf, textOf } from "../../lib/protocol/ascii.ts";
import type { Connection } from "../../lib/transport/transport.ts";
import { seededRandom } from "../seeded_random.ts";
import type { End } from "./end.ts";
import { Machine, port, type World } from "./machine.ts";
import { Network } from "./network.ts";
import { type Plan, planOf } from "./plan.ts";
import { Process } from "./process.ts";
import { convergenceMs } from "./simulation.ts";
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
  await Promise.all(machines.map((machine) => machine.start()));
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
    say(network, clark!, `IAMAT ${record}\nWHATSAT kiwi 10 5\n`).then((connection) =>
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

Deno.test({
  name:
    "what a killed server had said last comes back to it, though a neighbour heard it on the old link",
  permissions: "none",
  async fn() {
    const { network, machines, passes } = await quietHerd({
      servers: ["Clark", "Bona"].map((name, index) => ({
        name,
        hostname: `127.0.0.${index + 1}`,
        durability: "none",
        skewMs: 0,
      })),
      links: [["Clark", "Bona"]],
    });
    const [clark, bona] = machines as [Machine, Machine];
    await passes(500);
    // What Bona says is lost on its way, and sent again later and later: at 1.92 s for the third time.
    network.cut(bona.plan.hostname, clark.plan.hostname);
    say(network, bona, "IAMAT kiwi +34.0-118.4 1621464827.9\n");
    await passes(550);
    bona.kill();
    await bona.start();
    await passes(550);
    network.mend(bona.plan.hostname, clark.plan.hostname);
    await passes(200);
    // Clark has a link to the Bona of now, and still hears what the Bona of before had said.
    assertEquals(clark.incarnation!.links.live, ["Bona"]);
    assertEquals(bona.incarnation!.links.live, []);
    assertEquals(clark.incarnation!.parts.table.size, 0);
    await passes(300);
    assertEquals(bona.incarnation!.links.live, ["Clark"]);
    assertEquals(clark.incarnation!.parts.table.size, 1);
    await passes(convergenceMs);
    assertEquals(bona.incarnation!.parts.table.size, 1);
  },
});
