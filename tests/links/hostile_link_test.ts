// Issue "Nothing lost, nobody in", 7: what strangers and bad neighbours try is refused by name in the
// log, and costs them their connection only. tests/spec/link_secret_test.ts has more of the proofs.

import { assert, assertEquals, assertLess } from "@std/assert";
import { helloLine, linkVersion, nonceOf } from "../../lib/links/hello.ts";
import { proverOf } from "../../lib/links/proof.ts";
import { helloTimeoutMs } from "../../lib/limits.ts";
import { textOf } from "../../lib/protocol/ascii.ts";
import { introduce, Peer, secret } from "../fuzz/link_fuzz.ts";
import { MemoryServer } from "../server/memory_server.ts";

const nonce = nonceOf(new Uint8Array(16));
const location = "+34.068930-118.445127";

function hello(from: string, to: string, version = linkVersion): string {
  return textOf(helloLine({ version, from, to, nonce }));
}

async function start(): Promise<MemoryServer> {
  const server = await MemoryServer.start({ neighbours: ["Bona"], secret });
  await server.ask(`IAMAT kept ${location} 5\n`);
  return server;
}

/** The log names it, the connection is over, the table and the others are as they were. */
async function assertRefused(server: MemoryServer, peer: Peer, why: RegExp): Promise<void> {
  await server.clock.run(helloTimeoutMs);
  assertEquals(server.events.of(why).length, 1, server.events.lines.join("\n"));
  assertEquals(server.table.size, 1);
  assert(peer.isOver);
  peer.connection.close();
  assert((await server.ask("WHATSAT kept 0 0\n")).startsWith("AT Clark "));
}

/** By what is tried: what is said, and what the log says of it. */
const strangers: Record<string, [said: string, why: RegExp]> = {
  "a hello with a wrong name": [
    hello("Mallory", "Clark"),
    /^WARN refused a link from 127\.0\.0\.99:\d+: "Mallory" is no neighbour of Clark$/,
  ],
  "a hello with the server's own name": [hello("Clark", "Clark"), /"Clark" is no neighbour/],
  "a hello to another server": [hello("Bona", "Jaquez"), /a hello to "Jaquez", this server is/],
  "a hello of a version from the future": [
    `HELLO 7 Bona Clark ${nonce} and=more\n`,
    /refused a link from .*: link version 7, this server speaks 1 and 2$/,
  ],
  "a hello that is cut short": ["HELLO 1 Bona\n", /a malformed hello/],
  "a wrong proof": [
    `${hello("Bona", "Clark")}PROOF ${"0".repeat(64)}\n`,
    /refused a link from .*: a wrong proof of the secret$/,
  ],
  "no proof": [`${hello("Bona", "Clark")}AT Bona +0.000000001 k +1-1 5\n`, /no proof after the/],
};

for (const [what, [said, why]] of Object.entries(strangers)) {
  Deno.test({
    name: `Links refuse ${what}, and say so`,
    permissions: "none",
    async fn() {
      const server = await start();
      const peer = new Peer((await server.silentClient()).connection);
      await peer.say(`${said}AT Bona +0.000000001 stranger ${location} 6\n`);
      await server.clock.settle();
      await peer.connection.closeWrite();
      await assertRefused(server, peer, why);
    },
  });
}

/** Dials as Bona, who knows the secret. */
async function link(server: MemoryServer): Promise<Peer> {
  const peer = new Peer((await server.silentClient()).connection);
  const introduced = introduce(
    peer,
    { side: "dial", isProven: true, text: "" },
    await proverOf(secret),
  );
  await server.clock.settle();
  await introduced;
  assertEquals(server.events.of(/^INFO link from Bona made$/).length, 1);
  return peer;
}

const at = (origin: string, difference: string, place = location) =>
  `AT ${origin} ${difference} stranger ${place} 6\n`;

const neighbours: Record<string, [said: string, why: RegExp]> = {
  "a record with a forged origin": [
    at("Mallory", "+0.000000001"),
    /^WARN link from Bona cut: a record whose origin is no server of the herd$/,
  ],
  "a record with a malformed difference": [at("Bona", "0.1"), /cut: a malformed record$/],
  "a record with a malformed location": [
    at("Bona", "+0.000000001", "+91-0"),
    /cut: a malformed rec/,
  ],
  "a record with a malformed time": [
    at("Bona", "+0.000000001").replace(" 6\n", " 6.\n"),
    /cut: a malformed record$/,
  ],
  "a digest, which is the other side's to send": ["DIGEST AAAA\n", /cut: a line that no server/],
  "a group that no table has": ["DIFFER 256\n", /cut: a group that no table has$/],
  "a client's command": [`IAMAT stranger ${location} 6\n`, /cut: a line that no server sends$/],
};

for (const [what, [said, why]] of Object.entries(neighbours)) {
  Deno.test({
    name: `Links cut a neighbour that sends ${what}, and say so`,
    permissions: "none",
    async fn() {
      const server = await start();
      const peer = await link(server);
      await peer.say(`${said}AT Bona +0.000000001 stranger ${location} 7\n`);
      await assertRefused(server, peer, why);
    },
  });
}

Deno.test({
  name: "Links cut a neighbour that streams a digest of a gibibyte, before it is in memory",
  permissions: "none",
  async fn() {
    const server = await start();
    const peer = await link(server);
    const chunk = new Uint8Array(64 * 1024).fill(0x41);
    await peer.say("DIFFER ");
    let sent = 0;
    try {
      while (sent < 2 ** 30) {
        sent += await peer.connection.write(chunk);
        if (sent % (1024 * 1024) === 0) await server.clock.settle();
      }
    } catch {
      // The link is cut.
    }
    assertLess(sent, 256 * 1024);
    await assertRefused(server, peer, /cut: an endless line$/);
  },
});
