// lib/links/README.md, "Hello and proof": with HERD_SECRET both sides of a link prove it; without it,
// links come from this machine only. The test plays a neighbour that knows the secret, and strangers
// that do not.

import { assert, assertEquals, assertMatch } from "@std/assert";
import { chapter, processes } from "../process/chapter.ts";
import { Client } from "../process/client.ts";
import { RunningHerd } from "../process/running_herd.ts";
import {
  acceptLink,
  dialLink,
  greet,
  live,
  newNonce,
  nextRecord,
  type Parties,
  prove,
  readHello,
} from "./link_peer.ts";

const secret = "correct horse battery staple";
const bona: Parties = { self: "Bona", other: "Clark", secret };
const record = (id: string) => `AT Bona +0.000000001 ${id} +34.068930-118.445127 5`;

const says = chapter("With HERD_SECRET both sides of a link prove it", async () => {
  const herd = await RunningHerd.start({
    servers: ["Clark", "Bona", "Jaquez"],
    links: [["Clark", "Bona"], ["Bona", "Jaquez"]],
    running: ["Clark"],
    env: { HERD_SECRET: secret },
  });
  const listener = Deno.listen({ hostname: "127.0.0.1", port: herd.port("Bona") });
  return {
    herd,
    listener,
    [Symbol.asyncDispose]() {
      listener.close();
      return herd[Symbol.asyncDispose]();
    },
  };
});

says("Who proves the secret is a neighbour, in both directions", async ({ herd, listener }) => {
  using to = await dialLink(herd.port("Clark"), bona);
  using from = await acceptLink(listener, bona);
  await live([from], () => herd.report("Clark", "live"));
  await to.send(`${record("proven")}\n`);
  await herd.learns("Clark", "proven", record("proven"));
  const line = await herd.report("Clark", "told");
  assertEquals(await nextRecord(from), line);
});

/** Refused: nothing but an invalid command's answer and the end, and nothing that follows is taken. */
async function assertRefused(herd: RunningHerd, link: Client, id: string): Promise<void> {
  await link.send(`${record(id)}\n`).catch(() => {});
  assertMatch(await link.rest(), /^(\? [^\n]*\n)+$/);
  assertEquals(await herd.record("Clark", id), null);
}

says("A proof that is missing, wrong or none at all is refused", async ({ herd }) => {
  const wrong = "0".repeat(64);
  for (const [index, answer] of ["PROOF -", `PROOF ${wrong}`, "PROOF", "", "BEAT"].entries()) {
    using link = (await greet(herd.port("Clark"), bona)).link;
    await link.send(`${answer}\n`);
    await assertRefused(herd, link, `stranger.${index}`);
  }
  await herd.logged("Clark", /refused a link from 127\.0\.0\.1:\d+: a wrong proof of the secret/);
});

says("A proof with another secret is refused", async ({ herd }) => {
  const { link, claim } = await greet(herd.port("Clark"), bona);
  using _link = link;
  await link.send(`PROOF ${await prove("another secret", { ...claim, side: "dial" })}\n`);
  await assertRefused(herd, link, "stranger.other");
});

says("A proof that was heard before is worth nothing", async ({ herd }) => {
  const first = await greet(herd.port("Clark"), bona);
  using link = first.link;
  const proof = await prove(secret, { ...first.claim, side: "dial" });
  const welcome = `WELCOME ${await prove(secret, { ...first.claim, side: "accept" })}`;
  assertEquals(await link.say(`PROOF ${proof}`), welcome);
  const second = await greet(herd.port("Clark"), bona);
  using again = second.link;
  await again.send(`PROOF ${proof}\n`);
  await assertRefused(herd, again, "stranger.replay");
});

says("A server's own proof, sent back to it, is worth nothing", async ({ herd }) => {
  const first = await greet(herd.port("Clark"), bona);
  using firstLink = first.link;
  const proof = await prove(secret, { ...first.claim, side: "dial" });
  const welcome = await firstLink.say(`PROOF ${proof}`);
  const { link } = await greet(herd.port("Clark"), bona);
  using _link = link;
  await link.send(`${welcome?.replace("WELCOME", "PROOF")}\n`);
  await assertRefused(herd, link, "stranger.mirror");
});

