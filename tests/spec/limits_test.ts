// The README's "Limits", as far as a client can reach them.

import { assert, assertEquals, assertMatch } from "@std/assert";
import { lineBytesMax } from "../../lib/limits.ts";
import { chapter } from "../process/chapter.ts";
import { Client } from "../process/client.ts";
import { residentBytes } from "../process/system_processes.ts";
import { RunningHerd } from "../process/running_herd.ts";

const says = chapter("A server has limits", () => RunningHerd.start({ servers: ["Clark"] }));

const tail = "+34.068930-118.445127 1621464827.959498503";
const mebibyte = 1024 * 1024;

says("A line of 64 KiB is answered", async (herd) => {
  assertEquals(lineBytesMax, 64 * 1024);
  const line = "x".repeat(lineBytesMax);
  assertEquals(await herd.ask("Clark", `${line}\nnext\n`), `? ${line}\n? next\n`);
  const iamat = `IAMAT kiwi ${tail}`.padEnd(lineBytesMax);
  assertMatch(await herd.ask("Clark", `${iamat}\nnext\n`), /^AT Clark \+\S+ kiwi .*\n\? next\n$/);
});

says("An ID of 1,024 bytes, a location and a time of 64 are taken, none longer", async (herd) => {
  const isTaken = async (id: number, location: number, time: number) => {
    const fields = `${"+1-2.".padEnd(location, "0")} ${"1.".padEnd(time, "5")}`;
    const line = `IAMAT ${"i".repeat(id)} ${fields}`;
    const answer = await herd.ask("Clark", `${line}\n`);
    if (answer === `? ${line}\n`) return false;
    assertMatch(answer, /^AT Clark \S+ i+ \S+ \S+\n$/);
    assertEquals(answer.trimEnd().split(" ").slice(3), line.split(" ").slice(1));
    return true;
  };
  assert(await isTaken(1_024, 64, 64));
  assert(!await isTaken(1_025, 64, 64));
  assert(!await isTaken(1_024, 65, 64));
  assert(!await isTaken(1_024, 64, 65));
  const whatsat = `WHATSAT ${"i".repeat(1_025)} 0 0\n`;
  assertEquals(await herd.ask("Clark", whatsat), `? ${whatsat}`);
});

says('A longer line is answered "? ", and the connection closed', async (herd) => {
  for (const end of ["", "\n", "\nnext\n"]) {
    const line = "x".repeat(lineBytesMax + 1);
    assertEquals(await herd.ask("Clark", `first\n${line}${end}`), "? first\n? \n");
  }
  const iamat = `IAMAT ${"i".repeat(lineBytesMax)} ${tail}\n`;
  assertEquals(await herd.ask("Clark", iamat), "? \n");
});

says("A line without an end is refused while it still comes", async (herd) => {
  using client = await herd.connect("Clark");
  await client.send("y".repeat(lineBytesMax + 1));
  assertEquals(await client.rest(), "? \n");
});

says("A client that does not read is not read from; it stops nobody else", async (herd) => {
  const pid = herd.program("Clark").pid;
  const before = await residentBytes(pid);
  const deaf = await Promise.all(Array.from({ length: 4 }, () => herd.connect("Clark")));
  const sent = await Promise.all(deaf.map((client) => fill(client)));
  assert(sent.every(({ bytes }) => bytes < 64 * mebibyte), "the server reads on for ever");
  assertEquals(await herd.ask("Clark", "still there\n"), "? still there\n");
  if (before !== null) {
    const grownMiB = Math.round(((await residentBytes(pid))! - before) / mebibyte);
    console.log(`four clients that do not read: ${grownMiB} MiB`);
    assert(grownMiB < 128, `${grownMiB} MiB`);
  }
  // Once they read, not one answer is missing.
  await Promise.all(deaf.map(async (client, index) => {
    const { lines, last } = sent[index]!;
    const all = last.then(() => client.halfClose());
    for (let line = 0; line < lines; line++) assertEquals(await client.line(), `? ${text}`);
    await all;
    assertEquals(await client.rest(), "");
    client[Symbol.dispose]();
  }));
});

const text = "a line that nobody wants an answer to".padEnd(1023, ".");
const block = new TextEncoder().encode(`${text}\n`.repeat(64));

/** Sends without reading until nothing is taken for a while; the rest of the last block follows. */
async function fill(client: Client) {
  for (let bytes = 0;;) {
    const last = client.send(block);
    let timer;
    const stuck = new Promise<"stuck">((resolve) => timer = setTimeout(resolve, 500, "stuck"));
    const result = await Promise.race([last, stuck]);
    clearTimeout(timer);
    bytes += block.length;
    if (result === "stuck") return { bytes, lines: bytes / 1024, last };
  }
}

says("Connections come and go by the thousand, and leave nothing behind", async (herd) => {
  const pid = herd.program("Clark").pid;
  const comeAndGo = async (times: number) => {
    for (let time = 0; time < times; time += 20) {
      await Promise.all(Array.from({ length: 20 }, async (_, index) => {
        using client = await Client.connect(herd.port("Clark"));
        // Some answered, some in the middle of a line, some without a word.
        if (index % 3 === 0) await client.say(`IAMAT come.${index} ${tail}`);
        if (index % 3 === 1) await client.send("IAMAT half");
      }));
    }
  };
  await comeAndGo(2500);
  const before = await residentBytes(pid);
  await comeAndGo(5000);
  if (before === null) return;
  const grownMiB = Math.round(((await residentBytes(pid))! - before) / mebibyte);
  console.log(`5000 connections: ${grownMiB} MiB`);
  assert(grownMiB < 64, `${grownMiB} MiB`);
});
