// The README's "Talking to it" on trouble with Google: whatever happens there, the client gets the AT
// line and an answer that says what; the key is in none of it.

import { assert, assertEquals } from "@std/assert";
import { chapter, processes } from "../process/chapter.ts";
import { freePorts, RunningHerd } from "../process/running_herd.ts";
import type { Behaviour } from "./google_replies.ts";
import { key, startWithGoogle, type WhatsatAnswer, whatsatAnswer } from "./herd_with_google.ts";

/** Google's word for each kind of trouble, and how often it is asked then. */
type Troubles = readonly (readonly [kind: Behaviour, status: string, calls: number])[];

const troubles: Record<"google" | "google-legacy", Troubles> = {
  "google": [
    ["500", "UNKNOWN_ERROR", 2],
    ["403", "REQUEST_DENIED", 1],
    ["429 minute", "OVER_QUERY_LIMIT", 2],
    ["429 day", "OVER_QUERY_LIMIT", 1],
    ["denied", "REQUEST_DENIED", 1],
    ["key echo", "REQUEST_DENIED", 1],
    ["redirect", "UNKNOWN_ERROR", 1],
    ["reset", "UNKNOWN_ERROR", 2],
    ["not json", "UNKNOWN_ERROR", 2],
    ["not utf-8", "UNKNOWN_ERROR", 2],
    ["huge", "UNKNOWN_ERROR", 1],
    ["silent", "UNKNOWN_ERROR", 1],
  ],
  "google-legacy": [
    ["500", "UNKNOWN_ERROR", 2],
    ["403", "REQUEST_DENIED", 1],
    ["429 day", "OVER_QUERY_LIMIT", 1],
    ["denied", "REQUEST_DENIED", 1],
    ["key echo", "REQUEST_DENIED", 1],
    ["redirect", "UNKNOWN_ERROR", 1],
    ["reset", "UNKNOWN_ERROR", 2],
    ["not json", "UNKNOWN_ERROR", 2],
    ["not utf-8", "UNKNOWN_ERROR", 2],
    ["huge", "UNKNOWN_ERROR", 1],
  ],
};

/** The key, or so much of it that it is no accident, in any spelling. */
const traces = [key, encodeURIComponent(key), "AIza-test", "0123456789-abcdef"];

function assertNoKey(text: string, where: string): void {
  for (const trace of traces) assert(!text.includes(trace), `the key is in ${where}: ${text}`);
}

/** Fails unless it is the AT line and an answer without results that says what went wrong. */
function assertTrouble(answer: WhatsatAnswer, at: string, status: string): void {
  assertEquals(answer.at, at);
  const { error_message, ...rest } = answer.json;
  assertEquals(rest, { html_attributions: [], results: [], status });
  if (status !== "ZERO_RESULTS") assert(error_message.length > 0);
}

for (const provider of ["google", "google-legacy"] as const) {
  const says = chapter(`Trouble at Google (${provider})`, async () => {
    const world = await startWithGoogle(provider, { servers: ["Clark"] });
    const at = await world.herd.report("Clark", "kiwi");
    const answers: string[] = [];
    const ask = async (line: string) => {
      const answer = await world.herd.ask("Clark", `${line}\n`);
      answers.push(answer);
      return whatsatAnswer(answer);
    };
    return { ...world, at, answers, ask };
  });

  for (const [kind, status, calls] of troubles[provider]) {
    says(`"${kind}" is ${status}, after ${calls} calls`, async ({ google, ask, at }) => {
      google.reset();
      google.always(kind);
      assertTrouble(await ask("WHATSAT kiwi 10 5"), at, status);
      assertEquals(google.asked.length, calls);
    });
  }

  says("What passes is asked once more, and is no trouble then", async ({ google, ask }) => {
    for (const kind of ["500", "reset", "not json"] as const) {
      google.reset();
      google.next(kind);
      assertEquals((await ask("WHATSAT kiwi 10 5")).json.results.length, 5);
      assertEquals(google.asked.length, 2, kind);
    }
  });

  says("Identical questions in flight are asked once, others for themselves", async (world) => {
    const { google, ask } = world;
    google.reset();
    google.always("slow", { delayMs: 1000 });
    const same = Array.from({ length: 20 }, () => ask("WHATSAT kiwi 10 5"));
    const others = [ask("WHATSAT kiwi 10 6"), ask("WHATSAT kiwi 11 5")];
    const results = (await Promise.all([...same, ...others])).map(({ json }) =>
      json.results.length
    );
    assertEquals(results, [...Array(20).fill(5), 6, 5]);
    assertEquals(google.asked.length, 3);
    await ask("WHATSAT kiwi 10 5");
    assertEquals(google.asked.length, 4, "nothing is kept after it was answered");
  });

  says("The key goes to Google with every call, and is found nowhere else", async (world) => {
    const { google, herd, answers, ask } = world;
    google.reset();
    await ask("WHATSAT kiwi 10 5");
    assertEquals(google.asked.map(({ key }) => key), [key]);
    assertEquals(google.asked[0]!.url.href.includes("AIza"), provider === "google-legacy");
    await herd.logged("Clark", /OVER_QUERY_LIMIT/);
    assertNoKey(answers.join("\n"), "an answer");
    assertNoKey(herd.log("Clark"), "the log");
    assertNoKey(herd.program("Clark").printed, "what the server prints");
  });

  Deno.test({
    name: `Nobody answers at Google's address (${provider})`,
    ...processes,
    async fn() {
      await using herd = await RunningHerd.start({
        servers: ["Clark"],
        places: { provider, endpoint: `http://127.0.0.1:${freePorts(1)[0]}/nearby` },
        env: { GOOGLE_PLACES_API_KEY: key },
      });
      const at = await herd.report("Clark", "kiwi");
      const answer = await herd.ask("Clark", "WHATSAT kiwi 10 5\n");
      assertTrouble(whatsatAnswer(answer), at, "UNKNOWN_ERROR");
      await herd.logged("Clark", /UNKNOWN_ERROR/);
      assertNoKey(answer, "the answer");
      assertNoKey(herd.log("Clark"), "the log");
      assertNoKey(herd.program("Clark").printed, "what the server prints");
    },
  });
}
