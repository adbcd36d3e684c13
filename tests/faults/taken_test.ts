import { assertEquals } from "@std/assert";
import { needs } from "../needs.ts";
import { LogMark, takenIn } from "./taken.ts";

const line = (second: string, rest: string) => `2026-11-20T15:36:${second}Z ${rest}\n`;
const from = "INFO in Bona 127.0.0.1:4000";
const kiwi = "AT Bona +0.1 kiwi +1.0+1.0 1.5";
const plum = "AT Clark +0.1 plum +1.0+1.0 1.5";

Deno.test({
  name: "takenIn() reads what came from a neighbour, to the microsecond, and nothing else",
  permissions: "none",
  fn() {
    const atMs = Date.UTC(2026, 10, 20, 15, 36, 59) + 123.456;
    assertEquals(takenIn(line("59.123456", `${from} ${kiwi}`).trimEnd()), { atMs, record: kiwi });
    for (const other of [`INFO out 127.0.0.1:4000 ${kiwi}`, "INFO in 127.0.0.1:4000 IAMAT x"]) {
      assertEquals(takenIn(line("59.123456", other).trimEnd()), null);
    }
  },
});

Deno.test({
  name: "LogMark times the slowest record at the last server, by the first time that it came",
  ...await needs("read", "write"),
  async fn() {
    const logDir = await Deno.makeTempDir();
    const write = (name: string, text: string) =>
      Deno.writeTextFile(`${logDir}/${name}.log`, text, { append: true });
    try {
      await write("Clark", line("58.000000", `${from} ${plum}`));
      const mark = new LogMark({ logDir, names: ["Clark", "Bona"] });
      const dueMs = Date.UTC(2026, 10, 20, 15, 36, 59);
      const due = new Map([[kiwi, dueMs], [plum, dueMs + 300]]);
      await write("Bona", line("59.100000", `${from} AT Bona +0.1 kiwi +1.0+1.0 1.4`));
      assertEquals(await mark.longestMs(due), 0);
      await write("Bona", line("59.250000", `${from} ${kiwi}`));
      await write("Bona", line("59.750000", `${from} ${kiwi}`));
      await write("Clark", line("59.500000", `${from} ${kiwi}`));
      assertEquals(await mark.longestMs(due), 500);
      // Clark's file is set aside, and goes on in a new one.
      await Deno.rename(`${logDir}/Clark.log`, `${logDir}/Clark.log.1`);
      await write("Clark", line("59.700000", `${from} ${plum}`));
      assertEquals(await mark.longestMs(due), 500);
      await write("Bona", line("59.950000", `${from} ${plum}`));
      assertEquals(await mark.longestMs(due), 650);
    } finally {
      await Deno.remove(logDir, { recursive: true });
    }
  },
});
