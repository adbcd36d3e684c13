// Issue "The edge", 3: ever new IDs take no more memory than the bound allows, and known clients go on.

import { assert, assertEquals } from "@std/assert";
import { processes } from "../process/chapter.ts";
import { RunningHerd } from "../process/running_herd.ts";
import { residentBytes } from "../process/system_processes.ts";

const maxClients = 20_000;
const floodBytes = 30e6;

/** Reports of clients that nobody heard of before, as fast as they are taken. */
async function flood(port: number, from: string): Promise<void> {
  const conn = await Deno.connect({ hostname: "127.0.0.1", port });
  const read = (async () => {
    for await (const _ of conn.readable);
  })().catch(() => {});
  const writer = conn.writable.getWriter();
  for (let sent = 0, count = 0; sent < floodBytes;) {
    let text = "";
    for (let lines = 0; lines < 1_000; lines++) {
      text += `IAMAT ${from}-${count++}${
        "x".repeat(count % 300)
      } +34.068930-118.445127 1621464827.5\n`;
    }
    sent += text.length;
    await writer.write(new TextEncoder().encode(text));
  }
  await writer.close();
  await read;
}

Deno.test({
  name: "Ever new IDs leave servers alive within their bound, and they start again; clients go on",
  ...processes,
  async fn() {
    const links = [["Clark", "Bona"]] as const;
    await using herd = await RunningHerd.start({
      servers: ["Clark", "Bona"],
      links,
      memory: { limits: { maxClients }, durable: true },
    });
    await herd.report("Clark", "known");
    const begun = await residentBytes(herd.program("Clark").pid);
    await Promise.all(["Clark", "Bona"].map((name) => flood(herd.port(name), name)));
    const flooded = await residentBytes(herd.program("Clark").pid);
    for (const name of herd.names) {
      assertEquals(herd.program(name).ending, null);
      assertEquals(
        await herd.ask(name, "IAMAT new +1+1 1621464827\n"),
        "? IAMAT new +1+1 1621464827\n",
      );
      await herd.logged(name, /refused \d+ records of new clients: \d+ clients are known/);
    }
    const line = await herd.report("Clark", "known");
    await herd.learns("Bona", "known", line);
    // What is acknowledged is on disk a moment later.
    await new Promise((resolve) => setTimeout(resolve, 200));
    if (begun !== null && flooded !== null) {
      assert(flooded - begun < 150 * 2 ** 20, `${begun} grew to ${flooded}`);
    }
    for (const name of herd.names) await herd.kill(name);
    for (const name of herd.names) {
      await herd.start(name);
      await herd.learns(name, "known", line);
    }
  },
});
