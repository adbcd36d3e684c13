// The README's "Talking to it" on a graceful stop: SIGINT and SIGTERM end a server with exit status 0
// within two seconds, and it sends the answers that are due first.

import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { processes } from "../process/chapter.ts";
import type { Client } from "../process/client.ts";
import type { RunningHerd } from "../process/running_herd.ts";
import { until } from "../process/waiting.ts";
import { startWithGoogle } from "./herd_with_google.ts";

/** Two seconds, and one more for a machine that is busy with something else. */
const stopMsMax = 3_000;

/** Sends the signal, and waits for the end. */
async function stop(herd: RunningHerd, signal: Deno.Signal): Promise<void> {
  const begun = performance.now();
  const program = herd.program("Clark");
  program.signal(signal);
  const ending = await program.ended();
  const tookMs = Math.round(performance.now() - begun);
  console.log(`${signal}: stopped after ${tookMs} ms`);
  assertEquals(ending, { code: 0, signal: null });
  assert(tookMs <= stopMsMax, `${tookMs} ms`);
  assertEquals(program.errors, "");
}

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  Deno.test({
    name: `${signal} ends a server with status 0; answers due are sent, a WHATSAT in flight too`,
    ...processes,
    async fn() {
      await using world = await startWithGoogle("google", { servers: ["Clark"] });
      const { herd, google } = world;
      const at = await herd.report("Clark", "kiwi");
      google.always("slow", { delayMs: 600 });
      using idle = await herd.connect("Clark");
      assertEquals(await idle.say("hello"), "? hello");
      using asking = await herd.connect("Clark");
      await asking.send("WHATSAT kiwi 10 5\nbehind it\n");
      using closing = await herd.connect("Clark");
      await closing.send("WHATSAT kiwi 10 6\nlast");
      await closing.halfClose();
      await until(() => google.asked.length === 2, "both questions are at Google");
      const stopped = stop(herd, signal);
      const answers = await Promise.all([asking.rest(), closing.rest(), idle.rest()]);
      await stopped;
      assert(answers[0].startsWith(`${at}\n{`) && answers[0].endsWith("}\n\n? behind it\n"));
      assert(answers[1].startsWith(`${at}\n{`) && answers[1].endsWith("}\n\n? last\n"));
      assertEquals(answers[2], "");
      await assertRejects(() => herd.connect("Clark"), Deno.errors.ConnectionRefused);
      assertMatch(herd.log("Clark"), /out \S+ \? behind it\n[^]*Clark stopped\n$/);
    },
  });
}

Deno.test({
  name: "A server that is stopped does not wait for what takes too long",
  ...processes,
  async fn() {
    await using world = await startWithGoogle("google", { servers: ["Clark"] });
    const { herd, google } = world;
    await herd.report("Clark", "kiwi");
    google.always("silent");
    using asking = await herd.connect("Clark");
    await asking.send("WHATSAT kiwi 10 5\n");
    using deaf = await herd.connect("Clark");
    await fill(deaf);
    await until(() => google.asked.length === 1, "the question is at Google");
    await stop(herd, "SIGTERM");
  },
});

/** Sends without reading until nothing is taken any more. */
async function fill(client: Client): Promise<void> {
  const lines = new TextEncoder().encode(`${"x".repeat(1000)}\n`.repeat(64));
  const nothing = Symbol();
  for (;;) {
    const written = client.write(lines);
    let timer;
    const late = new Promise<typeof nothing>((resolve) =>
      timer = setTimeout(resolve, 300, nothing)
    );
    const result = await Promise.race([written, late]);
    clearTimeout(timer);
    if (result === nothing) return void written.catch(() => {});
  }
}

Deno.test({
  name: "A linked server that stops takes its leave, and the others go on",
  ...processes,
  async fn() {
    await using world = await startWithGoogle("google", {
      servers: ["Clark", "Bona"],
      links: [["Clark", "Bona"]],
    });
    const { herd } = world;
    await stop(herd, "SIGTERM");
    await herd.logged("Bona", /link to Clark lost/);
    const line = await herd.report("Bona", "alone");
    await herd.start("Clark");
    await herd.connected();
    assertEquals(await herd.record("Bona", "alone"), line);
  },
});
