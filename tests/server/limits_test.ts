// The limits of lib/limits.ts that a server's clients come up against, each on the network in memory.

import { assert, assertEquals, assertLess } from "@std/assert";
import {
  answerBytesMax,
  connectionsMax,
  lineBytesMax,
  lingerMs,
  placesQuestionsPerConnectionMax,
  readBytesMax,
  readBytesMin,
  slowClientMs,
  unansweredMax,
} from "../../lib/limits.ts";
import { MemoryNetwork } from "../memory_network.ts";
import { MemoryServer } from "./memory_server.ts";
import { tapped } from "./tapped.ts";

const iamat = (id: string) => `IAMAT ${id} +34-118 1621464827\n`;

Deno.test({
  name: "lineBytesMax: a line of as many bytes is a line, one more ends the connection",
  permissions: "none",
  async fn() {
    const server = await MemoryServer.start();
    for (const pad of ["x".repeat(lineBytesMax - 1), " ".repeat(lineBytesMax - 1)]) {
      assertEquals(await server.ask(`${pad}x\n`), `? ${pad}x\n`);
    }
    const padded = (bytes: number) => `${iamat("k").trimEnd().padEnd(bytes)}\n`;
    const report = padded(lineBytesMax);
    assertEquals(report.length, lineBytesMax + 1);
    assert((await server.ask(report)).startsWith("AT Clark "));
    for (const line of [`${"x".repeat(lineBytesMax + 1)}\n`, padded(lineBytesMax + 1)]) {
      const client = await server.client();
      client.send(`first\n${line}behind\n`);
      await server.clock.run(lingerMs);
      assertEquals([client.received, client.ending], ["? first\n? \n", "end of file"]);
    }
    assertEquals(server.table.size, 1);
  },
});

Deno.test({
  name: "lineBytesMax: a line that does not end is cut off when it is longer, not before",
  permissions: "none",
  async fn() {
    const server = await MemoryServer.start();
    const client = await server.client();
    client.send("x".repeat(lineBytesMax));
    await server.clock.run(0);
    assertEquals([client.received, client.ending], ["", null]);
    client.send("x");
    await server.clock.run(0);
    assertEquals([client.received, client.ending], ["? \n", "end of file"]);
  },
});

Deno.test({
  name: "lingerMs: what a client still sends is read for so long, so that it gets the last answer",
  permissions: "none",
  async fn() {
    const server = await MemoryServer.start();
    const client = await server.silentClient();
    client.send("x".repeat(lineBytesMax + 1));
    await server.clock.run(0);
    await client.readOnce();
    const before = client.sentBytes;
    client.send("y".repeat(10 * readBytesMax));
    await server.clock.run(lingerMs - 1);
    assertEquals(client.sentBytes - before, 10 * readBytesMax);
    assertEquals([client.received, server.network.connections], ["? \n", 1]);
    client.send("z");
    await server.clock.run(1);
    client.connection.close();
    assertEquals(server.network.connections, 0);
  },
});

Deno.test({
  name:
    "placesQuestionsPerConnectionMax: further questions of a connection wait, those of others do not",
  permissions: "none",
  async fn() {
    const server = await MemoryServer.start();
    await server.ask(iamat("k"));
    const [one, other] = [await server.client(), await server.client()];
    const asked = () => server.places.asked.map(({ bound }) => bound);
    one.send(Array.from({ length: 7 }, (_, at) => `WHATSAT k 1 ${at + 1}\n`).join(""));
    await server.clock.settle();
    assertEquals(asked(), [1, 2, 3, 4]);
    other.send("WHATSAT k 1 20\n");
    await server.clock.settle();
    assertEquals(asked(), [1, 2, 3, 4, 20]);
    // The third is answered first: a question that waited is asked, and answers stay in order.
    server.places.find(2);
    await server.clock.settle();
    assertEquals(asked(), [1, 2, 3, 4, 20, 5]);
    assertEquals(one.lines, []);
    for (let found = 0; found < 3; found++) {
      server.places.findAll();
      await server.clock.settle();
    }
    assertEquals(asked(), [1, 2, 3, 4, 20, 5, 6, 7]);
    assertEquals(one.lines.filter((line) => line.startsWith("AT ")).length, 7);
    assertEquals(asked().length, placesQuestionsPerConnectionMax + 4);
  },
});

