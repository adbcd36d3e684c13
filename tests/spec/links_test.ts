// The assignment and lib/links/README.md on what servers say to each other: the test plays both
// neighbours of a real server.

import { assert, assertEquals, assertMatch } from "@std/assert";
import { chapter } from "../process/chapter.ts";
import { Client } from "../process/client.ts";
import { startWithGoogle, whatsatAnswer } from "./herd_with_google.ts";
import {
  acceptLink,
  beat,
  dialLink,
  live,
  nextRecord,
  type Parties,
  readHello,
} from "./link_peer.ts";

const asBona: Parties = { self: "Bona", other: "Clark" };
const asJaquez: Parties = { self: "Jaquez", other: "Clark" };
const location = "+34.068930-118.445127";

/** Links with Clark in both directions. */
interface Links {
  /** Clark's records come over it. */
  readonly from: Client;
  /** The test's records go over it. */
  readonly to: Client;
  /** Keep both from being silent. */
  readonly beats: DisposableStack;
}

async function join(listener: Deno.TcpListener, parties: Parties, port: number): Promise<Links> {
  const to = await dialLink(port, parties);
  const from = await acceptLink(listener, parties);
  const beats = new DisposableStack();
  for (const link of [to, from]) beats.use(beat(link));
  return { to, from, beats };
}

const says = chapter("Servers talk with each other", async () => {
  await using stack = new AsyncDisposableStack();
  const { herd, google } = stack.use(
    await startWithGoogle("google", {
      servers: ["Clark", "Bona", "Jaquez"],
      links: [["Clark", "Bona"], ["Clark", "Jaquez"]],
      running: ["Clark"],
    }),
  );
  const listen = (name: string) => {
    const listener = Deno.listen({ hostname: "127.0.0.1", port: herd.port(name) });
    stack.defer(() => listener.close());
    return listener;
  };
  const listeners = { bona: listen("Bona"), jaquez: listen("Jaquez") };
  const links = {
    bona: await join(listeners.bona, asBona, herd.port("Clark")),
    jaquez: await join(listeners.jaquez, asJaquez, herd.port("Clark")),
  };
  for (const { to, from, beats } of Object.values(links)) {
    for (const open of [to, from, beats]) stack.use(open);
  }
  await live([links.bona.from, links.jaquez.from], () => herd.report("Clark", "live"));
  const all = stack.move();
  return { herd, google, listeners, ...links, [Symbol.asyncDispose]: () => all.disposeAsync() };
});

let seconds = 1_700_000_000;

/** A record as a server of the herd would send it. */
function record(id: string, origin = "Bona"): string {
  return `AT ${origin} +0.000000001 ${id} ${location} ${seconds++}.5`;
}

says(
  '"using AT messages": a report goes to every neighbour as the client was answered',
  async ({ herd, bona, jaquez }) => {
    const line = await herd.report("Clark", "reported");
    assertEquals(await nextRecord(bona.from), line);
    assertEquals(await nextRecord(jaquez.from), line);
  },
);

says(
  '"a simple flooding algorithm": a neighbour\'s record goes on unchanged, and not back',
  async ({ herd, bona, jaquez }) => {
    const line = record("flooded");
    await bona.to.send(`${line}\n`);
    assertEquals(await nextRecord(jaquez.from), line);
    await herd.learns("Clark", "flooded", line);
    // The next that Bona hears of is this one: its own did not come back.
    const mark = await herd.report("Clark", "mark");
    assertEquals(await nextRecord(bona.from), mark);
    assertEquals(await nextRecord(jaquez.from), mark);
  },
);

says(
  "What is not news stops: the same again, an older one, one that came back",
  async ({ herd, bona, jaquez }) => {
    const [older, line] = [record("again"), record("again")];
    await bona.to.send(`${line}\n`);
    assertEquals(await nextRecord(jaquez.from), line);
    await bona.to.send(`${line}\n${older}\n`);
    await jaquez.to.send(`${line}\n${older}\n`);
    const last = record("again.last");
    await jaquez.to.send(`${last}\n`);
    assertEquals(await nextRecord(bona.from), last);
    await bona.to.send(`${record("again.mark")}\n`);
    assertMatch(await nextRecord(jaquez.from), / again\.mark /);
    assertEquals(await herd.record("Clark", "again"), line);
  },
);

says(
  '"propagate location updates": a newer one from anywhere takes the older one\'s place',
  async ({ herd, bona, jaquez }) => {
    const first = record("moved", "Bona");
    await bona.to.send(`${first}\n`);
    assertEquals(await nextRecord(jaquez.from), first);
    const second = record("moved", "Jaquez");
    await jaquez.to.send(`${second}\n`);
    assertEquals(await nextRecord(bona.from), second);
    await herd.learns("Clark", "moved", second);
  },
);

says(
  "A record is bytes on a link too: an ID that is no text passes through",
  async ({ herd, bona, jaquez }) => {
    const id = Uint8Array.of(0xff, 0x00, 0xa0, 0x1b, 0xc3);
    const head = new TextEncoder().encode("AT Bona -1.000000000 ");
    const tail = new TextEncoder().encode(` ${location} 5\n`);
    await bona.to.send(Uint8Array.of(...head, ...id, ...tail));
    let line = await jaquez.from.lineBytes();
    while (line?.[0] !== 0x41) line = await jaquez.from.lineBytes();
    assertEquals(line, Uint8Array.of(...head, ...id, ...tail.subarray(0, -1)));
    await herd.report("Clark", "bytes.mark");
    assertMatch(await nextRecord(bona.from), / bytes\.mark /);
    assertMatch(await nextRecord(jaquez.from), / bytes\.mark /);
  },
);

says(
  '"Servers should not propagate place information to each other, only locations"',
  async ({ herd, google, bona, jaquez }) => {
    const asked = google.asked.length;
    const answer = whatsatAnswer(await herd.ask("Clark", "WHATSAT reported 10 5\n"));
    assertEquals([answer.json.results.length, google.asked.length - asked], [5, 1]);
    const mark = await herd.report("Clark", "places.mark");
    // nextRecord() takes nothing but records and the lines of the link itself.
    assertEquals(await nextRecord(bona.from), mark);
    assertEquals(await nextRecord(jaquez.from), mark);
  },
);

says("Heartbeats go both ways on a link that has nothing else to say", async ({ bona }) => {
  for (const end of [bona.from, bona.to]) {
    let line = await end.line();
    while (line !== "BEAT") {
      assert(line !== null && !line.startsWith("AT "), `${line}`);
      line = await end.line();
    }
  }
});

says("A neighbour that says nothing is dead within seconds: its links are cut", async (world) => {
  world.bona.beats.dispose();
  const begun = performance.now();
  await world.bona.to.rest();
  await world.bona.from.rest();
  console.log(`a silent neighbour is cut after ${Math.round(performance.now() - begun)} ms`);
  await world.herd.logged("Clark", /link from Bona cut: silent[^]*link from Bona lost/);
});

says(
  "A hello names both servers and the version, and carries a new nonce each time",
  async ({ listeners }) => {
    const nonces = new Set<string>();
    for (let times = 0; times < 3; times++) {
      using link = await Client.accept(listeners.bona);
      nonces.add(await readHello(link, asBona));
    }
    assertEquals(nonces.size, 3);
  },
);
