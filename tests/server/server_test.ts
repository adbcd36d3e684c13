import { assert, assertEquals } from "@std/assert";
import { stopMs } from "../../lib/limits.ts";
import type { Listener, Transport } from "../../lib/transport/transport.ts";
import { MemoryClock } from "../memory_clock.ts";
import { MemoryNetwork } from "../memory_network.ts";
import { MemoryServer } from "./memory_server.ts";

const iamat = (id: string) => `IAMAT ${id} +34-118 1621464827\n`;

Deno.test({
  name: "Server.stop() sends the answers that are due, then the end of file, and takes no more",
  permissions: "none",
  async fn() {
    const server = await MemoryServer.start();
    const [idle, busy] = [await server.client(), await server.client()];
    busy.send(`${iamat("k")}WHATSAT k 10 5\nnonsense\n`);
    await server.clock.settle();
    let stopped = false;
    server.server.stop().then(() => stopped = true);
    await server.clock.settle();
    assertEquals(idle.ending, "end of file");
    busy.send(iamat("too.late"));
    await server.clock.settle();
    server.places.findAll();
    await server.clock.settle();
    assertEquals([busy.ending, busy.lines.at(-1)], ["end of file", "? nonsense"]);
    assertEquals(server.table.size, 1);
    assert(stopped);
    assertEquals([server.clock.timers, server.network.connections], [0, 0]);
  },
});

Deno.test({
  name: "Server.stop() ends after stopMs where an answer does not come",
  permissions: "none",
  async fn() {
    const server = await MemoryServer.start();
    const client = await server.client();
    client.send(`${iamat("k")}WHATSAT k 10 5\n`);
    await server.clock.settle();
    let stopped = false;
    server.server.stop().then(() => stopped = true);
    await server.clock.run(stopMs - 1);
    assertEquals(stopped, false);
    await server.clock.run(1);
    await server.clock.settle();
    assert(stopped);
  },
});

/** A transport whose listener gives no connection a few times, as when too many files are open. */
function shortOfFiles(transport: Transport, times: number): Transport {
  return {
    ...transport,
    listen(address): Listener {
      const listener = transport.listen(address);
      let left = times;
      return {
        address: listener.address,
        accept() {
          if (left-- > 0) throw new Error("too many open files");
          return listener.accept();
        },
        close: () => listener.close(),
      };
    },
  };
}

Deno.test({
  name: "Server goes on accepting after the system gave no connection",
  permissions: "none",
  async fn() {
    const transport = (of: Transport) => shortOfFiles(of, 3);
    const server = await MemoryServer.start({ transport });
    const client = await server.client();
    client.send(iamat("k"));
    await server.clock.run(1_000);
    assertEquals(client.lines.length, 1);
    const told = server.events.of(/^ERROR unexpected, in accepting connections: Error: too many/);
    assertEquals(told.length, 1);
  },
});

Deno.test({
  name: "Server gives its neighbours what they missed, and what is news at once",
  permissions: "none",
  async fn() {
    const [network, clock] = [new MemoryNetwork(), new MemoryClock()];
    const clark = await MemoryServer.start({ name: "Clark", neighbours: ["Bona"], network, clock });
    await clark.ask(iamat("missed"));
    const bona = await MemoryServer.start({
      name: "Bona",
      neighbours: ["Clark", "Jaquez"],
      network,
      clock,
    });
    const jaquez = await MemoryServer.start({
      name: "Jaquez",
      neighbours: ["Bona"],
      network,
      clock,
    });
    await clock.run(2_000);
    await jaquez.ask(iamat("news"));
    await clock.run(10);
    for (const server of [clark, bona, jaquez]) {
      assertEquals(server.table.size, 2);
      const answer = await server.ask("WHATSAT missed 0 0\nWHATSAT news 0 0\n");
      assertEquals(answer.match(/^AT (Clark|Jaquez) /gm), ["AT Clark ", "AT Jaquez "]);
    }
    assertEquals(bona.links.live, ["Clark", "Jaquez"]);
  },
});
