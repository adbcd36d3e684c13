// The README's "Talking to it" on order, and what a slow answer holds up: its own connection's
// answers, and nothing else.

import { assert, assertEquals, assertMatch } from "@std/assert";
import {
  placesCallsMax,
  placesQuestionsPerConnectionMax,
  unansweredMax,
} from "../../lib/limits.ts";
import { chapter } from "../process/chapter.ts";
import { until } from "../process/waiting.ts";
import { startWithGoogle } from "./herd_with_google.ts";

const says = chapter("Google is slow", async () => {
  const places = { perMinute: 10_000 };
  const world = await startWithGoogle("google", { servers: ["Clark"], places });
  return { ...world, at: await world.herd.report("Clark", "kiwi") };
});

const iamat = "+34.068930-118.445127 1621464827.959498503";

says(
  "Answers on one connection come in the order of their commands",
  async ({ herd, google, at }) => {
    google.next("slow", { delayMs: 700 });
    google.next("slow", { delayMs: 10 });
    const lines = [
      "WHATSAT kiwi 10 1",
      `IAMAT ordered ${iamat}`,
      "what?",
      "WHATSAT kiwi 10 2",
      "WHATSAT kiwi 10 0",
      "WHATSAT nobody 10 0",
    ];
    const answer = await herd.ask("Clark", `${lines.join("\n")}\n`);
    const heads = answer.split("\n").filter((line) => /^(AT|\?) /.test(line));
    assertEquals(heads.map((head) => head.replace(/^AT Clark \S+ ordered/, "AT ordered")), [
      at,
      `AT ordered ${iamat}`,
      "? what?",
      at,
      at,
      "? WHATSAT nobody 10 0",
    ]);
    assertEquals(answer.match(/"name" :/g)?.length, 3);
  },
);

says("An answer tells what was known when the command came", async ({ herd, google }) => {
  const first = await herd.report("Clark", "mover", "+1-1");
  google.next("slow", { delayMs: 500 });
  const asked = herd.ask("Clark", "WHATSAT mover 10 5\n");
  await until(
    () => google.asked.at(-1)?.body.includes('"latitude":1,') === true,
    "the question is at Google",
  );
  await herd.report("Clark", "mover", "+2-2");
  assertEquals((await asked).split("\n")[0], first);
});

says("One connection has a few questions under way, and all are answered", async (world) => {
  const { herd, google } = world;
  google.reset();
  google.always("slow", { delayMs: 20 });
  const radii = Array.from({ length: 600 }, (_, index) => `1.${String(index).padStart(3, "0")}`);
  const answer = await herd.ask(
    "Clark",
    radii.map((radius) => `WHATSAT kiwi ${radius} 1\n`).join(""),
  );
  assertEquals(answer.match(/^AT Clark /gm)?.length, radii.length);
  assertEquals(google.asked.length, radii.length);
  assertEquals(google.mostAtOnce, placesQuestionsPerConnectionMax);
});

says(
  "Behind a slow answer so many commands are read, and no more until it is there",
  async (world) => {
    const { herd, google } = world;
    google.next("slow", { delayMs: 500 });
    using client = await herd.connect("Clark");
    const lines = Array.from({ length: 1000 }, (_, index) => `behind ${index}\n`);
    await client.send(`WHATSAT kiwi 10 7\n${lines.join("")}`);
    await client.halfClose();
    assert((await client.rest()).endsWith(`\n\n${lines.map((line) => `? ${line}`).join("")}`));
    await herd.logged("Clark", / in \S+ behind 999$/m);
    // The answer in places stands between what was read before it came and what was read after.
    const log = herd.log("Clark").split("\n").filter((line) =>
      line.includes(` ${client.address} `)
    );
    const answered = log.findIndex((line) => / out \S+ AT /.test(line));
    const readBefore = log.slice(0, answered).filter((line) => / in /.test(line)).length;
    assert(readBefore <= unansweredMax, `${readBefore} commands were read`);
  },
);

says("Places calls at once are bounded, however many connections ask", async ({ herd, google }) => {
  google.reset();
  google.always("slow", { delayMs: 300 });
  const answers = await Promise.all(Array.from({ length: 100 }, (_, client) => {
    const lines = Array.from(
      { length: 6 },
      (_, index) => `WHATSAT kiwi ${index + 1}.${String(client).padStart(3, "0")} 1\n`,
    );
    return herd.ask("Clark", lines.join(""));
  }));
  assertEquals(answers.join("").match(/^AT Clark /gm)?.length, 600);
  assertEquals(google.mostAtOnce, placesCallsMax);
});

// The last: the stand-in counts a question that it never answers as under way for ever.
says("Other connections never wait for it", async ({ herd, google }) => {
  google.next("silent");
  using slow = await herd.connect("Clark");
  await slow.send("WHATSAT kiwi 10 5\nafter it\n");
  await slow.halfClose();
  let isAnswered = false;
  const answered = slow.rest().then((answer) => {
    isAnswered = true;
    return answer;
  });
  for (let times = 0; times < 50; times++) {
    assertMatch(await herd.ask("Clark", `IAMAT other ${iamat}\n`), /^AT Clark /);
    assert(await herd.record("Clark", "kiwi") !== null);
  }
  assert(!isAnswered);
  assertMatch(await answered, /^AT Clark [^]*"UNKNOWN_ERROR"\n}\n\n\? after it\n$/);
});
