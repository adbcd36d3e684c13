// Issue "Nothing lost, nobody in", 8: the smaller brother of tests/bench/limits.ts, without its clock.

import { assert, assertEquals } from "@std/assert";
import { measureLimits } from "../bench/limits.ts";
import { processes } from "../process/chapter.ts";

Deno.test({
  name: "Idle, silent and flooding connections cost bounded memory, and nobody an answer",
  ...processes,
  async fn() {
    const load = { idle: 500, silent: 100, flooding: 4, floodMs: 1_000 };
    const { bytes, latency, idleAnswered, floodLines, floodAnswers } = await measureLimits(load);
    assertEquals(idleAnswered, load.idle + load.silent);
    assertEquals(floodAnswers, floodLines);
    assert(latency.connecting.count > 0 && latency.flooded.count > 0);
    if (bytes.flooded !== null && bytes.begun !== null) {
      // 5 MiB for each that floods, 40 KB for each of the others, and what the engine takes.
      const most = load.flooding * 5 * 2 ** 20 + (load.idle + load.silent) * 40_000 + 80 * 2 ** 20;
      assert(bytes.flooded - bytes.begun < most, `${bytes.begun} grew to ${bytes.flooded}`);
    }
  },
});
