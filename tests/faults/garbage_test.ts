// Issue of one herd: garbage gets an answer for every line, and the server's memory does not grow.

import { assert, assertEquals } from "@std/assert";
import { processes } from "../process/chapter.ts";
import { RunningHerd } from "../process/running_herd.ts";
import { sendGarbage } from "./garbage.ts";

const bytes = 1_000_000;
const mebibyte = 1024 * 1024;

Deno.test({
  name: "A million bytes of garbage get the right answer for every line, and leave no mark",
  ...processes,
  async fn() {
    await using herd = await RunningHerd.start({ servers: ["Clark"] });
    const seed = Date.now();
    const report = await sendGarbage(herd, { bytes, seed }).catch((error) => {
      throw new Error(`seed ${seed}`, { cause: error });
    });
    assert(report.bytes >= bytes);
    if (report.grownBytes !== null) {
      console.log(`${report.lines} lines of garbage: ${report.grownBytes / mebibyte} MiB`);
      assert(report.grownBytes < 64 * mebibyte, `${report.grownBytes} bytes`);
    }
    assertEquals(herd.program("Clark").errors, "");
    assertEquals(await herd.ask("Clark", "still there"), "? still there\n");
  },
});
