// The limits of lib/limits.ts that a server's clients come up against, each on the network in memory.

import { assert, assertEquals, assertLess } from "@std/assert";
import {
  acceptPauseMs,
  answerBytesMax,
  bufferBytesMax,
  connectionsMax,
  edgeLogMs,
  firstReadBytes,
  idleClientMs,
  lineBytesMax,
  lingerMs,
  placesQuestionsPerConnectionMax,
  readBytesMax,
  readBytesMin,
  silentClientMs,
  slabBytes,
  slowClientMs,
  sweepMs,
  unansweredMax,
} from "../../lib/limits.ts";
import { TooManyFilesError } from "../../lib/transport/transport.ts";
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
  name: "connectionsMax: one more is taken in, and the one that was silent longest goes",
  permissions: "none",
  async fn() {
    const network = new MemoryNetwork({ bufferBytes: 64 });
    const server = await MemoryServer.start({ network });
    const clients = [];
    for (let count = 0; count < connectionsMax; count++) {
      clients.push(await server.silentClient());
    }
    await server.clock.run(0);
    clients[0]!.send("nonsense\n");
    await server.clock.run(0);
    const late = await server.client();
    late.send("nonsense\n");
    await server.clock.run(0);
    assertEquals(late.received, "? nonsense\n");
    for (const client of clients.slice(0, 3)) client.readOn();
    await server.clock.run(sweepMs);
    assertEquals(clients.slice(0, 3).map(({ received, ending }) => [received, ending]), [
      ["? nonsense\n", null],
      ["", "end of file"],
      ["", null],
    ]);
    assertEquals(server.server.gauges.dropped.full, 1);
    assertEquals(
      server.events.of(/^WARN dropped 1 connections, those silent or idle longest, /).length,
      1,
    );
  },
});

Deno.test({
  name: "bufferBytesMax: lines that do not end use it up, commands are answered all the same",
  permissions: "none",
  async fn() {
    const network = new MemoryNetwork({ bufferBytes: 64 * 1024 });
    const server = await MemoryServer.start({ network });
    const halves = [];
    for (let bytes = 0; bytes < bufferBytesMax * 1.2; bytes += 64 * 1024) {
      const half = await server.client();
      half.send("x".repeat(60_000));
      halves.push(half);
    }
    await server.clock.run(0);
    const refused = halves.filter(({ received }) => received === "? \n").length;
    assert(refused >= halves.length / 10 && refused < halves.length / 2, `${refused}`);
    assertEquals(server.server.gauges.dropped.endless, refused);
    const client = await server.client();
    client.send(iamat("k".repeat(900)).repeat(1_000));
    await server.clock.run(0);
    assertEquals(client.lines.filter((line) => line.startsWith("AT Clark ")).length, 1_000);
    for (const half of halves) half.connection.close();
    await server.clock.run(lingerMs);
    assertEquals(await server.ask(`${"x".repeat(60_000)}\n`), `? ${"x".repeat(60_000)}\n`);
  },
});

Deno.test({
  name: "silentClientMs, sweepMs: who says no command for so long is dropped, half a line or not",
  permissions: "none",
  async fn() {
    const server = await MemoryServer.start();
    const [silent, half, talking] = [
      await server.client(),
      await server.client(),
      await server.client(),
    ];
    for (let ms = 0; ms < silentClientMs - sweepMs; ms += 1_000) {
      half.send("x");
      await server.clock.run(1_000);
    }
    talking.send("nonsense\n");
    await server.clock.run(0);
    assertEquals([silent, half, talking].map(({ ending }) => ending), [null, null, null]);
    await server.clock.run(2 * sweepMs);
    const endings = ["end of file", "end of file", null] as const;
    assertEquals([silent, half, talking].map(({ ending }) => ending), [...endings]);
    assertEquals(server.server.gauges.dropped.silent, 2);
    assertEquals(server.events.of(/^WARN dropped 2 connections that said nothing/).length, 1);
  },
});

