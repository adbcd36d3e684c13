// Issue "The edge", 2: connections that are reset before they are accepted hold nobody up.

import { assert } from "@std/assert";
import { processes } from "../process/chapter.ts";
import { RunningHerd } from "../process/running_herd.ts";
import { Newcomers } from "./newcomers.ts";
import { Storm } from "./storm.ts";

/** A restarted neighbour is linked within this, in milliseconds; a new client waits no longer. */
const linkedMs = 3_000;
const answeredMs = 300;

Deno.test({
  name: "Under 10,000 resets a restarted neighbour is linked, and new clients are answered",
  ...processes,
  async fn() {
    const links = [["Clark", "Bona"]] as const;
    await using herd = await RunningHerd.start({ servers: ["Clark", "Bona"], links });
    // Only then: what a server that is killed had still to write to its log is lost.
    await herd.logged("Clark", /link from Bona made/);
    await herd.logged("Bona", /link from Clark made/);
    await herd.kill("Bona");
    using storm = new Storm({ port: herd.port("Clark"), kind: "reset", count: 10_000 });
    const newcomers = new Newcomers(herd.port("Clark"));
    await herd.start("Bona");
    const begunMs = performance.now();
    await herd.logged("Clark", /(?:link from Bona made[^]*){2}/);
    await herd.logged("Bona", /(?:link from Clark made[^]*){2}/);
    const tookMs = performance.now() - begunMs;
    await storm.begun;
    const { count, medianMs, worstMs } = await newcomers.end();
    assert(tookMs < linkedMs, `linked after ${tookMs} ms`);
    assert(count > 10 && medianMs < answeredMs, `${count} new clients waited ${medianMs} ms`);
    assert(worstMs < linkedMs, `a new client waited ${worstMs} ms`);
  },
});
