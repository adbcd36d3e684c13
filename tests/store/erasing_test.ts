// What a server has forgotten is nowhere on its disk any more, with a real file and a clock in memory.

import { assert, assertEquals } from "@std/assert";
import { storeStaleFirstMs, storeStaleMs } from "../../lib/limits.ts";
import { Table } from "../../lib/locations/table.ts";
import { textOf } from "../../lib/protocol/ascii.ts";
import { openMemory } from "../../lib/store/open_memory.ts";
import { Saving } from "../../lib/store/saving.ts";
import { StoreFile } from "../../lib/store/store_file.ts";
import { atLine, recordLine } from "../locations/lines.ts";
import { MemoryClock } from "../memory_clock.ts";
import { needs } from "../needs.ts";
import { seededRandom } from "../seeded_random.ts";
import { Events } from "../server/memory_server.ts";

/** A server's memory, as it is opened at a start. */
async function remember(directory: string, { forgetAfterS }: { forgetAfterS: number | null }) {
  const table = new Table();
  const clock = new MemoryClock();
  const events = new Events();
  const onTrouble = (trouble: string) => assert(false, trouble);
  const file = new StoreFile({ directory, name: "Clark", sync: false, onTrouble });
  const given = { table, file, sync: false, forgetAfterS, maxClockAheadS: null };
  const memory = await openMemory({ ...given, clock, random: seededRandom(1), events, onTrouble });
  return { table, clock, saving: new Saving({ ...memory.stored!, table, clock, events }) };
}

function isOnDisk(directory: string, word: string): boolean {
  return [...Deno.readDirSync(directory)].some(({ name }) =>
    textOf(Deno.readFileSync(`${directory}/${name}`)).includes(word)
  );
}

Deno.test({
  name:
    "storeStaleMs: a forgotten client's lines are gone from the file and what lies beside it, also after a start",
  ...await needs("read", "write", "env", "sys", "ffi"),
  async fn() {
    const directory = Deno.makeTempDirSync({ prefix: "herd-store-" });
    try {
      const first = await remember(directory, { forgetAfterS: null });
      const put = (id: string, time: string) => {
        const number = first.table.merge(recordLine(atLine({ id, time })));
        first.saving.mark(number);
        return number;
      };
      const forgotten = put("forgotten.client", "1621464800");
      put("old.client", "1600000000");
      put("kept.client", "1621464800");
      await first.clock.run(storeStaleFirstMs);
      await first.clock.settle();
      assert(isOnDisk(directory, "forgotten.client"));
      first.table.forget(forgotten);
      await first.clock.run(storeStaleMs);
      await first.clock.settle();
      const onDisk = () =>
        ["forgotten", "old", "kept"].filter((word) => isOnDisk(directory, `${word}.client`));
      assertEquals(onDisk(), ["old", "kept"]);
      first.saving.close();
      // The next start takes no record that is older than forgetAfter; its line goes, too.
      const next = await remember(directory, { forgetAfterS: 86_400 });
      assertEquals([next.table.size, onDisk()], [1, ["old", "kept"]]);
      await next.clock.run(storeStaleFirstMs);
      await next.clock.settle();
      assertEquals(onDisk(), ["kept"]);
      next.saving.close();
    } finally {
      Deno.removeSync(directory, { recursive: true });
    }
  },
});
