import { assertEquals } from "@std/assert";
import { MemoryHerd, port } from "./herd_in_memory.ts";

function test(name: string, fn: () => Promise<MemoryHerd>): void {
  Deno.test({
    name: `Links.change(): ${name}`,
    permissions: "none",
    async fn() {
      const herd = await fn();
      await herd.stop();
      assertEquals(herd.clock.timers, 0, "a timer goes on");
      assertEquals(herd.network.connections, 0, "a connection is left");
    },
  });
}

/** Has a server take over other neighbours. */
function change(herd: MemoryHerd, name: string, neighbours: readonly string[]): void {
  herd.server(name).links.change({
    names: herd.names,
    neighbours: neighbours.map((name) => ({ name, host: herd.hostnameOf(name), port })),
  });
}

/** The links that were made and lost since this was last asked for. */
function linkEvents(herd: MemoryHerd, name: string): string[] {
  return herd.server(name).events.splice(0).sort();
}

test("a neighbour that is new is dialled, and its link accepted", async () => {
  const herd = await MemoryHerd.live("Bona-Clark Bona-Jaquez");
  linkEvents(herd, "Clark");
  change(herd, "Clark", ["Bona", "Jaquez"]);
  change(herd, "Jaquez", ["Bona", "Clark"]);
  await herd.clock.run(3_000);
  assertEquals(linkEvents(herd, "Clark").filter((event) => event.startsWith("INFO")), [
    "INFO link from Jaquez made",
    "INFO link to Jaquez made",
  ]);
  assertEquals(herd.server("Clark").links.live.sort(), ["Bona", "Jaquez"]);
  return herd;
});

test("links with who is no neighbour any more are closed, the others live on", async () => {
  const herd = await MemoryHerd.live("Bona-Clark Clark-Jaquez");
  linkEvents(herd, "Clark");
  change(herd, "Clark", ["Jaquez"]);
  await herd.clock.run(3_000);
  assertEquals(linkEvents(herd, "Clark").filter((event) => event.startsWith("INFO")), [
    "INFO link from Bona lost",
    "INFO link to Bona lost",
  ]);
  assertEquals(herd.server("Clark").links.live, ["Jaquez"]);
  assertEquals(herd.server("Bona").links.live, []);
  return herd;
});

test("what is news goes to new neighbours, and no more to old ones", async () => {
  const herd = await MemoryHerd.live("Bona-Clark Clark-Jaquez");
  change(herd, "Clark", ["Jaquez"]);
  change(herd, "Bona", ["Jaquez"]);
  change(herd, "Jaquez", ["Clark", "Bona"]);
  await herd.clock.run(3_000);
  for (const server of herd.servers) server.sent();
  herd.server("Clark").report({ id: "kiwi", time: "1" });
  await herd.clock.run(100);
  const to = (name: string) =>
    herd.server(name).sent().map((line) => line.split(" ").slice(1, 2).join(" "));
  assertEquals([to("Clark"), to("Jaquez"), to("Bona")], [["Jaquez"], ["Bona"], []]);
  assertEquals(herd.server("Bona").known("kiwi"), herd.server("Clark").known("kiwi"));
  return herd;
});

test("a neighbour at another address is dialled there, with another transport if it has one", async () => {
  const herd = await MemoryHerd.live("Bona-Clark");
  const clark = herd.server("Clark");
  linkEvents(herd, "Clark");
  const dials: string[] = [];
  const elsewhere = herd.network.transport(clark.hostname);
  const transport = {
    ...elsewhere,
    connect(address: { hostname: string; port: number }, signal: AbortSignal) {
      dials.push(`${address.hostname}:${address.port}`);
      return elsewhere.connect({ ...address, port }, signal);
    },
  };
  const host = herd.hostnameOf("Bona");
  clark.links.change({
    names: herd.names,
    neighbours: [{ name: "Bona", host, port: 443, transport }],
  });
  await herd.clock.run(1_000);
  assertEquals(dials, [`${host}:443`]);
  assertEquals(linkEvents(herd, "Clark"), ["INFO link to Bona lost", "INFO link to Bona made"]);
  return herd;
});

test("the same neighbours again change nothing", async () => {
  const herd = await MemoryHerd.live("Bona-Clark");
  for (const name of herd.names) linkEvents(herd, name);
  change(herd, "Clark", ["Bona"]);
  await herd.clock.run(3_000);
  assertEquals([linkEvents(herd, "Clark"), linkEvents(herd, "Bona")], [[], []]);
  return herd;
});

test("a link that lives takes the records of a server that is new in the herd", async () => {
  const herd = await MemoryHerd.live("Bona-Clark");
  for (const name of herd.names) {
    herd.server(name).links.change({
      names: [...herd.names, "Welsh"],
      neighbours: herd.neighboursOf(name).map((name) => (
        { name, host: herd.hostnameOf(name), port }
      )),
    });
  }
  linkEvents(herd, "Clark");
  herd.server("Bona").report({ id: "kiwi", time: "1", server: "Welsh" });
  await herd.clock.run(100);
  assertEquals(herd.server("Clark").known("kiwi"), herd.server("Bona").known("kiwi"));
  assertEquals(herd.server("Clark").known("kiwi")?.startsWith("AT Welsh "), true);
  assertEquals(linkEvents(herd, "Clark"), []);
  return herd;
});

test("a neighbour is taken away while its link is being made", async () => {
  const herd = await MemoryHerd.make("Bona-Clark");
  for (const server of herd.servers) server.start();
  change(herd, "Clark", []);
  await herd.clock.run(3_000);
  assertEquals([herd.server("Clark").links.live, herd.server("Bona").links.live], [[], []]);
  return herd;
});
