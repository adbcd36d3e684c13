// Issue "The edge", 2: who holds all connections keeps nobody out.

import { assert, assertEquals } from "@std/assert";
import { processes } from "../process/chapter.ts";
import { RunningHerd } from "../process/running_herd.ts";
import { Newcomers } from "./newcomers.ts";
import { Storm } from "./storm.ts";

/** As many as the server has: fewer than by default, so that a test is cheap. */
const connections = 1_000;

const linkedMs = 3_000;
const answeredMs = 300;

Deno.test({
  name: "With all connections held, a restarted neighbour is linked, and new clients are answered",
  ...processes,
  async fn() {
    const links = [["Clark", "Bona"]] as const;
    await using herd = await RunningHerd.start({
      servers: ["Clark", "Bona"],
      links,
      memory: { limits: { connections } },
    });
    using talking = await herd.connect("Clark");
    assertEquals(await talking.say("one"), "? one");
    using storm = new Storm({ port: herd.port("Clark"), kind: "hold", count: connections + 50 });
    await storm.begun;
    await herd.logged("Clark", /dropped \d+ connections, those silent or idle longest/);
    assert(!/link (to|from) Bona lost/.test(herd.log("Clark")), "a link was dropped");
    await herd.kill("Bona");
    await herd.start("Bona");
    const begunMs = performance.now();
    const newcomers = new Newcomers(herd.port("Clark"));
    await herd.logged("Clark", /(?:link from Bona made[^]*){2}/);
    await herd.logged("Bona", /(?:link from Clark made[^]*){2}/);
    const tookMs = performance.now() - begunMs;
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const { count, medianMs, worstMs } = await newcomers.end();
    assert(tookMs < linkedMs, `linked after ${tookMs} ms`);
    assert(count > 10 && medianMs < answeredMs, `${count} new clients waited ${medianMs} ms`);
    assert(worstMs < linkedMs, `a new client waited ${worstMs} ms`);
    assertEquals(await talking.say("still here"), "? still here");
  },
});
