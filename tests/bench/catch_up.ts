/**
 * Catching up: an empty server next to one that knows a million clients, and then ten that differ.
 *
 *     deno run --allow-all tests/bench/catch_up.ts [CLIENTS]
 *
 * Both servers are processes of their own; their link goes through proxies that count its bytes.
 *
 * @module
 */

import { Proxy } from "../faults/proxy.ts";
import { RunningHerd } from "../process/running_herd.ts";
import { until } from "../process/waiting.ts";
import { clientId, countKnown, fill } from "./filling.ts";
import { type Latency, Pings, tell } from "./pings.ts";
import { pausesOf } from "./probed_server.ts";

/** What was measured. */
export interface CatchUp {
  readonly clients: number;
  /** Seconds from the empty server's first link until it was sent no more. */
  readonly filledS: number;
  /** How many clients it knew then. */
  readonly known: number;
  /** Answers to a client of each server meanwhile. */
  readonly latency: { readonly full: Latency; readonly empty: Latency };
  /** Bytes both ways on both connections, from the link's making until ten records were there. */
  readonly tenBytes: number;
  /** The longest time that each event loop stood still meanwhile, in milliseconds. */
  readonly pausesMs: { readonly full: number; readonly empty: number };
}

/** How long nothing may have come through until all is thought to have. */
const quietMs = 1_500;
/** What the clients that are timed add to it in that time, and more. */
const noiseBytes = 150_000;
const differing = 10;

/**
 * Measures with so many clients.
 *
 * @param settleMs how long to wait before ten differ, and then for what comes behind them
 */
export async function measureCatchUp(clients: number, settleMs = 3_000): Promise<CatchUp> {
  await using herd = new RunningHerd({
    servers: ["Full", "Empty"],
    links: [["Full", "Empty"]],
    main: new URL("./probed_server.ts", import.meta.url),
  });
  using there = new Proxy(herd.port("Empty"));
  using back = new Proxy(herd.port("Full"));
  herd.redirect("Full", "Empty", there.port);
  herd.redirect("Empty", "Full", back.port);
  await herd.start("Full");
  await fill(herd.port("Full"), clients);
  const filled = await measureFilling(herd, { there, clients });
  const known = await countKnown(herd.port("Empty"), clients);
  return {
    clients,
    ...filled,
    known,
    ...await measureTen(herd, { proxies: [there, back], clients, settleMs }),
  };
}

async function measureFilling(
  herd: RunningHerd,
  { there, clients }: { there: Proxy; clients: number },
) {
  there.isCut = true;
  await herd.start("Empty");
  const pings = {
    full: await Pings.begin(herd.port("Full")),
    empty: await Pings.begin(herd.port("Empty")),
  };
  there.isCut = false;
  await herd.logged("Full", /link to Empty made/);
  const begun = performance.now();
  let [bytes, lastMs] = [0, begun];
  await until(
    () => {
      if (there.bytes > bytes + noiseBytes) [bytes, lastMs] = [there.bytes, performance.now()];
      return bytes > clients * 50 && performance.now() - lastMs > quietMs;
    },
    "the empty server is filled",
    120_000,
  );
  return {
    filledS: (lastMs - begun) / 1000,
    latency: { full: await pings.full.end(), empty: await pings.empty.end() },
  };
}

async function measureTen(
  herd: RunningHerd,
  { proxies, clients, settleMs }: {
    proxies: readonly Proxy[];
    clients: number;
    settleMs: number;
  },
) {
  const lost = () => herd.log("Full").match(/link (to|from) Empty lost/g)?.length ?? 0;
  for (const proxy of proxies) {
    proxy.isCut = true;
    proxy.cut();
  }
  await until(() => lost() >= 2, "the link is lost");
  const ids = Array.from({ length: differing }, (_, n) => clientId(Math.floor(n * clients / 10)));
  const lines = new Map<string, string>();
  for (const id of ids) lines.set(id, await herd.report("Full", id));
  // Collections of garbage that filling has left are no part of what is measured.
  await new Promise((resolve) => setTimeout(resolve, settleMs));
  for (const proxy of proxies) proxy.bytes = 0;
  const fromMs = Date.now();
  for (const proxy of proxies) proxy.isCut = false;
  await Promise.all(ids.map((id) => herd.learns("Empty", id, lines.get(id)!)));
  await new Promise((resolve) => setTimeout(resolve, settleMs));
  const longest = (name: string) => Math.max(...pausesOf(herd.program(name).output, fromMs));
  return {
    tenBytes: proxies.reduce((sum, { bytes }) => sum + bytes, 0),
    pausesMs: { full: longest("Full"), empty: longest("Empty") },
  };
}

if (import.meta.main) {
  const [clients = "1000000"] = Deno.args;
  const found = await measureCatchUp(Number(clients));
  console.log(
    `${found.clients} clients, ${navigator.hardwareConcurrency} cores, ` +
      `load ${Deno.loadavg()[0]!.toFixed(1)}`,
  );
  console.log(`an empty server knows ${found.known} of them after ${found.filledS.toFixed(1)} s`);
  console.log(`  the full one meanwhile: ${tell(found.latency.full)}`);
  console.log(`  the empty one: ${tell(found.latency.empty)}`);
  console.log(`${differing} that differ: ${found.tenBytes} bytes both ways`);
  const { full, empty } = found.pausesMs;
  console.log(`  longest pauses of the event loops: ${full} ms and ${empty} ms`);
}
