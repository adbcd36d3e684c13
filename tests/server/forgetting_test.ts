import { assert, assertEquals } from "@std/assert";
import { catchUpMs, tombstoneS } from "../../lib/limits.ts";
import { none, Table } from "../../lib/locations/table.ts";
import { Forgetting } from "../../lib/server/forgetting.ts";
import { atLine, lineOf, recordLine } from "../locations/lines.ts";
import { MemoryClock } from "../memory_clock.ts";
import { MemoryNetwork } from "../memory_network.ts";
import { MemoryServer } from "./memory_server.ts";

/** What the clock shows first, in seconds. */
const startS = 1_621_464_828;

function world(afterS: number | null) {
  const [table, clock] = [new Table(), new MemoryClock()];
  const forgetting = new Forgetting(table, { clock, afterS });
  forgetting.start();
  const put = (id: string, seconds: number, location = "+34-118") =>
    table.merge(recordLine(atLine({ id, time: String(seconds), location })));
  return { table, clock, forgetting, put };
}

Deno.test({
  name: "Forgetting drops records when they are older, and takes none that is",
  permissions: "none",
  async fn() {
    const { table, clock, put } = world(100);
    assert(put("old", startS - 90) !== none);
    assert(put("new", startS) !== none);
    assertEquals(put("too.old", startS - 101), none);
    await clock.run(9_000);
    assertEquals(table.size, 2);
    await clock.run(8_000);
    assertEquals([lineOf(table, "old"), table.size], [null, 1]);
    assertEquals(put("old", startS - 90), none);
    await clock.run(100_000);
    assertEquals(table.size, 0);
    assert(put("new", startS + 100) !== none, "its number is free again");
  },
});

Deno.test({
  name: "Forgetting keeps a client that reports, however long it has been known",
  permissions: "none",
  async fn() {
    const { table, clock, put } = world(10);
    for (let seconds = 0; seconds < 100; seconds += 5) {
      put("here", startS + seconds);
      await clock.run(5_000);
    }
    assertEquals(table.size, 1);
    await clock.run(11_000);
    assertEquals(table.size, 0);
  },
});

Deno.test({
  name: "Forgetting goes by the wall clock: one that is set back brings nothing back",
  permissions: "none",
  async fn() {
    const { table, clock, put } = world(100);
    put("k", startS - 50);
    clock.step(60_000);
    await clock.run(10_000);
    assertEquals(table.size, 0);
    clock.step(-60_000);
    await clock.run(10_000);
    assertEquals(table.size, 0);
    assert(put("k", startS - 50) !== none);
  },
});

Deno.test({
  name: "tombstoneS: Forgetting drops tombstones after 30 days where records stay for ever",
  permissions: "none",
  async fn() {
    const { table, clock, put } = world(null);
    put("deleted", startS, "-");
    put("here", startS);
    await clock.run((tombstoneS - 100) * 1000);
    assertEquals([table.size, table.clients], [2, 1]);
    await clock.run(300_000);
    assertEquals([lineOf(table, "deleted"), table.size, table.clients], [null, 1, 1]);
    assertEquals(put("deleted", startS, "-"), none, "it does not come back by catch-up");
  },
});

Deno.test({
  name: "Forgetting drops tombstones with the records where those go sooner",
  permissions: "none",
  async fn() {
    const { table, clock, put } = world(100);
    put("deleted", startS, "-");
    await clock.run(111_000);
    assertEquals(table.size, 0);
  },
});

Deno.test({
  name: "A client that was deleted is unknown to WHATSAT, and IAMAT deletes nobody",
  permissions: "none",
  async fn() {
    const clark = await MemoryServer.start({});
    await clark.ask(`IAMAT k +34-118 ${startS}\n`);
    clark.table.merge(recordLine(atLine({ id: "k", time: String(startS + 1), location: "-" })));
    const lines = ["WHATSAT k 10 0", `IAMAT k - ${startS + 2}`, `IAMAT l - ${startS}`];
    for (const line of lines) assertEquals(await clark.ask(`${line}\n`), `? ${line}\n`);
    assertEquals([clark.table.size, clark.table.clients], [1, 0]);
    const back = `IAMAT k +35-118 ${startS + 3}\nWHATSAT k 0 0\n`;
    assertEquals((await clark.ask(back)).match(/^AT Clark .* k \+35-118 /gm)?.length, 2);
  },
});

Deno.test({
  name: "Forgetting.stop() ends it",
  permissions: "none",
  async fn() {
    const { table, clock, forgetting, put } = world(10);
    put("k", startS);
    forgetting.stop();
    assertEquals(clock.timers, 0);
    await clock.run(100_000);
    assertEquals(table.size, 1);
  },
});

Deno.test({
  name: "A forgotten record does not come back: not by catch-up, not from a server behind in time",
  permissions: "none",
  async fn() {
    const network = new MemoryNetwork();
    const [clock, behind] = [new MemoryClock(), new MemoryClock(startS * 1000 - 60_000)];
    const forgetAfterS = 100;
    const clark = await MemoryServer.start({
      name: "Clark",
      neighbours: ["Bona"],
      network,
      clock,
      forgetAfterS,
    });
    const bona = await MemoryServer.start({
      name: "Bona",
      neighbours: ["Clark"],
      network,
      clock: behind,
      forgetAfterS,
    });
    const run = async (ms: number) => {
      for (let passed = 0; passed < ms; passed += 100) {
        await clock.run(100);
        await behind.run(100);
      }
    };
    await clark.ask(`IAMAT k +34-118 ${startS}\nIAMAT l +34-118 ${startS + 1000}\n`);
    await run(2_000);
    assertEquals([clark.table.size, bona.table.size], [2, 2]);
    await run(110_000);
    assertEquals([clark.table.size, bona.table.size], [1, 2]);
    assertEquals(await clark.ask("WHATSAT k 0 0\n"), "? WHATSAT k 0 0\n");
    await run(1.5 * catchUpMs);
    assertEquals([clark.table.size, bona.table.size], [1, 2]);
    await run(60_000);
    assertEquals([clark.table.size, bona.table.size], [1, 1]);
    await run(3 * catchUpMs);
    assertEquals([clark.table.size, bona.table.size], [1, 1]);
    // A report as old as that is answered and not kept.
    assertEquals(
      await clark.ask(`IAMAT k +34-118 ${startS}\nWHATSAT k 0 0\n`),
      (await clark.ask(`IAMAT k +34-118 ${startS}\n`)) + "? WHATSAT k 0 0\n",
    );
  },
});
