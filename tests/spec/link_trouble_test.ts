// What a neighbour may do to a server: speak badly, be slow, come and go.

import { assert, assertEquals, assertMatch } from "@std/assert";
import { chapter } from "../process/chapter.ts";
import { RunningHerd } from "../process/running_herd.ts";
import { acceptLink, beat, dialLink, live, nextRecord, type Parties } from "./link_peer.ts";

const bona: Parties = { self: "Bona", other: "Clark" };
const location = "+34.068930-118.445127";

const says = chapter("A neighbour makes trouble", async () => {
  const herd = await RunningHerd.start({
    servers: ["Clark", "Bona"],
    links: [["Clark", "Bona"]],
    running: ["Clark"],
  });
  const listener = Deno.listen({ hostname: "127.0.0.1", port: herd.port("Bona") });
  return {
    herd,
    listener,
    [Symbol.asyncDispose]() {
      listener.close();
      return herd[Symbol.asyncDispose]();
    },
  };
});

says("A line that no server sends ends the link, not the server", async ({ herd }) => {
  const lines = [
    "AT",
    "AT Bona",
    `AT Bona 0 bad ${location} 5`,
    `AT Bona +0.0 bad ${location} 5`,
    `AT Bona +0.000000001 bad +99-118 5`,
    `AT Bona +0.000000001 bad ${location} 5 6`,
    `AT Bona +0.000000001  bad ${location} 5`,
    `AT Mallory +0.000000001 bad ${location} 5`,
    `IAMAT bad ${location} 5`,
    "WHATSAT bad 10 5",
    "HELLO",
    "",
    "\0\xff",
    "x".repeat(1_000_000),
  ];
  for (const line of lines) {
    using link = await dialLink(herd.port("Clark"), bona);
    // The server may close before all of a long line is written.
    await link.send(`${line}\n`).catch(() => {});
    const rest = await link.rest().catch(() => "");
    assert(!/^(AT|\?) /m.test(rest), rest);
    assertEquals(await herd.record("Clark", "bad"), null, line);
  }
});

says("The second link from one neighbour takes the place of the first", async ({ herd }) => {
  using first = await dialLink(herd.port("Clark"), bona);
  using second = await dialLink(herd.port("Clark"), bona);
  await first.rest().catch(() => "");
  const line = `AT Bona +0.000000001 second ${location} 5`;
  await second.send(`${line}\n`);
  await herd.learns("Clark", "second", line);
});

says(
  '"drop a connection and then reopen a connection later": it is dialled again',
  async (world) => {
    const { herd, listener } = world;
    for (let times = 0; times < 3; times++) {
      using link = await acceptLink(listener, bona);
      const line = await herd.report("Clark", `again.${times}`);
      assertEquals(await nextRecord(link), line);
    }
  },
);

says("What waits for a slow neighbour is one record a client, the newest", async (world) => {
  const { herd, listener } = world;
  using link = await acceptLink(listener, bona);
  using _beat = beat(link);
  await live([link], () => herd.report("Clark", "live"));
  const id = "slow".padEnd(1000, ".");
  const reports = 30_000;
  using client = await herd.connect("Clark");
  let last = "";
  for (let sent = 0; sent < reports; sent += 1000) {
    const lines = Array.from(
      { length: 1000 },
      (_, index) => `IAMAT ${id} ${location} ${sent + index}\n`,
    );
    await client.send(lines.join(""));
    for (let answered = 0; answered < 1000; answered++) last = await client.line() ?? "";
  }
  const mark = await herd.report("Clark", "slow.mark");
  let records = 0;
  let newest = "";
  for (let line = await nextRecord(link); line !== mark; line = await nextRecord(link)) {
    newest = line;
    records++;
  }
  assertEquals(newest, last);
  assertMatch(last, new RegExp(` ${reports - 1}$`));
  console.log(`of ${reports} reports a slow neighbour got ${records}`);
  assert(records < reports, `${records} records`);
});
