import { sweepMs } from "../../lib/limits.ts";
import { assertEquals, assertMatch } from "@std/assert";
import { textOf } from "../../lib/protocol/ascii.ts";
import { placesAnswer } from "../../lib/places/answer.ts";
import type { Places } from "../../lib/places/places.ts";
import { MemoryNetwork } from "../memory_network.ts";
import { seededRandom } from "../seeded_random.ts";
import { type MemoryClient, MemoryServer } from "./memory_server.ts";
import { tapped } from "./tapped.ts";

const location = "+34.068930-118.445127";
const iamat = (id: string, time = "1621464827.959498503") => `IAMAT ${id} ${location} ${time}\n`;
/** The clock of the tests begins at 1621464828. */
const at = (id: string) => `AT Clark +0.040501497 ${id} ${location} 1621464827.959498503\n`;
const noPlaces = `${textOf(placesAnswer([]).json)}\n\n`;

/** Sends in these pieces, each read by the server before the next. */
async function sendPieces(server: MemoryServer, client: MemoryClient, pieces: Iterable<string>) {
  for (const piece of pieces) {
    client.send(piece);
    await server.clock.settle();
  }
}

Deno.test({
  name: "Session answers commands in their order, however they are cut into pieces",
  permissions: "none",
  async fn() {
    const said = `${iamat("one")}nonsense\r\n\nWHATSAT one 10 0\n${iamat("two")}WHATSAT one 5 0`;
    const answers = `${at("one")}? nonsense\n? \n${at("one")}${noPlaces}${at("two")}` +
      `${at("one")}${noPlaces}`;
    for (let seed = 0; seed < 20; seed++) {
      const network = new MemoryNetwork({ random: seededRandom(seed), bufferBytes: 40 });
      const server = await MemoryServer.start({ network });
      assertEquals(await server.ask(said), answers, `seed ${seed}`);
      assertEquals(network.connections, 0);
    }
    const server = await MemoryServer.start();
    const client = await server.client();
    await sendPieces(server, client, said);
    client.end();
    await server.clock.settle();
    assertEquals([client.received, client.ending], [answers, "end of file"]);
  },
});

Deno.test({
  name: "Session holds answers back behind one that waits for places, on this connection only",
  permissions: "none",
  async fn() {
    const server = await MemoryServer.start();
    const [client, other] = [await server.client(), await server.client()];
    client.send(`${iamat("k")}WHATSAT k 10 5\nnonsense\nWHATSAT k 20 5\n${iamat("l")}`);
    other.send(`WHATSAT k 1 1\nWHATSAT l 0 1\n`);
    await server.clock.settle();
    assertEquals(server.places.asked.map(({ radiusM }) => radiusM), [10_000, 20_000, 1_000]);
    assertEquals([client.received, other.received], [at("k"), ""]);
    server.places.find(1);
    await server.clock.settle();
    assertEquals(client.received, at("k"));
    server.places.find(1);
    await server.clock.settle();
    assertEquals(other.received, `${at("k")}${noPlaces}${at("l")}${noPlaces}`);
    server.places.find();
    await server.clock.settle();
    const whatsat = `${at("k")}${noPlaces}`;
    assertEquals(client.received, `${at("k")}${whatsat}? nonsense\n${whatsat}${at("l")}`);
  },
});

Deno.test({
  name: "Session sends every answer that is due after the client's end of file, then ends",
  permissions: "none",
  async fn() {
    const server = await MemoryServer.start();
    const client = await server.client();
    client.send(`${iamat("k")}WHATSAT k 10 5\nunfinished`);
    client.end();
    await server.clock.settle();
    assertEquals([client.received, client.ending], [at("k"), null]);
    server.places.findAll();
    await server.clock.settle();
    assertEquals(client.received, `${at("k")}${at("k")}${noPlaces}? unfinished\n`);
    assertEquals([client.ending, server.network.connections], ["end of file", 0]);
  },
});

Deno.test({
  name: "Session sends an answer to its end to a client that half-closes while it is on its way",
  permissions: "none",
  async fn() {
    const server = await MemoryServer.start({ network: new MemoryNetwork({ bufferBytes: 64 }) });
    await server.ask(iamat("k"));
    const client = await server.silentClient();
    client.send("WHATSAT k 10 5\n");
    await server.clock.settle();
    server.places.findAll();
    await server.clock.settle();
    client.end();
    await server.clock.settle();
    client.readOn();
    await server.clock.settle();
    assertEquals([client.received, client.ending], [`${at("k")}${noPlaces}`, "end of file"]);
  },
});

Deno.test({
  name: "Session ends with a client that is gone, whatever it was waiting for",
  permissions: "none",
  async fn() {
    for (const said of ["", "half a li", iamat("k"), `${iamat("k")}WHATSAT k 10 5\n`]) {
      const server = await MemoryServer.start();
      const client = await server.silentClient();
      client.send(said);
      await server.clock.settle();
      client.connection.close();
      server.places.findAll();
      await server.clock.settle();
      assertEquals(server.network.connections, 0, said);
      assertEquals(await server.ask(iamat("l")), at("l"));
    }
  },
});

Deno.test({
  name: "Session takes a hello that is none of a neighbour's for an invalid command, and talks on",
  permissions: "none",
  async fn() {
    const server = await MemoryServer.start({ neighbours: ["Bona"] });
    const hello = `HELLO 2 Mallory Clark ${"0".repeat(32)}`;
    assertEquals(await server.ask(`${hello}\n${iamat("k")}`), `? ${hello}\n${at("k")}`);
    // Only the first line of a connection can be a hello.
    const second = `HELLO 2 Bona Clark ${"0".repeat(32)}`;
    assertEquals(await server.ask(`\n${second}\n`), `? \n? ${second}\n`);
  },
});

