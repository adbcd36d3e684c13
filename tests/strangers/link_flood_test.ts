// Issue 10, Build 5: what a neighbour may ask at a time is bounded. One that has the secret, and asks as
// fast as it can, costs clients no more than a moment each, and the server no memory.

import { assert, assertLess } from "@std/assert";
import { processes } from "../process/chapter.ts";
import type { Client } from "../process/client.ts";
import { RunningHerd } from "../process/running_herd.ts";
import { hasProc, residentBytes } from "../process/system_processes.ts";
import { acceptLink, dialLink, type Parties } from "../spec/link_peer.ts";

const secret = "correct horse battery staple";
const bona: Parties = { self: "Bona", other: "Clark", secret };
const clients = 20_000;
const floodMs = 2_000;
/** What a client may wait at worst, in milliseconds. */
const waitMsMax = 300;
const memoryBytesMax = 100 * 1024 * 1024;

const encoder = new TextEncoder();
const empty = btoa("\0".repeat(2048));
const odd = btoa("\x5a".repeat(2048));
const every = Array.from({ length: 256 }, (_, group) => group);

/** By what is flooded: over which of Bona's links, the lines, and whether it reads what it is told. */
const floods: Record<string, { over: "from" | "to"; lines: string[]; reads: boolean }> = {
  "digests of nothing, which ask for everything": {
    over: "from",
    lines: [`DIGEST ${empty}`],
    reads: true,
  },
  "digests in which all groups differ": { over: "from", lines: [`DIGEST ${odd}`], reads: true },
  "digests, and reads no answer": { over: "from", lines: [`DIGEST ${odd}`], reads: false },
  "digests, and buckets of all groups": {
    over: "from",
    lines: [
      `DIGEST ${odd}`,
      ...every.map((group) => `BUCKETS ${group} ${btoa("\x5a".repeat(512))}`),
    ],
    reads: true,
  },
  "heartbeats": { over: "from", lines: Array(10_000).fill("BEAT"), reads: true },
  "heartbeats over the link that it dialled": {
    over: "to",
    lines: Array(10_000).fill("BEAT"),
    reads: true,
  },
  "groups that differ, over the link that it dialled": {
    over: "to",
    lines: every.filter((group) => group % 16 === 0)
      .map((first) => `DIFFER ${every.slice(first, first + 16).join(" ")}`),
    reads: true,
  },
};

/** Says the lines again and again. @returns how many times, when the time is over or the link is */
async function flood(link: Client, lines: readonly string[]): Promise<number> {
  const block = encoder.encode(lines.map((line) => `${line}\n`).join(""));
  const endMs = performance.now() + floodMs;
  let bytes = 0;
  try {
    while (performance.now() < endMs) {
      const wrote = link.write(block.subarray(bytes % block.length));
      const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), floodMs));
      const count = await Promise.race([wrote, late]);
      if (count === null) break;
      bytes += count;
    }
  } catch {
    // The link is cut.
  }
  return bytes / block.length;
}

/** Reports on a connection of its own, on and on. @returns the longest wait, in milliseconds */
async function probe(herd: RunningHerd, untilDone: Promise<unknown>): Promise<number> {
  using client = await herd.connect("Clark");
  let isDone = false;
  untilDone.finally(() => isDone = true);
  let worstMs = 0;
  for (let time = 1; !isDone; time++) {
    const begunMs = performance.now();
    const answer = await client.say(`IAMAT probe +34-118 ${time}`);
    worstMs = Math.max(worstMs, performance.now() - begunMs);
    assert(answer?.startsWith("AT Clark "), `${answer}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return worstMs;
}

async function fill(herd: RunningHerd): Promise<void> {
  const reports = Array.from({ length: clients }, (_, client) => `IAMAT c${client} +34-118 1\n`);
  await herd.ask("Clark", reports.join(""));
}

for (const [what, { over, lines, reads }] of Object.entries(floods)) {
  Deno.test({
    name: `A neighbour floods ${what}: a client waits ${waitMsMax} ms at worst`,
    ...processes,
    async fn() {
      await using herd = new RunningHerd({
        servers: ["Clark", "Bona"],
        links: [["Clark", "Bona"]],
        env: { HERD_SECRET: secret },
      });
      using listener = Deno.listen({ hostname: "127.0.0.1", port: herd.port("Bona") });
      await herd.start("Clark");
      await fill(herd);
      using link = over === "from"
        ? await acceptLink(listener, bona)
        : await dialLink(herd.port("Clark"), bona);
      const { pid } = herd.program("Clark");
      const before = hasProc ? await residentBytes(pid) ?? 0 : 0;
      const reading = reads ? link.drain() : null;
      const flooding = flood(link, lines);
      const worstMs = await probe(herd, flooding);
      const grown = hasProc ? (await residentBytes(pid) ?? 0) - before : 0;
      console.log(
        `${what}: ${Math.round(await flooding)} times, a client waited ${
          Math.round(worstMs)
        } ms, memory grew by ${Math.round(grown / 1024 / 1024)} MiB`,
      );
      assertLess(worstMs, waitMsMax);
      assertLess(grown, memoryBytesMax);
      link[Symbol.dispose]();
      await reading;
      await herd.report("Clark", "afterwards");
    },
  });
}
