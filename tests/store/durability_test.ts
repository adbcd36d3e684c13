// What a server promises of records that are to be on disk, on a file in memory.

import { assert, assertEquals, assertGreater, assertMatch } from "@std/assert";
import { acknowledgeMsMax, saveMs, saveRetryMsMax, stopMs } from "../../lib/limits.ts";
import { Table } from "../../lib/locations/table.ts";
import { atLine, recordLine } from "../locations/lines.ts";
import { MemoryServer } from "../server/memory_server.ts";
import { MemoryStore } from "./memory_store.ts";

const iamat = (id: string, seconds = 1621464827) => `IAMAT ${id} +34-118 ${seconds}\n`;
const at = (id: string) => `AT Clark +1.000000000 ${id} +34-118 1621464827`;

function start(file: MemoryStore, { sync }: { sync: boolean }): Promise<MemoryServer> {
  return MemoryServer.start({ stored: { store: file, lines: 0, sync } });
}

Deno.test({
  name: "A durable server has a record on disk saveMs after its answer at the most",
  permissions: "none",
  async fn() {
    const file = new MemoryStore();
    const server = await start(file, { sync: false });
    assertEquals(await server.ask(iamat("k")), `${at("k")}\n`);
    assertEquals(file.lines, []);
    await server.clock.run(saveMs);
    await server.clock.settle();
    assertEquals(file.lines, [at("k")]);
  },
});

Deno.test({
  name:
    "A synchronously durable server answers when the record is on disk, one batch for all at once",
  permissions: "none",
  async fn() {
    const file = new MemoryStore();
    const server = await start(file, { sync: true });
    const clients = await Promise.all(Array.from({ length: 10 }, () => server.client()));
    file.onAppend = () => assert(clients.every(({ received }) => received === ""));
    for (const [index, client] of clients.entries()) client.send(iamat(`k${index}`));
    await server.clock.settle();
    assertEquals(file.rows.size, 1);
    assertEquals(clients.map(({ lines }) => lines), clients.map((_, index) => [at(`k${index}`)]));
  },
});

/** Lets promises go on as far as they can, but nothing that was put off. */
const promises = () => new Promise((resolve) => setImmediate(resolve));

Deno.test({
  name: "A synchronously durable server holds an answer back that another answer overtakes",
  permissions: "none",
  async fn() {
    const file = new MemoryStore();
    const server = await start(file, { sync: true });
    await server.ask(iamat("k"));
    const client = await server.client();
    client.send("WHATSAT k 1 1\n");
    await server.clock.settle();
    file.onAppend = () => assert(!client.received.includes(" l "), client.received);
    client.send(iamat("l"));
    await promises();
    server.places.findAll();
    await promises();
    assertEquals([file.lines, client.lines.filter((line) => line.includes(" l "))], [
      [at("k")],
      [],
    ]);
    await server.clock.settle();
    assertEquals([file.lines, client.lines.at(-1)], [[at("k"), at("l")], at("l")]);
    assertEquals(client.lines[0], at("k"));
  },
});

Deno.test({
  name: "A synchronously durable server that stops answers first what it saves",
  permissions: "none",
  async fn() {
    const file = new MemoryStore();
    const server = await start(file, { sync: true });
    const client = await server.client();
    client.send(iamat("k"));
    await promises();
    const stopped = server.server.stop();
    await server.clock.settle();
    assertEquals([client.lines, client.ending], [[at("k")], "end of file"]);
    await stopped;
    assertEquals([file.lines, file.isClosed], [[at("k")], true]);
  },
});