Deno.test({
  name: "unansweredMax: no more commands of a connection are taken until an answer is there",
  permissions: "none",
  async fn() {
    const server = await MemoryServer.start();
    await server.ask(iamat("k"));
    const client = await server.client();
    const other = await server.client();
    const reports = Array.from({ length: unansweredMax + 100 }, (_, at) => iamat(`c${at}`));
    client.send(`WHATSAT k 1 1\n${reports.join("")}`);
    await server.clock.run(0);
    // The question itself is one of the commands that are taken, and k is known already.
    assertEquals(server.table.size, unansweredMax);
    other.send(iamat("other"));
    await server.clock.run(0);
    assertEquals(server.table.size, unansweredMax + 1, "others are not held up");
    server.places.find();
    await server.clock.run(0);
    assertEquals(server.table.size, reports.length + 2);
    const answers = client.lines.filter((line) => line.startsWith("AT ")).length;
    assertEquals(answers, reports.length + 1);
  },
});

Deno.test({
  name: "answerBytesMax: a client that reads nothing is read from no further, and loses no answer",
  permissions: "none",
  async fn() {
    const network = new MemoryNetwork({ bufferBytes: 16 * 1024 });
    const server = await MemoryServer.start({ network });
    await server.ask(iamat("k"));
    const client = await server.silentClient();
    const line = `${"x".repeat(99)}\n`;
    // One question holds back the answers to all that follows.
    const count = 40_000;
    client.send(`WHATSAT k 1 1\n${line.repeat(count)}`);
    await server.clock.run(0);
    // unansweredMax pauses it first: with the question answered, the bytes that wait count.
    assertLess(client.sentBytes, unansweredMax * line.length + readBytesMax + 32 * 1024);
    server.places.findAll();
    await server.clock.run(0);
    assertLess(client.sentBytes, answerBytesMax + 2 * readBytesMax + 32 * 1024);
    client.readOn();
    await server.clock.run(0);
    const answers = client.lines.slice(-count);
    assert(answers.every((answer) => answer === `? ${line.trimEnd()}`));
    assertEquals(answers.length, count);
  },
});

Deno.test({
  name:
    "slowClientMs: a client that reads nothing for so long is dropped, one that reads a little not",
  permissions: "none",
  async fn() {
    const network = new MemoryNetwork({ bufferBytes: 4 * 1024 });
    const server = await MemoryServer.start({ network });
    const [stuck, slow, idle] = [
      await server.silentClient(),
      await server.silentClient(),
      await server.client(),
    ];
    for (const client of [stuck, slow]) client.send("nonsense\n".repeat(100_000));
    for (let ms = 0; ms < slowClientMs; ms += 5_000) {
      await server.clock.run(5_000 - (ms === 0 ? 1 : 0));
      await slow.readOnce(100);
    }
    assertEquals(network.connections, 3);
    await server.clock.run(3_000);
    await slow.readOnce(100);
    assertEquals(network.connections, 3, "the other end is still open");
    const told = server.events.of(/^WARN dropped .*: it does not read its answers$/);
    assertEquals(told.length, 1);
    await stuck.readOnce();
    assert(stuck.ending instanceof Error);
    assertEquals([slow.ending, idle.ending], [null, null]);
  },
});

Deno.test({
  name: "connectionsMax: one more connection is closed, those that are open are served",
  permissions: "none",
  async fn() {
    const network = new MemoryNetwork({ bufferBytes: 64 });
    const server = await MemoryServer.start({ network });
    const clients = [];
    for (let count = 0; count < connectionsMax; count++) {
      clients.push(await server.silentClient());
    }
    await server.clock.run(0);
    for (let more = 0; more < 3; more++) {
      const refused = await server.client();
      await server.clock.run(0);
      assertEquals([refused.received, refused.ending], ["", "end of file"]);
    }
    assertEquals(
      server.events.of(/^WARN 16384 connections are open, no more are taken$/).length,
      1,
    );
    const last = clients.at(-1)!;
    last.send("nonsense\n");
    last.readOn();
    await server.clock.run(0);
    assertEquals(last.received, "? nonsense\n");
    clients[0]!.connection.close();
    await server.clock.run(0);
    assertEquals(await server.ask("nonsense\n"), "? nonsense\n");
  },
});

Deno.test({
  name:
    "readBytesMin, readBytesMax: an input buffer begins small, grows with the traffic, and shrinks",
  permissions: "none",
  async fn() {
    const sizes: number[] = [];
    const server = await MemoryServer.start({
      network: new MemoryNetwork({ bufferBytes: 1024 * 1024 }),
      transport: (transport) =>
        tapped(transport, {
          read(connection, into) {
            sizes.push(into.byteOffset + into.length);
            return connection.read(into);
          },
        }),
    });
    const client = await server.client();
    client.send("nonsense\n".repeat(500_000));
    await server.clock.run(0);
    assertEquals([sizes[0], Math.max(...sizes)], [readBytesMin, readBytesMax]);
    for (let times = 0; times < 100; times++) {
      client.send("nonsense\n");
      await server.clock.run(0);
    }
    assertEquals(sizes.at(-1), readBytesMin);
    assertEquals(client.lines.length, 500_100);
  },
});
