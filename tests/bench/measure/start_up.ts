/**
 * Start-up: from `deno run` to the first connection that is accepted.
 *
 * @module
 */

import { serve, serverName } from "../contestants.ts";
import { fixed, type Section } from "../report.ts";
import { figures } from "./throughput.ts";
import { planMeasured, type Stage } from "../stage.ts";

/** @param options.starts how often */
export async function measureStartUp(
  stage: Stage,
  { starts }: { starts: number },
): Promise<Section> {
  using servers = planMeasured(stage);
  const port = servers.ports[serverName]!;
  const times: number[] = [];
  for (let start = -1; start < starts; start++) {
    const words = serve(servers);
    const begun = performance.now();
    const child = stage.processes.spawn(words, { stdin: "null", stdout: "null" });
    await accepts(port);
    // The first start fills the caches.
    if (start >= 0) times.push(performance.now() - begun);
    await stage.processes.end(child.pid);
  }
  const { median, min, max } = figures(times);
  return {
    title: "Start-up",
    text:
      `From \`deno run\` to the first accepted connection, with the caches of Deno and of the disk
      warm, ${starts} starts; somebody knocks every millisecond.`,
    tables: [{
      columns: ["", "median", "least", "most"],
      rows: [["herd", ...[median, min, max].map((ms) => `${fixed(ms, 0)} ms`)]],
    }],
    gates: [{ what: "`deno run` to listening, warm, in ms", got: median, atMost: 120 }],
    data: times,
  };
}

async function accepts(port: number): Promise<void> {
  for (;;) {
    try {
      (await Deno.connect({ hostname: "127.0.0.1", port })).close();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
  }
}