Deno.test({
  name:
    "A durable server whose disk is full answers all the same, says so once, is not ready, and saves when there is room",
  permissions: "none",
  async fn() {
    const file = new MemoryStore();
    const server = await start(file, { sync: false });
    file.failure = new Error("database or disk is full");
    for (let count = 0; count < 20; count++) {
      assertMatch(await server.ask(iamat(`k${count}`)), /^AT Clark .*\n$/);
      await server.clock.run(saveRetryMsMax / 4);
    }
    const said = ["ERROR records are NOT saved, only remembered: database or disk is full"];
    assertEquals(server.events.of(/saved/), said);
    const { isFailing, unsaved, failures } = server.server.saving!;
    assertEquals([isFailing, unsaved], [true, 20]);
    assertGreater(failures, 5);
    file.failure = null;
    await server.clock.run(saveRetryMsMax);
    await server.clock.settle();
    assertEquals(server.events.of(/saved/), [...said, "WARN records are saved again"]);
    assertEquals([server.server.saving!.isFailing, server.server.saving!.unsaved], [false, 0]);
    const saved = new Set(file.lines.map((line) => line.split(" ")[3]));
    assertEquals(saved, new Set(Array.from({ length: 20 }, (_, index) => `k${index}`)));
  },
});

const failures = ["database is locked", "database or disk is full", "disk I/O error"];

Deno.test({
  name:
    "A synchronously durable server acknowledges no report while its disk fails, whatever is wrong",
  permissions: "none",
  async fn() {
    for (const failure of failures) {
      const file = new MemoryStore();
      const server = await start(file, { sync: true });
      file.failure = new Error(failure);
      const client = await server.client();
      client.send(iamat("k"));
      await server.clock.run(acknowledgeMsMax - 2 * saveRetryMsMax);
      assertEquals([client.received, client.ending, file.lines], ["", null, []]);
      file.failure = null;
      file.onAppend = () => assertEquals(client.received, "");
      await server.clock.run(saveRetryMsMax);
      await server.clock.settle();
      assertEquals([client.lines, file.lines], [[at("k")], [at("k")]], failure);
    }
  },
});

Deno.test({
  name:
    "acknowledgeMsMax: a connection whose report is not on disk by then is closed without an answer",
  permissions: "none",
  async fn() {
    const file = new MemoryStore();
    const server = await start(file, { sync: true });
    file.failure = new Error("database or disk is full");
    const client = await server.client();
    client.send(iamat("k") + iamat("l") + "hello?\n");
    await server.clock.run(acknowledgeMsMax);
    await server.clock.settle();
    assertEquals(client.received, "");
    assert(client.ending !== null);
    assertEquals(server.server.saving!.unacknowledged, 1);
    assertEquals(server.events.of(/answered|answer/), [
      "ERROR no report is answered until it is saved: database or disk is full",
      "ERROR connections are closed without an answer, since their reports are not saved: 1 so far",
    ]);
  },
});

Deno.test({
  name:
    "A synchronously durable server whose disk fails goes on to answer questions, in their order",
  permissions: "none",
  async fn() {
    const file = new MemoryStore();
    const server = await start(file, { sync: true });
    await server.ask(iamat("k"));
    file.failure = new Error("database is locked");
    const reporter = await server.client();
    reporter.send(iamat("l") + "WHATSAT k 1 0\n");
    await server.clock.run(1_000);
    for (const id of ["k", "l"]) {
      assert((await server.ask(`WHATSAT ${id} 1 0\n`)).startsWith(`${at(id)}\n{`));
    }
    assertEquals(await server.ask("hello?\n"), "? hello?\n");
    assertEquals(reporter.received, "");
    file.failure = null;
    await server.clock.run(saveRetryMsMax);
    await server.clock.settle();
    assertEquals(reporter.lines.slice(0, 2), [at("l"), at("k")]);
  },
});

Deno.test({
  name:
    "A synchronously durable server that holds one report back holds every answer after it back",
  permissions: "none",
  async fn() {
    const file = new MemoryStore();
    const server = await start(file, { sync: true });
    file.failure = new Error("database is locked");
    const [one, other] = [await server.client(), await server.client()];
    one.send(iamat("k"));
    await server.clock.run(100);
    // The same report again is no news, and is not on disk either.
    other.send(iamat("k"));
    await server.clock.run(100);
    assertEquals([one.received, other.received], ["", ""]);
    file.failure = null;
    await server.clock.run(saveRetryMsMax);
    await server.clock.settle();
    assertEquals([one.lines, file.lines], [[at("k")], [at("k")]]);
    assertMatch(other.received, /^AT Clark \+1\.1\d+ k \+34-118 1621464827\n$/);
  },
});

