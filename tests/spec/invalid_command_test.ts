// The assignment on invalid commands, and the README's "Talking to it" on lines.

import { assertEquals } from "@std/assert";
import { chapter } from "../process/chapter.ts";
import { askBytes, Client } from "../process/client.ts";
import { RunningHerd } from "../process/running_herd.ts";

const says = chapter(
  "A client says what is no command",
  () => RunningHerd.start({ servers: ["Clark"] }),
);

const kiwi = "kiwi.cs.ucla.edu +34.068930-118.445127 1621464827.959498503";

says(
  '"Servers should respond to invalid commands with a line that contains a question mark (?), a ' +
    'space, and then a copy of the invalid command"',
  async (herd) => {
    const lines = [
      "HELP",
      "?",
      "? IAMAT",
      "GET / HTTP/1.1",
      `IAMAT ${kiwi} again`,
      "WHATSAT nobody 10 5",
      "{}",
      "\x1b]0;title\x07",
      "\0",
      "x".repeat(65_536),
    ];
    for (const line of lines) assertEquals(await herd.ask("Clark", `${line}\n`), `? ${line}\n`);
  },
);

says("The copy keeps white space in front, within and behind", async (herd) => {
  for (const line of ["  A  B ", "\tIAMAT\t", "\v\f", " \r ", "IAMAT  kiwi\t+1-1 ", "a\rb"]) {
    assertEquals(await herd.ask("Clark", `${line}\n`), `? ${line}\n`);
  }
});

says("The line's end, a newline or CR LF, is no part of the copy", async (herd) => {
  assertEquals(await herd.ask("Clark", "HELP\r\n"), "? HELP\n");
  assertEquals(await herd.ask("Clark", "HELP\r\r\n"), "? HELP\r\n");
});

says("A blank line is an invalid command", async (herd) => {
  assertEquals(await herd.ask("Clark", "\n\r\n \n"), "? \n? \n?  \n");
});

says("A copy is made of bytes, whether or not they are text", async (herd) => {
  const every = Uint8Array.from({ length: 256 }, (_, byte) => byte)
    .filter((byte) => byte !== 0x0a);
  const answer = await askBytes(herd.port("Clark"), Uint8Array.of(...every, 0x0a));
  assertEquals(answer, Uint8Array.of(0x3f, 0x20, ...every, 0x0a));
});

says(
  "A line of the servers' own is an invalid command from somebody who is not one of them",
  async (herd) => {
    const lines = [
      `AT Clark +0.263873386 ${kiwi}`,
      "BEAT",
      "WELCOME",
      "PROOF -",
      "HELLO",
      "HELLO 2 Bona Clark 0123456789abcdef0123456789abcdef",
    ];
    // Not the first line of the connection, then each the first of one.
    const answers = lines.map((line) => `? ${line}\n`).join("");
    assertEquals(await herd.ask("Clark", `hi\n${lines.join("\n")}\n`), `? hi\n${answers}`);
    for (const line of lines) assertEquals(await herd.ask("Clark", `${line}\n`), `? ${line}\n`);
    assertEquals(await herd.record("Clark", "kiwi.cs.ucla.edu"), null);
  },
);

says("A refused hello does not end the conversation", async (herd) => {
  const hello = "HELLO 2 Bona Clark 0123456789abcdef0123456789abcdef";
  assertEquals(await herd.ask("Clark", `${hello}\nhi\nthere`), `? ${hello}\n? hi\n? there\n`);
});

says("A last line without a newline is a line when the client half-closes", async (herd) => {
  assertEquals(await herd.ask("Clark", "one\ntwo"), "? one\n? two\n");
  assertEquals(
    (await herd.ask("Clark", `IAMAT ${kiwi}`)).replace(/\+\d+\.\d+ /, ""),
    `AT Clark ${kiwi}\n`,
  );
});

says("Lines may arrive in any number of pieces", async (herd) => {
  using client = await herd.connect("Clark");
  const line = `one ${"é"} two`;
  for (const byte of new TextEncoder().encode(`${line}\n`)) await client.send(Uint8Array.of(byte));
  assertEquals(await client.line(), `? ${line}`);
  await client.send("three\nfo");
  assertEquals(await client.line(), "? three");
  await client.send("ur\n");
  assertEquals(await client.line(), "? four");
});

says(
  '"ensure that your server does not send any data other than what is mentioned in the spec over TCP"',
  async (herd) => {
    using listener = await herd.connect("Clark");
    using silent = await Client.connect(herd.port("Clark"));
    await herd.report("Clark", "somebody.else");
    await silent.halfClose();
    assertEquals(await silent.rest(), "");
    await listener.send("done\n");
    await listener.halfClose();
    assertEquals(await listener.rest(), "? done\n");
  },
);

says("Answers come in the order of their commands, thousands on one connection", async (herd) => {
  const lines = Array.from({ length: 5000 }, (_, index) => `line ${index}`);
  const answers = await herd.ask("Clark", lines.map((line) => `${line}\n`).join(""));
  assertEquals(answers, lines.map((line) => `? ${line}\n`).join(""));
});