says("A hello that is none of a neighbour's is an invalid command", async ({ herd }) => {
  const nonce = newNonce();
  const hellos = [
    `HELLO 2 Jaquez Clark ${nonce}`,
    `HELLO 2 Clark Clark ${nonce}`,
    `HELLO 2 Mallory Clark ${nonce}`,
    `HELLO 2 Bona Jaquez ${nonce}`,
    `HELLO 3 Bona Clark ${nonce}`,
    // Its answer would be a proof to try secrets on.
    `HELLO 1 Bona Clark ${nonce}`,
    `HELLO 2 Bona Clark ${nonce.slice(1)}`,
    `HELLO 2 Bona Clark ${nonce} -`,
    "HELLO one Bona Clark",
  ];
  for (const hello of hellos) {
    assertEquals(await herd.ask("Clark", `${hello}\n`), `? ${hello}\n`);
  }
});

says("A server tells its records only to who proves the secret", async ({ herd, listener }) => {
  await herd.report("Clark", "kept.from.strangers");
  for (const proof of ["-", "0".repeat(64), ""]) {
    using link = await Client.accept(listener);
    await readHello(link, bona);
    await link.send(`HELLO 2 Bona Clark ${newNonce()}\nWELCOME ${proof}\n`);
    const rest = await link.rest();
    assert(!/^(AT|DIGEST|DIFFER|BUCKETS|BEAT)/m.test(rest), rest);
  }
});

says("The secret itself is in no log, and no part of what servers print", ({ herd }) => {
  assert(!herd.log("Clark").includes(secret));
  assert(!herd.program("Clark").printed.includes(secret));
});

Deno.test({
  name: "Servers with the same HERD_SECRET link, one with another does not",
  ...processes,
  async fn() {
    await using herd = new RunningHerd({
      servers: ["Clark", "Bona", "Jaquez"],
      links: [["Clark", "Bona"], ["Clark", "Jaquez"]],
    });
    await Promise.all([
      herd.start("Clark", { HERD_SECRET: secret }),
      herd.start("Bona", { HERD_SECRET: secret }),
      herd.start("Jaquez", { HERD_SECRET: "another secret of the herd" }),
    ]);
    await herd.connected(new Set(["Clark", "Bona"]));
    await herd.logged("Clark", /no link to Jaquez: it refused our proof of the secret/);
    await herd.logged("Jaquez", /no link to Clark: .*secret/);
    assertEquals(await herd.record("Jaquez", "probe.Clark"), null);
    assertEquals(await herd.record("Jaquez", "probe.Bona"), null);
  },
});

/** An address of this machine that is not its loopback's. */
function outerAddress(): string | undefined {
  if (Deno.permissions.querySync({ name: "sys", kind: "networkInterfaces" }).state !== "granted") {
    return undefined;
  }
  const outer = ({ family, address }: Deno.NetworkInterfaceInfo) =>
    family === "IPv4" && !address.startsWith("127.");
  return Deno.networkInterfaces().find(outer)?.address;
}

const outer = outerAddress();

Deno.test({
  name: "Without a secret, links are accepted between loopback addresses only",
  ...processes,
  ignore: processes.ignore || outer === undefined,
  async fn() {
    await using herd = new RunningHerd({
      servers: ["Clark", "Bona"],
      links: [["Clark", "Bona"]],
      entry: { bind: "0.0.0.0" },
    });
    await herd.start("Clark");
    using link = await Client.connect(herd.port("Clark"), outer);
    const hello = `HELLO 2 Bona Clark ${newNonce()}`;
    assertEquals(await link.say(hello), `? ${hello}`);
    using near = await dialLink(herd.port("Clark"), { self: "Bona", other: "Clark" });
    await near.send(`${record("near")}\n`);
    await herd.learns("Clark", "near", record("near"));
  },
});
