// Issue 10, Build 5: a herd's secret is changed while it runs: first both servers take the new one, then
// they prove with it, then they refuse the old one. No link is lost, and catch-up stays cheap.

import { assert, assertEquals, assertLess, assertMatch } from "@std/assert";
import { backoffMsMax } from "../../lib/limits.ts";
import { proverOf } from "../../lib/links/proof.ts";
import { MemoryHerd } from "./herd_in_memory.ts";

const [before, after] = ["the old secret of the herd", "the new secret of the herd"];
const steps: readonly [string, string?][] = [[before, after], [after, before], [after]];
const clients = 2_000;

function lost(herd: MemoryHerd): string[] {
  return herd.servers.flatMap(({ events }) => events.filter((event) => !/made$/.test(event)));
}

async function live(): Promise<MemoryHerd> {
  const secrets = { Bona: before, Clark: before };
  const herd = await MemoryHerd.live("Bona-Clark", { secrets });
  for (let client = 0; client < clients; client++) {
    herd.server("Bona").report({ id: `c${client}`, time: "1", server: "Bona" });
  }
  await herd.clock.run(1_000);
  assertEquals(herd.server("Clark").table.size, clients);
  for (const { events, wire } of herd.servers) {
    events.splice(0);
    wire.splice(0);
  }
  return herd;
}

Deno.test({
  name: "Links.trust() changes the secret step by step, and no link is lost",
  permissions: "none",
  async fn() {
    const herd = await live();
    for (const step of steps) {
      for (const server of herd.servers) {
        server.links.trust(await proverOf(...step));
        await herd.clock.run(60_000);
      }
    }
    assertEquals(lost(herd), []);
    const stranger = await herd.dial("Bona", "Clark");
    const end = await herd.during(stranger.prove(await proverOf(before)));
    assertMatch(end!, /^\? HELLO 2/);
    stranger.link.close();
    await herd.stop();
  },
});

Deno.test({
  name: "Links.trust() leaves catch-up cheap at every step, also for links that are made anew",
  permissions: "none",
  async fn() {
    const herd = await live();
    const [bona, clark] = [herd.server("Bona"), herd.server("Clark")];
    let time = 2;
    for (const step of steps) {
      for (const server of [clark, bona]) {
        server.links.trust(await proverOf(...step));
        await herd.clock.run(60_000);
        assertEquals([bona.sent(), clark.sent()], [[], []], "who holds the same sends nothing");
        // What is reported while the link is down is for catch-up.
        herd.network.reset(bona.hostname, clark.hostname);
        const id = `c${time}`;
        bona.report({ id, time: `${time++}`, server: "Bona" });
        await herd.clock.run(backoffMsMax + 1_000);
        assertEquals(bona.links.live, ["Clark"]);
        assertEquals(clark.known(id), bona.known(id));
        const sent = bona.sent().length;
        assert(sent >= 1);
        assertLess(sent + clark.sent().length, 20, "a bucket's records, not the table");
      }
    }
    await herd.stop();
  },
});

Deno.test({
  name: "Links with a neighbour at another step's salt still catch up, if not cheaply",
  permissions: "none",
  async fn() {
    const herd = await live();
    const [bona, clark] = [herd.server("Bona"), herd.server("Clark")];
    // The steps are not kept: one has the new secret alone, and only its live links remain.
    bona.links.trust(await proverOf(after));
    await herd.clock.run(1_000);
    herd.network.cut(bona.hostname, clark.hostname);
    bona.report({ id: "missed", time: "9", server: "Bona" });
    await herd.clock.run(10_000);
    herd.network.mend(bona.hostname, clark.hostname);
    await herd.clock.run(10_000);
    assertEquals([bona.links.live, clark.known("missed")], [[], null]);
    clark.links.trust(await proverOf(before, after));
    bona.links.trust(await proverOf(after, before));
    await herd.clock.run(10_000);
    assertEquals(clark.known("missed"), bona.known("missed"));
    await herd.stop();
  },
});
