// Issue "Nothing lost, nobody in": real servers under traffic, killed, stopped, with bad links between
// them. Afterwards every acknowledged record is at every server, counted. `deno task faults` does the
// same with more of everything.

import { assert, assertEquals } from "@std/assert";
import { processes } from "../process/chapter.ts";
import { RunningHerd } from "../process/running_herd.ts";
import { until } from "../process/waiting.ts";
import { recordsOf } from "./census.ts";
import { measureConvergence } from "./convergence.ts";
import { faults } from "./fault_run.ts";
import { Proxy } from "./proxy.ts";

const size = { clients: 300, perSecond: 500, answers: 300, faultBytes: 10_000, faults: 12 };

for (const [name, fault] of Object.entries(faults)) {
  Deno.test({
    name: `No acknowledged record is lost: ${name}`,
    ...processes,
    async fn() {
      const { records, acknowledged, convergedS, note } = await fault(size);
      assert(records > 0 && acknowledged >= records);
      console.log(
        `${acknowledged} reports, ${records} clients, ${convergedS.toFixed(1)} s; ${note}`,
      );
    },
  });
}

Deno.test({
  name: "Servers that know nothing know 50,000 records within 3 s and 10 µs a record and link",
  ...processes,
  async fn() {
    const { tookMs, promisedMs } = await measureConvergence({ servers: 3, records: 50_000 });
    assert(tookMs > 0 && tookMs < promisedMs, `${tookMs} ms where ${promisedMs} are promised`);
  },
});

Deno.test({
  name: "A record that a cable changed unnoticed: all servers agree on one, changed or not",
  ...processes,
  async fn() {
    await using herd = new RunningHerd({
      servers: ["Clark", "Jaquez", "Bona"],
      links: [["Clark", "Jaquez"], ["Jaquez", "Bona"]],
    });
    using proxy = new Proxy(herd.port("Jaquez"));
    using back = new Proxy(herd.port("Clark"));
    herd.redirect("Clark", "Jaquez", proxy.port);
    herd.redirect("Jaquez", "Clark", back.port);
    await Promise.all(herd.names.map((name) => herd.start(name)));
    await herd.connected();
    // TCP's checksum is what stands between a link and this; with TLS nothing gets through it.
    proxy.fault = { kind: "forge", bytes: 1 };
    const ids = Array.from({ length: 20 }, (_, index) => `forged.${index}`);
    const told = new Map<string, string>();
    for (const id of ids) told.set(id, await herd.report("Clark", id));
    await until(() => proxy.done > 0, "a record was changed");
    proxy.fault = { kind: "none" };
    // What differs is found when links are made, or half a minute later.
    proxy.cut();
    back.cut();
    const all = () => Promise.all(herd.names.map((name) => recordsOf(herd, name, ids)));
    await until(
      async () => {
        const [first, ...others] = await all();
        return first!.size === ids.length &&
          others.every((other) => ids.every((id) => other.get(id) === first!.get(id)));
      },
      "all servers agree",
      60_000,
    );
    const [records] = await all();
    for (const id of ids) {
      const words = records!.get(id)!.split(" ");
      assertEquals(words.toSpliced(4, 1), told.get(id)!.split(" ").toSpliced(4, 1));
    }
  },
});