Deno.test({
  name: "A report that comes while its connection waits for the disk waits for its own batch",
  permissions: "none",
  async fn() {
    const file = new MemoryStore();
    const server = await start(file, { sync: true });
    await server.ask(iamat("k"));
    const client = await server.client();
    const others = await Promise.all(Array.from({ length: 200 }, () => server.client()));
    // The question's answer is on its way when the second report comes, in another batch.
    client.send("WHATSAT k 1 1\n" + iamat("first"));
    await promises();
    server.places.findAll();
    await promises();
    for (const [index, other] of others.entries()) {
      const ids = Array.from({ length: 3 }, (_, count) => `${index}.${count}.`.repeat(20));
      other.send(ids.map((id) => iamat(id)).join(""));
    }
    for (let turns = 0; server.table.size < 602 && turns < 100; turns++) await promises();
    assertEquals(server.table.size, 602);
    client.send(iamat("second"));
    await promises();
    file.onAppend = () => {
      file.failure = new Error("database or disk is full");
    };
    await server.clock.settle();
    const [first, second] = [at("first"), at("second")];
    assertEquals([file.lines.includes(first), file.lines.includes(second)], [true, false]);
    assert(!client.received.includes(second), "acknowledged, and not on disk");
    file.failure = null;
    file.onAppend = () => {};
    await server.clock.run(saveRetryMsMax);
    await server.clock.settle();
    assertEquals([file.lines.includes(second), client.lines.at(-1)], [true, second]);
  },
});

Deno.test({
  name: "A server that stops waits for another program's lock as long as it may",
  permissions: "none",
  async fn() {
    for (const sync of [false, true]) {
      const file = new MemoryStore();
      const server = await start(file, { sync });
      file.failure = new Error("database is locked");
      const client = await server.client();
      client.send(iamat("k"));
      await server.clock.run(saveMs);
      const stopped = server.server.stop();
      await server.clock.run(stopMs / 2);
      assertEquals(file.isClosed, false);
      file.failure = null;
      await server.clock.run(stopMs / 2);
      await stopped;
      assertEquals([file.lines, client.lines, file.isClosed], [[at("k")], [at("k")], true]);
    }
  },
});

Deno.test({
  name: "A server that stops saves what still waits",
  permissions: "none",
  async fn() {
    const file = new MemoryStore();
    const server = await start(file, { sync: false });
    await server.ask(iamat("k"));
    const stopped = server.server.stop();
    await server.clock.settle();
    await stopped;
    assertEquals([file.lines, file.isClosed], [[at("k")], true]);
    assertEquals(server.clock.timers, 0);
  },
});

Deno.test({
  name: "A server that stops while its disk is full stops, and closes the file",
  permissions: "none",
  async fn() {
    const file = new MemoryStore();
    const server = await start(file, { sync: false });
    file.failure = new Error("database or disk is full");
    await server.ask(iamat("k"));
    await server.clock.run(saveMs);
    const stopped = server.server.stop();
    await server.clock.run(stopMs);
    await stopped;
    assert(file.isClosed);
    assertEquals(server.events.of(/not saved$/), ["ERROR 1 records were not saved"]);
    assertEquals(server.clock.timers, 0);
  },
});

Deno.test({
  name: "A server saves what it could read of a damaged file that was set aside",
  permissions: "none",
  async fn() {
    const file = new MemoryStore();
    const table = new Table();
    const lines = ["k", "l", "m"].map((id) => atLine({ id, time: "1" }));
    for (const line of lines) table.merge(recordLine(line));
    const server = await MemoryServer.start({
      table,
      stored: { store: file, lines: 0, sync: false },
    });
    await server.clock.run(saveMs);
    await server.clock.settle();
    assertEquals(file.lines, lines);
    const whole = new MemoryStore();
    const other = await MemoryServer.start({
      table,
      stored: { store: whole, lines: 3, sync: false },
    });
    await other.clock.run(saveMs);
    assertEquals(whole.lines, []);
  },
});
