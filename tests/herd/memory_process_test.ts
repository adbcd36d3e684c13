// Issue "Nothing lost, nobody in", 2 to 4, with real servers and files: what they keep, what they forget,
// and what they do not take.

import { assert, assertEquals, assertMatch } from "@std/assert";
import { processes } from "../process/chapter.ts";
import { RunningHerd } from "../process/running_herd.ts";
import { until } from "../process/waiting.ts";
import { recordsOf } from "../faults/census.ts";
import { Traffic } from "../faults/traffic.ts";

const two = { servers: ["Clark", "Bona"], links: [["Clark", "Bona"]] } as const;

Deno.test({
  name:
    "A server whose file is damaged sets it aside with one line, and its neighbour fills the gap",
  ...processes,
  async fn() {
    await using herd = await RunningHerd.start({ ...two, memory: { durable: true } });
    const traffic = new Traffic(herd, { servers: ["Clark"], clients: 1_000, perSecond: 5_000 });
    await traffic.goesOn(2_000);
    const records = await traffic.end();
    await herd.kill("Clark");
    const path = `${herd.dataDir}/Clark.db`;
    for (const file of [path, `${path}-wal`]) {
      const bytes = Deno.readFileSync(file);
      Deno.writeFileSync(file, bytes.fill(0x58, 0, 2_000));
    }
    await herd.start("Clark");
    assertMatch(
      herd.program("Clark").errors,
      /^\S+Clark\.db is damaged \(.+\): it was set aside as \S+\n$/,
    );
    await herd.logged("Clark", /ERROR \S+Clark\.db is damaged/);
    Deno.statSync(`${path}.damaged-1`);
    const ids = [...records.keys()];
    await until(
      async () => (await recordsOf(herd, "Clark", ids)).size === ids.length,
      "all are back",
    );
    const known = await recordsOf(herd, "Clark", ids);
    for (const [id, { line }] of records) assertEquals(known.get(id), line);
  },
});

Deno.test({
  name:
    "A record older than forgetAfter is gone everywhere, and no file or neighbour brings it back",
  ...processes,
  async fn() {
    await using herd = await RunningHerd.start({
      ...two,
      memory: { durable: true, forgetAfter: "PT3S" },
    });
    const old = await herd.report("Clark", "old");
    await herd.learns("Bona", "old", old);
    await herd.kill("Bona");
    await until(async () => await herd.record("Clark", "old") === null, "Clark forgets");
    // What Bona has on disk is as old; what Clark has not, he cannot give.
    await herd.start("Bona");
    await herd.connected();
    const young = await herd.report("Bona", "young");
    await herd.learns("Clark", "young", young);
    for (const name of herd.names) assertEquals(await herd.record(name, "old"), null);
    await until(async () => await herd.record("Bona", "young") === null, "Bona forgets");
    const again = await herd.report("Bona", "old");
    await herd.learns("Clark", "old", again);
  },
});

Deno.test({
  name: "maxClockAheadS refuses milliseconds for seconds, and takes what is a little ahead",
  ...processes,
  async fn() {
    await using herd = await RunningHerd.start({ ...two, memory: { maxClockAheadS: 60 } });
    const report = (time: number) => `IAMAT k +34.068930-118.445127 ${time}`;
    const millis = report(Date.now());
    assertEquals(await herd.ask("Clark", `${millis}\n`), `? ${millis}\n`);
    assertEquals(await herd.record("Clark", "k"), null);
    const ahead = await herd.ask("Clark", `${report(Math.floor(Date.now() / 1000) + 20)}\n`);
    assert(ahead.startsWith("AT Clark -"));
    await herd.learns("Bona", "k", ahead.trimEnd());
  },
});
