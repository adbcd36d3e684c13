// The assignment's paragraphs on WHATSAT and its answer, sentence by sentence, against the stand-in for
// Google's legacy API, whose bytes are to be passed on.

import { assert, assertEquals } from "@std/assert";
import { chapter } from "../process/chapter.ts";
import { legacyText } from "./google_replies.ts";
import { startWithGoogle, whatsatAnswer } from "./herd_with_google.ts";

const says = chapter("A client asks what is near another", async () => {
  const world = await startWithGoogle("google-legacy", {
    servers: ["Clark", "Jaquez"],
    links: [["Clark", "Jaquez"]],
  });
  const at = await world.herd.report("Clark", "kiwi.cs.ucla.edu");
  await world.herd.learns("Jaquez", "kiwi.cs.ucla.edu", at);
  world.google.reset();
  return { ...world, at };
});

says(
  "\"Clients can also query for information about places near other clients' locations, with a " +
    'query using this format: WHATSAT kiwi.cs.ucla.edu 10 5"',
  async ({ herd, google, at }) => {
    const answer = whatsatAnswer(await herd.ask("Clark", "WHATSAT kiwi.cs.ucla.edu 10 5\n"));
    assertEquals(answer.at, at);
    assertEquals(answer.json.results.length, 5);
    const asked = google.asked.at(-1)!.url.searchParams;
    assertEquals(asked.get("location"), "34.06893,-118.445127");
    assertEquals(asked.get("radius"), "10000");
  },
);

says(
  '"The arguments to a WHATSAT message are the name of another client": one that nobody reported ' +
    "is invalid",
  async ({ herd }) => {
    for (
      const line of ["WHATSAT nobody 10 5", "WHATSAT kiwi 10 5", "WHATSAT KIWI.CS.UCLA.EDU 1 1"]
    ) {
      assertEquals(await herd.ask("Clark", `${line}\n`), `? ${line}\n`);
    }
  },
);

says('"a radius (in kilometers)": digits, perhaps a point and digits', async ({ herd, google }) => {
  for (const [radius, metres] of [["0.25", "250"], ["007", "7000"], ["50.000", "50000"]] as const) {
    whatsatAnswer(await herd.ask("Clark", `WHATSAT kiwi.cs.ucla.edu ${radius} 1\n`));
    assertEquals(google.asked.at(-1)!.url.searchParams.get("radius"), metres);
  }
  for (const radius of ["-1", "+1", "1.", ".5", "1e1", "ten", "1,5", "0x1", "NaN", "Infinity"]) {
    const line = `WHATSAT kiwi.cs.ucla.edu ${radius} 5`;
    assertEquals(await herd.ask("Clark", `${line}\n`), `? ${line}\n`);
  }
});

says('"The radius must be at most 50 km"', async ({ herd }) => {
  whatsatAnswer(await herd.ask("Clark", "WHATSAT kiwi.cs.ucla.edu 50 5\n"));
  for (const radius of ["50.000001", "51", "500", "1".repeat(400)]) {
    const line = `WHATSAT kiwi.cs.ucla.edu ${radius} 5`;
    assertEquals(await herd.ask("Clark", `${line}\n`), `? ${line}\n`);
  }
});

says('"the information bound must be at most 20 items"', async ({ herd }) => {
  const most = whatsatAnswer(await herd.ask("Clark", "WHATSAT kiwi.cs.ucla.edu 10 20\n"));
  assertEquals(most.json.results.length, 20);
  for (const bound of ["21", "100", "-1", "+5", "5.0", "5e0", "five", "9".repeat(400)]) {
    const line = `WHATSAT kiwi.cs.ucla.edu 10 ${bound}`;
    assertEquals(await herd.ask("Clark", `${line}\n`), `? ${line}\n`);
  }
});

says(
  '"an upper bound on the amount of information": fewer places are fewer',
  async ({ herd, google }) => {
    google.next("normal", { places: 3 });
    const few = whatsatAnswer(await herd.ask("Clark", "WHATSAT kiwi.cs.ucla.edu 10 5\n"));
    assertEquals(few.text, legacyText({ places: 3 }).trimEnd());
    google.next("zero");
    const none = whatsatAnswer(await herd.ask("Clark", "WHATSAT kiwi.cs.ucla.edu 10 5\n"));
    assertEquals([none.json.results, none.json.status], [[], "ZERO_RESULTS"]);
  },
);

