/**
 * Random input for the session and the link protocol, for as long as one likes: on the network in
 * memory, and the last fifth of the time over TCP. What goes wrong joins the corpus, and so does what
 * costs more than a line may.
 *
 *     deno task fuzz SECONDS [SEED]
 *
 * @module
 */

import { sendGarbage } from "../faults/garbage.ts";
import { RunningHerd } from "../process/running_herd.ts";
import { seededRandom } from "../seeded_random.ts";
import { keep } from "./corpus.ts";
import { CostMeter } from "./cost_meter.ts";
import { costlyLine } from "./costly_line.ts";
import { checkLink, linkCase } from "./link_fuzz.ts";
import { checkSession, sessionText } from "./session_fuzz.ts";

const [seconds, first] = Deno.args.filter((word) => word !== "--").map(Number);
if (!(seconds! > 0)) {
  console.error("how many seconds? deno task fuzz SECONDS [SEED]");
  Deno.exit(2);
}
const begun = performance.now();
const isTime = (part: number) => performance.now() - begun < seconds! * 1000 * part;
let seed = first ?? Math.floor(Math.random() * 2 ** 31);
let failures = 0;
let counted = 0;

globalThis.addEventListener("unhandledrejection", (event) => {
  console.error(`about seed ${seed}: not caught: ${event.reason}`);
  failures++;
  event.preventDefault();
});

/** Checks one case, and keeps it when it goes wrong. */
async function check<T extends Parameters<typeof keep>[1]>(
  found: T,
  say: (found: T, seed: number) => Promise<void>,
): Promise<void> {
  counted++;
  try {
    await say(found, seed);
  } catch (error) {
    failures++;
    console.error(`seed ${seed}: ${`${error}`.slice(0, 500)}`);
    console.error(`  kept as ${keep(String(seed), found)}`);
  }
}

const meter = await CostMeter.open();
let mostMs = 0;

/** Measures what a text costs, and keeps it when that is too much. */
async function checkCost(text: string): Promise<void> {
  const measure = async () => {
    mostMs = Math.max(mostMs, await meter.check({ name: "what was said", text }));
  };
  await check(text, measure);
}

console.log(`from seed ${seed} on`);
for (; isTime(0.8) && failures < 10; seed++) {
  await check(sessionText(seed), checkSession);
  await check(linkCase(seed), checkLink);
  for (let left = 10; left > 0; left--) await checkCost(costlyLine(seededRandom(seed + left)).text);
}
await meter[Symbol.asyncDispose]();
const mebibytes = Math.round(Deno.memoryUsage().rss / 2 ** 20);
console.log(`${counted} conversations in memory, ${failures} gone wrong; ${mebibytes} MiB`);
console.log(`the line that cost most took ${mostMs.toFixed(1)} ms`);
let [lines, grown] = [0, 0];
while (isTime(1)) {
  // A server of its own each time: what it is told before, the garbage's model does not know.
  await using herd = await RunningHerd.start({ servers: ["Clark"] });
  const report = await sendGarbage(herd, { bytes: 1_000_000, seed: seed++ });
  lines += report.lines;
  grown = Math.max(grown, report.grownBytes ?? 0);
}
console.log(`${lines} lines over TCP, each answered; memory grew by ${grown >> 20} MiB at most`);
Deno.exit(failures === 0 ? 0 : 1);
