import { assert, assertEquals } from "@std/assert";
import { fieldBytesMax, idBytesMax, linkGatherMs } from "../../lib/limits.ts";
import { atLine, type RecordWords } from "../locations/lines.ts";
import { seededRandom } from "../seeded_random.ts";
import { type HerdOptions, MemoryHerd } from "./herd_in_memory.ts";

const assignment =
  "Clark-Jaquez Clark-Bona Campbell-Bailey Campbell-Bona Campbell-Jaquez Bona-Bailey";

/** A test on a herd whose links are live. */
function test(
  name: string,
  { edges = assignment, ...options }: HerdOptions & { edges?: string },
  fn: (herd: MemoryHerd) => Promise<void>,
): void {
  Deno.test({
    name,
    permissions: "none",
    async fn() {
      const herd = await MemoryHerd.live(edges, options);
      await fn(herd);
      await herd.stop();
      assertEquals([herd.clock.timers, herd.network.connections], [0, 0], "something goes on");
    },
  });
}

function assertKnown(herd: MemoryHerd, words: RecordWords): void {
  for (const server of herd.servers) {
    assertEquals(server.known(words.id), atLine(words), server.name);
  }
}

/** What all servers sent since the last time: `Clark>Bona LINE`. */
function sent(herd: MemoryHerd): string[] {
  return herd.servers.flatMap((server) =>
    server.sent().map((line) => line.replace(/^out /, `${server.name}>`))
  );
}

test("Links: a new record reaches every server in the same bytes", {}, async (herd) => {
  const words = { id: "kiwi\xff\xa0", time: "1.5", server: "Clark", location: "+34.-118." };
  herd.server("Clark").report(words);
  await herd.flooded();
  assertKnown(herd, words);
});

test(
  "Links: a new record goes over each link at most once each way, and then it is quiet",
  {},
  async (herd) => {
    herd.server("Clark").report({ id: "k", time: "1" });
    await herd.flooded();
    const lines = sent(herd);
    assertEquals(new Set(lines).size, lines.length);
    assert(lines.length >= 4 && lines.length <= 12, `${lines.length} lines`);
    await herd.clock.run(10_000);
    assertEquals(sent(herd), []);
  },
);

test("Links: the same record again is sent to nobody", {}, async (herd) => {
  const words = { id: "k", time: "1" };
  for (const name of ["Clark", "Bailey"]) {
    assertEquals(herd.server(name).report({ ...words, server: "Clark" }), name === "Clark");
    await herd.flooded();
    assertEquals(sent(herd).length > 0, name === "Clark");
  }
});

test("Links: an older record is sent to nobody and changes nothing", {}, async (herd) => {
  const words = { id: "k", time: "2", server: "Clark" };
  herd.server("Clark").report(words);
  await herd.flooded();
  sent(herd);
  assertEquals(herd.server("Bailey").report({ id: "k", time: "1.999999999" }), false);
  await herd.flooded();
  assertEquals(sent(herd), []);
  assertKnown(herd, words);
});

test("Links: a newer record takes the place of the older one everywhere", {}, async (herd) => {
  herd.server("Clark").report({ id: "k", time: "1" });
  await herd.flooded();
  const words = { id: "k", time: "1.000000001", server: "Bailey" };
  herd.server("Bailey").report(words);
  await herd.flooded();
  assertKnown(herd, words);
});

test(
  "Links: a newer record that meets an older one on its way wins on every server",
  {},
  async (herd) => {
    const words = { id: "k", time: "2", server: "Bailey" };
    herd.server("Clark").report({ id: "k", time: "1" });
    herd.server("Bailey").report(words);
    herd.server("Jaquez").report({ id: "k", time: "1.5" });
    await herd.flooded();
    assertKnown(herd, words);
  },
);

test(
  "Links: equal times from different servers settle the same way everywhere",
  {},
  async (herd) => {
    const reports = ["Bailey", "Bona", "Campbell", "Clark", "Jaquez"].map((server, at) => (
      { id: "k", time: "1", server, location: `+${at}-118` }
    ));
    for (const words of reports) assert(herd.server(words.server).report(words));
    await herd.flooded();
    assertKnown(herd, reports.at(-1)!);
  },
);

