// The assignment: "we will be testing your servers using a python client implemented with asyncio, so
// please make sure your solution works with this library". Python's standard library is the client.

import { assert, assertEquals, assertMatch } from "@std/assert";
import { chapter, processes } from "../process/chapter.ts";
import { type RunningHerd, theFive } from "../process/running_herd.ts";
import { until, within } from "../process/waiting.ts";
import { legacyText } from "./google_replies.ts";
import { startWithGoogle } from "./herd_with_google.ts";

/** One connection of the Python client. */
interface Conversation {
  readonly port: number;
  readonly send: string;
  /** `reader.read(n)`, `reader.read()`, `reader.readline()`, or one readline() for each line sent. */
  readonly read: "once" | "all" | "line" | "lines";
  /** Whether it half-closes before it reads. */
  readonly eof: boolean;
}

const program = new URL("./asyncio_client.py", import.meta.url).pathname;

/** Holds conversations through the Python client; returns what it read in each. */
async function converse(
  conversations: readonly Conversation[],
  ...args: string[]
): Promise<string[]> {
  await using python = new Deno.Command("python3", {
    args: [program, ...args],
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const writer = python.stdin.getWriter();
  await writer.write(new TextEncoder().encode(JSON.stringify(conversations)));
  await writer.close();
  const { code, stdout, stderr } = await within(
    python.output(),
    () => "the end of python3",
    60_000,
  );
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  return JSON.parse(new TextDecoder().decode(stdout));
}

/** Whether Python with asyncio's streams is there. */
async function hasPython(): Promise<boolean> {
  try {
    const { success } = await new Deno.Command("python3", { args: ["-c", "import asyncio"] })
      .output();
    return success;
  } catch {
    return false;
  }
}

const says = chapter(
  "A Python asyncio client is answered",
  async () => {
    const world = await startWithGoogle("google-legacy");
    const at = await world.herd.report("Clark", "kiwi.cs.ucla.edu");
    await Promise.all(theFive.map((name) => world.herd.learns(name, "kiwi.cs.ucla.edu", at)));
    return { ...world, at };
  },
  { ignore: processes.ignore || !await hasPython() },
);

const tail = "+34.068930-118.445127 1621464827.959498503";

/** The ways in which a client may read one answer. */
function ways(herd: RunningHerd, server: string, send: string): Conversation[] {
  const port = herd.port(server);
  return [
    { port, send, read: "once", eof: true },
    { port, send, read: "all", eof: true },
    { port, send, read: "once", eof: false },
  ];
}

says("IAMAT, each way to read it, at each server", async ({ herd }) => {
  for (const name of theFive) {
    const send = `IAMAT python.${name} ${tail}\n`;
    const port = herd.port(name);
    const readline = { port, send, read: "line", eof: false } as const;
    const answers = await converse([...ways(herd, name, send), readline]);
    for (const answer of answers) {
      assertMatch(answer, new RegExp(`^AT ${name} \\+\\d+\\.\\d{9} python\\.${name} `));
      assert(answer.endsWith(` ${tail}\n`) && answer.indexOf("\n") === answer.length - 1);
    }
  }
});

says("A line without a newline, ended by write_eof()", async ({ herd }) => {
  const port = herd.port("Clark");
  const [iamat, invalid, nothing] = await converse([
    { port, send: `IAMAT python.eof ${tail}`, read: "once", eof: true },
    { port, send: "what is this", read: "all", eof: true },
    { port, send: "", read: "all", eof: true },
  ]);
  assertMatch(iamat!, /^AT Clark \+\d+\.\d{9} python\.eof [^\n]*\n$/);
  assertEquals([invalid, nothing], ["? what is this\n", ""]);
});

says("WHATSAT, whole in one read, twenty places long", async ({ herd, at }) => {
  const expected = `${at}\n${legacyText({ places: 20 }).trimEnd()}\n\n`;
  for (const name of ["Clark", "Bailey"]) {
    const answers = await converse(ways(herd, name, "WHATSAT kiwi.cs.ucla.edu 10 20\n"));
    assertEquals(answers, [expected, expected, expected]);
  }
});

says("WHATSAT at another server than the client reported to", async ({ herd }) => {
  const [answer = ""] = await converse(
    [{ port: herd.port("Clark"), send: `IAMAT traveller ${tail}\n`, read: "once", eof: true }],
  );
  await until(
    async () => await herd.record("Bailey", "traveller") === answer.trimEnd(),
    "Bailey learns of the traveller",
  );
  const [near = ""] = await converse(ways(herd, "Bailey", "WHATSAT traveller 10 5\n"));
  const [line, ...json] = near.trimEnd().split("\n");
  assertEquals(`${line}\n`, answer);
  assertEquals(JSON.parse(json.join("\n")).results.length, 5);
});

says("Invalid commands, each a question mark and its copy", async ({ herd }) => {
  const lines = [
    "",
    " ",
    "hello",
    "IAMAT",
    "IAMAT kiwi +34.068930-118.445127",
    "IAMAT kiwi +34.068930 -118.445127 1621464827.959498503",
    "IAMAT kiwi 34.068930-118.445127 1621464827.959498503",
    "IAMAT kiwi +34.068930-118.445127 then",
    "IAMAT  kiwi  +95-118  5",
    "WHATSAT",
    "WHATSAT kiwi.cs.ucla.edu 51 5",
    "WHATSAT kiwi.cs.ucla.edu 10 21",
    "WHATSAT kiwi.cs.ucla.edu -1 5",
    "WHATSAT kiwi.cs.ucla.edu ten five",
    "WHATSAT nobody 10 5",
    `AT Clark +0.263873386 kiwi.cs.ucla.edu ${tail}`,
    "日本語 🥝",
  ];
  const answers = await converse(lines.flatMap((line) => ways(herd, "Clark", `${line}\n`)));
  assertEquals(answers, lines.flatMap((line) => Array(3).fill(`? ${line}\n`)));
});

says("White space in front, between and behind; telnet's CR LF", async ({ herd }) => {
  const send = ` \t IAMAT \v python.space\f\t${tail.replace(" ", "   ")} \r\n`;
  for (const answer of await converse(ways(herd, "Clark", send))) {
    assertMatch(answer, /^AT Clark \S+ python\.space \S+ \S+\n$/);
  }
  const [crlf] = await converse([{
    port: herd.port("Clark"),
    send: "hi\r\n",
    read: "all",
    eof: true,
  }]);
  assertEquals(crlf, "? hi\n");
});

says("Many lines on one connection, read line by line and to the end", async ({ herd }) => {
  const port = herd.port("Jaquez");
  const send = Array.from({ length: 200 }, (_, index) => `line ${index}\n`).join("");
  const expected = send.replace(/^/gm, "? ").replace(/\? $/, "");
  const answers = await converse([
    { port, send, read: "lines", eof: false },
    { port, send, read: "all", eof: true },
  ]);
  assertEquals(answers, [expected, expected]);
});

says("A hundred clients at once", async ({ herd }) => {
  const conversations = Array.from({ length: 100 }, (_, index): Conversation => ({
    port: herd.port(theFive[index % 5]!),
    send: `IAMAT crowd.${index} ${tail}\n`,
    read: "all",
    eof: true,
  }));
  const answers = await converse(conversations, "together");
  for (const [index, answer] of answers.entries()) {
    assertMatch(answer, new RegExp(`^AT ${theFive[index % 5]} \\S+ crowd\\.${index} `));
  }
});