Deno.test({
  name: "Session ends after a hello without a proof: nothing behind it is taken for a command",
  permissions: "none",
  async fn() {
    const server = await MemoryServer.start({ neighbours: ["Bona"], secret: "a secret" });
    const client = await server.client();
    const hello = `HELLO 2 Bona Clark ${"0".repeat(32)}`;
    client.send(`${hello}\nPROOF wrong\n${iamat("k")}`);
    await server.clock.run(2_000);
    const [greeting, ...rest] = client.lines;
    assertMatch(greeting!, /^HELLO 2 Clark Bona [0-9a-f]{32}$/);
    assertEquals(rest, [`? ${hello}`]);
    assertEquals([server.table.size, server.network.connections], [0, 0]);
    assertEquals(server.events.of(/a wrong proof of the secret/).length, 1);
  },
});

Deno.test({
  name: "Session refuses a report from further ahead than maxClockAheadS, to the second",
  permissions: "none",
  async fn() {
    const server = await MemoryServer.start({ maxClockAheadS: 60 });
    const refused = [
      iamat("k", "1621464889"),
      iamat("k", "1621464828000"),
      iamat("k", "9".repeat(400)),
    ];
    assertEquals(await server.ask(refused.join("")), refused.map((line) => `? ${line}`).join(""));
    assertEquals([server.table.size, server.server.gauges.ahead], [0, 2]);
    const taken = iamat("k", "1621464888.999999999");
    const answer = `AT Clark -60.999999999 k ${location} 1621464888.999999999\n`;
    assertEquals(await server.ask(taken), answer);
    server.clock.step(1_000);
    assertEquals((await server.ask(refused[0]!)).slice(0, 3), "AT ");
    await server.clock.run(2 * sweepMs);
    assertEquals(
      server.events.of(/2 reports from more than 60 s ahead .*milliseconds\?/).length,
      1,
    );
    const anyTime = await MemoryServer.start();
    assertEquals((await anyTime.ask(refused[1]!)).slice(0, 3), "AT ");
  },
});

Deno.test({
  name: "Session is left alone by what its client does not finish: others are answered meanwhile",
  permissions: "none",
  async fn() {
    const server = await MemoryServer.start();
    const slow = await server.client();
    for (const byte of iamat("slow")) {
      slow.send(byte);
      assertEquals(await server.ask(iamat("quick")), at("quick"));
    }
    await server.clock.settle();
    assertEquals(slow.received, at("slow"));
  },
});

Deno.test({
  name: "Session takes the lines of all who were read from in one turn, then the answers are sent",
  permissions: "none",
  async fn() {
    let release = () => {};
    const turn = new Promise<void>((resolve) => release = resolve);
    const known: number[] = [];
    const server = await MemoryServer.start({
      transport: (transport) =>
        tapped(transport, {
          read: (connection, into) => turn.then(() => connection.read(into)),
          write(connection, bytes) {
            known.push(server.table.size);
            return connection.write(bytes);
          },
        }),
    });
    const clients = [await server.client(), await server.client(), await server.client()];
    clients.forEach((client, number) => client.send(iamat(`k${number}`)));
    await server.clock.settle();
    assertEquals(known, []);
    release();
    await server.clock.settle();
    assertEquals(known, [3, 3, 3]);
    assertEquals(clients.map(({ received }) => received), [at("k0"), at("k1"), at("k2")]);
  },
});

Deno.test({
  name: "Session ends with the first line of an HTTP request: no report behind it is stored",
  permissions: "none",
  async fn() {
    const request = "POST / HTTP/1.1\r\nHost: 127.0.0.1:12104\r\n\r\n";
    for (const pieces of [[request + iamat("k")], [...(request + iamat("k"))]]) {
      const server = await MemoryServer.start();
      const client = await server.client();
      await sendPieces(server, client, pieces);
      await server.clock.run(1_000);
      assertEquals([client.received, client.ending], ["? POST / HTTP/1.1\n", "end of file"]);
      assertEquals([server.table.size, server.server.gauges.dropped.HTTP], [0, 1]);
    }
  },
});

Deno.test({
  name: "Session says what exception ended it, once a minute; a client that goes away is none",
  permissions: "none",
  async fn() {
    let isBroken = true;
    const places: Places = {
      provider: "broken",
      ask: () => isBroken ? Promise.reject(new Error("no such place")) : new Promise(() => {}),
    };
    const server = await MemoryServer.start({ places });
    await server.ask(iamat("k"));
    const clients = [await server.client(), await server.client()];
    for (const client of clients) client.send("WHATSAT k 10 5\n");
    await server.clock.run(0);
    assertEquals(clients.map(({ ending }) => ending), ["end of file", "end of file"]);
    const told = server.events.of(
      /^ERROR unexpected, in an answer to WHATSAT: Error: no such place at /,
    );
    assertEquals(told.length, 1);
    isBroken = false;
    const gone = await server.client();
    gone.send("WHATSAT k 10 5\nnonsense\n");
    await server.clock.run(0);
    gone.connection.close();
    await server.clock.run(1_000);
    server.table.find = () => {
      throw new TypeError("a fault in the table");
    };
    const victim = await server.client();
    victim.send("WHATSAT k 10 5\n");
    await server.clock.run(0);
    assertEquals(victim.ending, "end of file");
    assertEquals(server.events.of(/^ERROR unexpected/).length, 2);
    assertMatch(server.events.lines.at(-1)!, /in a session: TypeError: a fault in the table at /);
  },
});
