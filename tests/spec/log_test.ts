// The assignment on logs, and the README's "Logs" in "Running it".

import { assert, assertEquals, assertMatch } from "@std/assert";
import { chapter } from "../process/chapter.ts";
import { RunningHerd } from "../process/running_herd.ts";
import { until } from "../process/waiting.ts";

const says = chapter(
  "A server keeps a log",
  () => RunningHerd.start({ servers: ["Clark", "Bona"], links: [["Clark", "Bona"]] }),
);

const kiwi = "kiwi.cs.ucla.edu +34.068930-118.445127 1621464827.959498503";

/** A text as part of a pattern. */
function literal(text: string): string {
  return text.replace(/[^\w ]/g, "\\$&");
}

says('"Each server should log its input and output into a file"', async (herd) => {
  using client = await herd.connect("Clark");
  const at = await client.say(`IAMAT ${kiwi}`);
  await client.say("what is this?");
  const peer = literal(client.address);
  await herd.logged("Clark", new RegExp(`^\\S+ INFO in ${peer} IAMAT ${literal(kiwi)}$`, "m"));
  await herd.logged("Clark", new RegExp(`^\\S+ INFO out ${peer} ${literal(at!)}$`, "m"));
  await herd.logged("Clark", new RegExp(`^\\S+ INFO in ${peer} what is this\\?$`, "m"));
  await herd.logged("Clark", new RegExp(`^\\S+ INFO out ${peer} \\? what is this\\?$`, "m"));
});

says("The lines between servers are its input and output, too", async (herd) => {
  const line = literal(await herd.report("Clark", "logged"));
  await herd.logged("Clark", new RegExp(`^\\S+ INFO out Bona 127\\S+ ${line}$`, "m"));
  await herd.logged("Bona", new RegExp(`^\\S+ INFO in Clark 127\\S+ ${line}$`, "m"));
});

says(
  '"The logs should also contain notices of new and dropped connections from other servers"',
  async (herd) => {
    const lost = /link from Bona made[^]*link from Bona lost/;
    await herd.logged("Clark", /link from Bona made/);
    await herd.logged("Clark", /link to Bona made/);
    await herd.kill("Bona");
    await herd.logged("Clark", lost);
    await herd.logged("Clark", /link to Bona made[^]*link to Bona lost/);
    await herd.start("Bona");
    await herd.logged("Clark", new RegExp(`${lost.source}[^]*link from Bona made`));
    await herd.connected();
  },
);

says("Every line begins with a UTC time in microseconds and a level", (herd) => {
  const now = Date.now();
  for (const line of herd.log("Clark").trimEnd().split("\n")) {
    const [, time] =
      line.match(/^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3})\d{3}Z (INFO|WARN|ERROR) \S/) ?? [];
    assert(time !== undefined, line);
    assert(Math.abs(now - Date.parse(`${time}Z`)) < 300_000, line);
  }
});

says("A client cannot forge a line or colour a terminal", async (herd) => {
  const forged = "2026-01-01T00:00:00.000000Z INFO forged";
  const lines = [
    `a\r${forged}`,
    `b\x1b[31mred\x1b[0m`,
    `c\x00\x07\x08\x7f`,
    `d\u0085${forged}`,
    `e\u2028${forged}`,
    `f\u202egnorw`,
    `g \u00e9\u65e5\u{1f95d} stays`,
    `h \\x1b is no escape`,
  ];
  await herd.ask("Clark", lines.map((line) => `${line}\n`).join(""));
  await herd.ask("Clark", Uint8Array.of(0x69, 0xff, 0xc3, 0x28, 0x0a));
  const bytes = await until(() => {
    const log = Deno.readFileSync(`${herd.logDir}/Clark.log`);
    return new TextDecoder().decode(log).includes(" out 127.0.0.1:") &&
      /\? i\\xff\\xc3\($/m.test(new TextDecoder().decode(log)) && log;
  }, "the last line is in the log");
  assert(bytes.every((byte) => byte === 0x0a || (byte >= 0x20 && byte !== 0x7f)));
  const log = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  assert(!/^2026-01-01T00:00:00/m.test(log));
  assert(!/[\u0080-\u009f\u2028\u2029\u202a-\u202e]/.test(log));
  for (
    const shown of ["b\\x1b[31mred", "\\u{202e}gnorw", "g é日🥝 stays", "h \\\\x1b is no escape"]
  ) {
    assert(log.includes(shown), shown);
  }
});

says("A line is on disk within a moment", async (herd) => {
  const begun = performance.now();
  await herd.ask("Clark", "on disk?\n");
  await herd.logged("Clark", /in \S+ on disk\?$/m);
  console.log(`a line was on disk after ${Math.round(performance.now() - begun)} ms`);
});

says("An answer with places is one line, its newlines escaped", async (herd) => {
  await herd.ask("Clark", `IAMAT ${kiwi}\nWHATSAT kiwi.cs.ucla.edu 10 5\n`);
  await herd.logged(
    "Clark",
    /INFO out \S+ AT Clark \S+ kiwi\.cs\.ucla\.edu \S+ \S+\\n\{\\n {3}"html.*"OK"\\n\}$/m,
  );
});

says("One file a server, in the log directory; starts and stops are events", async (herd) => {
  assertEquals([...Deno.readDirSync(herd.logDir)].map(({ name }) => name).sort(), [
    "Bona.log",
    "Clark.log",
  ]);
  herd.program("Clark").signal("SIGTERM");
  await herd.program("Clark").ended();
  assertMatch(
    herd.log("Clark"),
    /Clark listens on 127\.0\.0\.1:\d+.*\n[^]*Clark stops\n[^]*Clark stopped\n$/,
  );
});
