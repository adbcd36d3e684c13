// Issue of one herd: what is told to any server is known at every other, byte for byte, and soon.

import { assert, assertEquals, assertRejects } from "@std/assert";
import { processes } from "../process/chapter.ts";
import type { Client } from "../process/client.ts";
import { Program } from "../process/program.ts";
import { RunningHerd } from "../process/running_herd.ts";
import { childOf, hasProc } from "../process/system_processes.ts";
import { until } from "../process/waiting.ts";

/** What any of them may take on a machine that is busy with something else, in milliseconds. */
const tellMsMax = 1_000;

/** Reports at one server, and asks all others until they know. @returns how long it took, in ms */
async function tellAll(clients: Map<string, Client>, from: string, id: string): Promise<number> {
  const stamp = `${(Date.now() / 1000).toFixed(3)}000001`;
  const line = await clients.get(from)!.say(`IAMAT ${id} +34.068930-118.445127 ${stamp}`);
  const begun = performance.now();
  await Promise.all([...clients].map(async ([name, client]) => {
    await until(async () => await recordOf(client, id) === line, `${name} has ${line}`);
  }));
  return performance.now() - begun;
}

/** What a server has of a client; asked on a connection that stays. */
async function recordOf(client: Client, id: string): Promise<string | null> {
  const line = await client.say(`WHATSAT ${id} 10 0`);
  if (line?.startsWith("? ")) return null;
  for (let json = await client.line(); json !== ""; json = await client.line()) {
    if (json === null) throw new Error("an answer without its end");
  }
  return line;
}

/** Tells every server of a herd twice, and prints how long the slowest took to know. */
async function tellEveryone(herd: RunningHerd): Promise<void> {
  using stack = new DisposableStack();
  const clients = new Map<string, Client>();
  for (const name of herd.names) clients.set(name, stack.use(await herd.connect(name)));
  const tookMs: number[] = [];
  for (const round of [1, 2]) {
    for (const from of herd.names) tookMs.push(await tellAll(clients, from, `${from}.${round}`));
  }
  const slowestMs = Math.max(...tookMs);
  console.log(`${herd.names.join(" ")}: all know within ${slowestMs.toFixed(1)} ms at the most`);
  assert(slowestMs <= tellMsMax, `${slowestMs} ms`);
}

Deno.test({
  name:
    "An IAMAT to each of the five is answered by WHATSAT at every other, byte for byte the same",
  ...processes,
  async fn() {
    await using herd = await RunningHerd.start();
    await tellEveryone(herd);
  },
});

for (const name of ["hill", "alford"]) {
  Deno.test({
    name: `In tests/topologies/${name}.json, too, an IAMAT to each server reaches every other`,
    ...processes,
    async fn() {
      const path = new URL(`../topologies/${name}.json`, import.meta.url);
      const { servers, links } = JSON.parse(await Deno.readTextFile(path));
      await using herd = await RunningHerd.start({ servers: Object.keys(servers), links });
      assertEquals(herd.names.length, 5);
      await tellEveryone(herd);
    },
  });
}

Deno.test({
  name: "`herd` starts all five, takes a killed one back, and stops them all",
  ...processes,
  ignore: processes.ignore || !hasProc,
  async fn() {
    await using herd = new RunningHerd();
    const args = ["herd", "--config", herd.config, "--log-dir", herd.logDir];
    await using program = new Program(args, { task: "herd" });
    for (const name of herd.names) await program.prints(new RegExp(`${name} listens`));
    await herd.connected();
    const campbell = await childOf(program.pid, "Campbell");
    assert(campbell !== null);
    Deno.kill(campbell, "SIGKILL");
    await program.prints(/Campbell +\| was killed by SIGKILL/);
    await program.prints(/Campbell listens[^]*Campbell listens/);
    await herd.connected();
    program.signal("SIGTERM");
    assertEquals(await program.ended(), { code: 0, signal: null });
    for (const name of herd.names) {
      await assertRejects(() => herd.connect(name), Deno.errors.ConnectionRefused);
    }
  },
});