Deno.test({
  name: "idleClientMs: who says no more commands for so long is dropped, who says one stays",
  permissions: "none",
  async fn() {
    const server = await MemoryServer.start({ bounds: { idleMs: 10_000 } });
    const [idle, talking] = [await server.client(), await server.client()];
    for (const client of [idle, talking]) client.send("nonsense\n");
    for (let ms = 0; ms < 30_000; ms += 9_900) {
      await server.clock.run(9_900);
      talking.send("nonsense\n");
      await server.clock.run(0);
    }
    assertEquals([idle.ending, talking.ending], ["end of file", null]);
    assertEquals(server.server.gauges.dropped.idle, 1);
    assert(idleClientMs >= 3_600_000, "who reports once an hour stays");
  },
});

Deno.test({
  name: "edgeLogMs: the log says once in so long how many connections were dropped",
  permissions: "none",
  async fn() {
    const server = await MemoryServer.start({ bounds: { connections: 2 } });
    for (let second = 0; second < edgeLogMs / 1000; second++) {
      for (let count = 0; count < 5; count++) await server.client();
      await server.clock.run(1_000);
    }
    const told = () =>
      server.events.of(/^WARN dropped .* to make room/).map((line) => /\d+/.exec(line)![0]);
    assertEquals(told(), ["3"]);
    await server.clock.run(2_000);
    assertEquals(told(), ["3", "295"]);
  },
});

Deno.test({
  name: "acceptPauseMs: where the system has no file, room is made at once, else it is waited for",
  permissions: "none",
  async fn() {
    let failures = 0;
    const server = await MemoryServer.start({
      transport: (transport) => ({
        ...transport,
        listen(address) {
          const listener = transport.listen(address);
          const accept = () =>
            failures-- > 0
              ? Promise.reject(new TooManyFilesError("too many open files"))
              : listener.accept();
          return { address: listener.address, accept, close: () => listener.close() };
        },
      }),
    });
    const clients = [await server.client(), await server.client()];
    await server.clock.run(0);
    failures = 3;
    clients.push(await server.client());
    await server.clock.run(0);
    assertEquals(clients.map(({ ending }) => ending), [
      "end of file",
      "end of file",
      "end of file",
    ]);
    const late = await server.client();
    late.send("nonsense\n");
    await server.clock.run(0);
    assertEquals(late.received, "? nonsense\n", "room was made, and nothing waited for");
    assertEquals(server.server.gauges.dropped.full, 3);
    late.connection.close();
    await server.clock.run(0);
    failures = 2;
    const [first, second] = [await server.client(), await server.client()];
    for (const client of [first, second]) client.send("nonsense\n");
    await server.clock.run(acceptPauseMs - 1);
    assertEquals([first.ending, second.received], ["end of file", ""]);
    await server.clock.run(1);
    assertEquals(second.received, "? nonsense\n");
  },
});

Deno.test({
  name:
    "firstReadBytes, readBytesMin, readBytesMax: an input buffer begins small, grows with the traffic, and shrinks",
  permissions: "none",
  async fn() {
    const sizes: number[] = [];
    const server = await MemoryServer.start({
      network: new MemoryNetwork({ bufferBytes: 1024 * 1024 }),
      transport: (transport) =>
        tapped(transport, {
          read(connection, into) {
            // The first one is cut from a slab.
            const isFirst = into.buffer.byteLength === slabBytes;
            sizes.push(isFirst ? into.length : into.byteOffset + into.length);
            return connection.read(into);
          },
        }),
    });
    const client = await server.client();
    client.send("nonsense\n".repeat(500_000));
    await server.clock.run(0);
    assertEquals([sizes[0], Math.max(...sizes)], [firstReadBytes, readBytesMax]);
    assert(sizes.includes(readBytesMin));
    for (let times = 0; times < 100; times++) {
      client.send("nonsense\n");
      await server.clock.run(0);
    }
    assertEquals(sizes.at(-1), firstReadBytes);
    assertEquals(client.lines.length, 500_100);
  },
});
