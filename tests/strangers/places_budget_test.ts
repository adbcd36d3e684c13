// Each call to Google is paid for: however many questions strangers ask, a server makes no more calls
// than herd.json allows.

import { assert, assertEquals, assertLess } from "@std/assert";
import { chapter } from "../process/chapter.ts";
import type { Client } from "../process/client.ts";
import { startWithGoogle, whatsatAnswer } from "../spec/herd_with_google.ts";

const perMinute = 30;
const connections = 20;
const floodMs = 2_000;
/** How long a client waits at the most while strangers do what they do. */
const probeMsMax = 300;

const says = chapter("Strangers ask about places", async () => {
  const places = { perMinute };
  const world = await startWithGoogle("google", { servers: ["Clark"], places });
  return { ...world, at: await world.herd.report("Clark", "kiwi") };
});

/** @returns the answer to one WHATSAT, which ends in an empty line */
async function answerOf(client: Client): Promise<string> {
  for (let answer = "";;) {
    const line = await client.line();
    if (line === null) throw new Error(`the server hung up after ${JSON.stringify(answer)}`);
    answer += `${line}\n`;
    if (line === "") return answer;
  }
}

says("The same question asked at once on many connections is one call", async (world) => {
  const { herd, google, at } = world;
  google.next("slow", { delayMs: 500 });
  const answers = await Promise.all(
    Array.from({ length: connections }, () => herd.ask("Clark", "WHATSAT kiwi 10 5\n")),
  );
  assertEquals(google.asked.length, 1);
  for (const answer of answers) {
    assertEquals(whatsatAnswer(answer).at, at);
    assertEquals(whatsatAnswer(answer).json.results.length, 5);
  }
});

says("A flood of questions makes no more calls than the budget allows", async (world) => {
  const { herd, google, at } = world;
  const endMs = performance.now() + floodMs;
  const statuses = new Map<string, number>();
  let asked = 0;
  const flood = async () => {
    using client = await herd.connect("Clark");
    while (performance.now() < endMs) {
      const lines = Array.from({ length: 16 }, () => `WHATSAT kiwi ${1 + asked++ / 1e6} 5\n`);
      await client.send(lines.join(""));
      for (const _ of lines) {
        const answer = whatsatAnswer(await answerOf(client));
        assertEquals(answer.at, at);
        const { status, results, html_attributions: attributions } = answer.json;
        assert(Array.isArray(results) && Array.isArray(attributions), answer.text);
        if (status !== "OK") assertEquals(results, []);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
    }
  };
  const waits: number[] = [];
  const probe = async () => {
    using client = await herd.connect("Clark");
    for (let times = 0; performance.now() < endMs; times++) {
      const beganMs = performance.now();
      const answer = await client.say(`IAMAT probe +1+1 ${times}`);
      waits.push(performance.now() - beganMs);
      assert(answer?.startsWith("AT Clark "), `${answer}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  await Promise.all([probe(), ...Array.from({ length: connections }, flood)]);
  // The question of the test before this one was the first call.
  assertEquals(google.asked.length, perMinute);
  assertEquals(statuses.get("OK"), perMinute - 1);
  assertEquals(statuses.get("OVER_QUERY_LIMIT"), asked - perMinute + 1);
  assert(asked > 10 * perMinute, `${asked} questions are no flood`);
  assertLess(Math.max(...waits), probeMsMax);
  console.log(
    `${asked} questions, ${google.asked.length} calls; ` +
      `a client waited ${Math.max(...waits).toFixed(0)} ms at most`,
  );
});

says("The log says once that the budget is used up", async ({ herd }) => {
  const said = /WARN google is not asked: as many calls were made as places\.perMinute allows/g;
  await herd.logged("Clark", said);
  assertEquals(herd.log("Clark").match(said)?.length, 1);
});