test(
  "Links: equal times from one server with different locations: the first stays",
  {},
  async (herd) => {
    const words = { id: "k", time: "1", server: "Clark" };
    herd.server("Clark").report(words);
    assertEquals(herd.server("Clark").report({ ...words, location: "+89-118" }), false);
    await herd.flooded();
    assertKnown(herd, words);
  },
);

test(
  "Links: a record is not echoed over the link it came by",
  { edges: "Bona-Clark" },
  async (herd) => {
    herd.server("Clark").report({ id: "k", time: "1" });
    await herd.flooded();
    assertEquals(sent(herd), [`Clark>Bona ${atLine({ id: "k", time: "1" })}`]);
  },
);

test("Links: a record that comes back to its origin another way stops there", {
  edges: "Bona-Clark Clark-Jaquez Jaquez-Bona",
}, async (herd) => {
  herd.server("Clark").report({ id: "k", time: "1" });
  await herd.clock.run(5_000);
  const lines = sent(herd);
  assertEquals(lines.filter((line) => line.startsWith("Clark>")).length, 2);
  assert(lines.length <= 4, lines.join("\n"));
});

test("Links: a record that comes from a neighbour while it waits for it is not sent there", {
  edges: "Bona-Clark",
}, async (herd) => {
  const [bona, clark] = [herd.server("Bona"), herd.server("Clark")];
  // What both have just sent has them gather.
  for (const server of [bona, clark]) server.report({ id: server.name, time: "1" });
  await herd.clock.settle();
  sent(herd);
  const words = { id: "k", time: "1", server: "Clark" };
  clark.report(words);
  await herd.clock.run(linkGatherMs / 2);
  bona.report(words);
  await herd.flooded();
  assertEquals(sent(herd), [`Clark>Bona ${atLine(words)}`]);
});

test("Links: a record that has changed while its older one came back is sent all the same", {
  edges: "Bona-Clark",
}, async (herd) => {
  const [bona, clark] = [herd.server("Bona"), herd.server("Clark")];
  for (const server of [bona, clark]) server.report({ id: server.name, time: "1" });
  await herd.clock.settle();
  bona.report({ id: "k", time: "1", server: "Clark" });
  await herd.clock.run(linkGatherMs / 2);
  const newer = { id: "k", time: "2", server: "Clark" };
  clark.report(newer);
  await herd.flooded();
  assertKnown(herd, newer);
});

test("Links: a record that was new while a neighbour was down is known to it after reconnect", {
  edges: "Bona-Clark Clark-Jaquez",
}, async (herd) => {
  await herd.server("Jaquez").stop();
  await herd.flooded();
  assertEquals(herd.server("Clark").links.live, ["Bona"]);
  for (const time of ["1", "2", "3"]) herd.server("Bona").report({ id: "k", time });
  herd.server("Clark").report({ id: "l", time: "1" });
  await herd.clock.run(1_000);
  await herd.restart("Jaquez");
  await herd.clock.run(100);
  assertKnown(herd, { id: "k", time: "3", server: "Bona" });
  assertKnown(herd, { id: "l", time: "1", server: "Clark" });
});

test("Links: a record that was lost on its way is known after reconnect", {
  edges: "Bona-Clark",
}, async (herd) => {
  const [bona, clark] = [herd.server("Bona"), herd.server("Clark")];
  herd.network.cut(bona.hostname, clark.hostname);
  const words = { id: "k", time: "1", server: "Clark" };
  clark.report(words);
  await herd.flooded();
  assertEquals([clark.sent().length, bona.known("k")], [1, null]);
  herd.network.reset(bona.hostname, clark.hostname);
  herd.network.mend(bona.hostname, clark.hostname);
  await herd.clock.run(2_100);
  assertKnown(herd, words);
});

test("Links: an older record that a server kept while it was cut off gives way after reconnect", {
  edges: "Bona-Clark",
}, async (herd) => {
  const [bona, clark] = [herd.server("Bona"), herd.server("Clark")];
  herd.network.cut(bona.hostname, clark.hostname);
  await herd.clock.run(10_000);
  bona.report({ id: "k", time: "1" });
  bona.report({ id: "only-Bona's", time: "1" });
  clark.report({ id: "k", time: "2" });
  herd.network.mend(bona.hostname, clark.hostname);
  await herd.clock.run(3_000);
  assertKnown(herd, { id: "k", time: "2", server: "Clark" });
  assertKnown(herd, { id: "only-Bona's", time: "1", server: "Bona" });
});