says(
  "A bound of 0 or a radius of 0 is answered without asking anyone",
  async ({ herd, google, at }) => {
    const before = google.asked.length;
    for (const args of ["10 0", "0 5", "0 0", "0.000 20", "50 00"]) {
      const none = whatsatAnswer(await herd.ask("Clark", `WHATSAT kiwi.cs.ucla.edu ${args}\n`));
      assertEquals([none.at, none.json.results], [at, []]);
    }
    assertEquals(google.asked.length, before);
  },
);

says("A line with more or fewer arguments, or another first word, is invalid", async ({ herd }) => {
  const lines = [
    "WHATSAT",
    "WHATSAT kiwi.cs.ucla.edu",
    "WHATSAT kiwi.cs.ucla.edu 10",
    "WHATSAT kiwi.cs.ucla.edu 10 5 5",
    "whatsat kiwi.cs.ucla.edu 10 5",
    "WHATSAT\u00a0kiwi.cs.ucla.edu 10 5",
  ];
  for (const line of lines) assertEquals(await herd.ask("Clark", `${line}\n`), `? ${line}\n`);
});

says('"ignore any leading or trailing white space", for this command too', async ({ herd, at }) => {
  const line = " \t\vWHATSAT\fkiwi.cs.ucla.edu\t 10\v\v5 \r";
  assertEquals(whatsatAnswer(await herd.ask("Clark", `${line}\n`)).at, at);
});

says(
  '"The server responds with a AT message in the same format as before, giving the most recent ' +
    'location reported by the client"',
  async ({ herd }) => {
    await herd.report("Clark", "mover", "+10.0-010.0");
    const latest = await herd.report("Clark", "mover", "+20.0-020.0");
    assertEquals(whatsatAnswer(await herd.ask("Clark", "WHATSAT mover 10 5\n")).at, latest);
  },
);

says(
  '"along with the server that it talked to and the time the server did the talking"',
  async ({ herd, at }) => {
    const answer = whatsatAnswer(await herd.ask("Jaquez", "WHATSAT kiwi.cs.ucla.edu 10 5\n"));
    assert(answer.at.startsWith("AT Clark "));
    assertEquals(answer.at, at);
  },
);

says(
  '"Following the AT message is a JSON-format message, exactly in the same format that Google ' +
    'Places gives for a Nearby Search request"',
  async ({ herd }) => {
    const answer = whatsatAnswer(await herd.ask("Clark", "WHATSAT kiwi.cs.ucla.edu 10 20\n"));
    assertEquals(answer.text, legacyText({ places: 20 }).trimEnd());
  },
);

says(
  '"except that any sequence of two or more adjacent newlines is replaced by a single newline and ' +
    'that all trailing newlines are removed"',
  async ({ herd, google }) => {
    google.next("style b");
    const sent = legacyText({ places: 20, behaviour: "style b" });
    assert(sent.includes("\n\n") && sent.endsWith("\n\n"), "the stand-in sends such newlines");
    const { text } = whatsatAnswer(await herd.ask("Clark", "WHATSAT kiwi.cs.ucla.edu 10 20\n"));
    assertEquals(text, sent.replace(/\n+/g, "\n").replace(/\n$/, ""));
  },
);

says("Cut to the bound, every byte that stays is Google's", async ({ herd }) => {
  const full = legacyText({ places: 20 }).trimEnd();
  const { text, json } = whatsatAnswer(
    await herd.ask("Clark", "WHATSAT kiwi.cs.ucla.edu 10 7\n"),
  );
  assertEquals(json, { ...JSON.parse(full), results: JSON.parse(full).results.slice(0, 7) });
  const kept = [...text].findIndex((character, at) => character !== full[at]);
  const head = text.slice(0, kept);
  assert(head.includes('"ChIJ-stand-in-6"') && full.startsWith(head));
  assert(full.endsWith(text.slice(kept)), "what follows the cut is the end of Google's text");
});

says('"followed by two newlines", and nothing else', async ({ herd, at }) => {
  const answer = await herd.ask("Clark", "WHATSAT kiwi.cs.ucla.edu 10 20\n");
  assertEquals(answer, `${at}\n${legacyText({ places: 20 }).trimEnd()}\n\n`);
});

says(
  '"when asked for place information, a server should contact Google Places directly for it"',
  async ({ herd, google }) => {
    google.reset();
    whatsatAnswer(await herd.ask("Clark", "WHATSAT kiwi.cs.ucla.edu 11 5\n"));
    whatsatAnswer(await herd.ask("Jaquez", "WHATSAT kiwi.cs.ucla.edu 11 5\n"));
    assertEquals(google.asked.length, 2);
  },
);