test(
  "Links: a record of a client whose clock is ahead stays until time has caught up",
  {},
  async (herd) => {
    const ahead = { id: "k", time: "99999999999.5", server: "Clark", difference: "-1.000000000" };
    herd.server("Clark").report(ahead);
    await herd.flooded();
    assertEquals(herd.server("Bailey").report({ id: "k", time: "1621464828" }), false);
    await herd.flooded();
    assertKnown(herd, ahead);
    const later = { id: "k", time: "99999999999.500000001", server: "Bailey" };
    herd.server("Bailey").report(later);
    await herd.flooded();
    assertKnown(herd, later);
  },
);

test(
  "Links: a server's clock that is set back or ahead changes nothing in what is newer",
  {},
  async (herd) => {
    for (const [time, stepMs] of [["1", 0], ["2", -3_600_000], ["3", 7_200_000]] as const) {
      herd.clock.step(stepMs);
      const words = { id: "k", time, server: "Campbell" };
      herd.server("Campbell").report(words);
      await herd.clock.run(1_000);
      assertKnown(herd, words);
    }
  },
);

test("Links: records go through that are as long as clients can make them", {
  edges: "Bona-Clark",
  bufferBytes: 1_000,
  random: seededRandom(6),
}, async (herd) => {
  const id = "x".repeat(idBytesMax);
  const time = "9".repeat(fieldBytesMax);
  const words = { id, time, server: "Clark", location: "+1-2.".padEnd(fieldBytesMax, "0") };
  for (const short of ["a", "b"]) {
    herd.server("Clark").report({ id: short, time: "1" });
    herd.server("Clark").report(words);
  }
  await herd.flooded();
  assertKnown(herd, words);
  assertKnown(herd, { id: "b", time: "1", server: "Clark" });
});

test("Links: a neighbour that does not read is sent each client once, the newest", {
  edges: "Bona-Clark",
  bufferBytes: 2_000,
}, async (herd) => {
  const [bona, clark] = [herd.server("Bona"), herd.server("Clark")];
  herd.network.cut(bona.hostname, clark.hostname);
  for (let time = 1; time <= 1_000; time++) {
    for (const id of ["a", "b", "c"]) clark.report({ id, time: String(time) });
    await herd.clock.run(linkGatherMs);
  }
  herd.network.mend(bona.hostname, clark.hostname);
  await herd.flooded();
  for (const id of ["a", "b", "c"]) assertKnown(herd, { id, time: "1000", server: "Clark" });
  const lines = sent(herd).length;
  assert(lines < 100, `${lines} lines for three clients`);
});

test(
  "Links: whatever is reported anywhere, in whatever pieces it comes, all come to know the same",
  {
    bufferBytes: 300,
    random: seededRandom(8),
  },
  async (herd) => {
    const random = seededRandom(9);
    const below = (bound: number) => Math.floor(random.fraction() * bound);
    for (let report = 0; report < 2_000; report++) {
      const server = herd.servers[below(herd.servers.length)]!;
      const id = below(4) === 0 ? "long".repeat(1 + below(60)) : `client-${below(50)}`;
      server.report({ id, time: `${below(100)}.${below(3)}`, location: `+${below(90)}-1` });
      if (below(20) === 0) await herd.flooded();
      if (below(200) === 0) {
        const [one, other] = [server.hostname, herd.servers[below(5)]!.hostname];
        herd.network.cut(one, other);
        await herd.clock.run(below(2_000));
        herd.network.mend(one, other);
      }
    }
    await herd.flooded();
    const [first, ...others] = herd.servers;
    for (const server of others) {
      assertEquals(server.table.size, first!.table.size);
      for (let number = 0; number < first!.table.size; number++) {
        const id = new TextDecoder().decode(first!.table.line(number)).split(" ")[3]!;
        assertEquals(server.known(id), first!.known(id));
      }
    }
  },
);
