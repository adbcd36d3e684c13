// What "tls" and "ca" in herd.json and SIGHUP promise: clients and links over TLS, certificates and links
// that change while a server runs; with real servers and real handshakes.

import { assert, assertEquals, assertMatch, assertRejects } from "@std/assert";
import { chapter, processes } from "../process/chapter.ts";
import { Client } from "../process/client.ts";
import type { RunningHerd } from "../process/running_herd.ts";
import { TlsHerd } from "../process/tls_herd.ts";
import { credentialsOf, pem } from "../tls/files.ts";
import { dialLink } from "./link_peer.ts";

const isWindows = Deno.build.os === "windows";
const noHangUp = { ...processes, ignore: processes.ignore || isWindows };
const secret = "correct horse battery staple";
const line = "IAMAT kiwi +34.068930-118.445127 1479413884.392014450";

const says = chapter('With "tls" and "ca" a herd talks over TLS', async () => {
  const tls = new TlsHerd({
    servers: ["Clark", "Bona", "Jaquez"],
    links: [["Clark", "Bona"], ["Bona", "Jaquez"]],
    env: { HERD_SECRET: secret },
  });
  await tls.start();
  return tls;
});

says("A server says at its start where it listens", async (tls) => {
  const { herd } = tls;
  const port = herd.port("Clark");
  await herd.program("Clark").prints(
    new RegExp(`Clark listens on 127.0.0.1:${port} and, for TLS, 127.0.0.1:${tls.port("Clark")} `),
  );
});

says("A client is answered over TLS as over the plain port", async (tls) => {
  using secure = await tls.connect("Clark", pem("ca.pem"));
  assertMatch(await secure.say(line) ?? "", /^AT Clark \+\S+ kiwi \S+ 1479413884.392014450$/);
  assertEquals(await secure.say("what?"), "? what?");
  const plain = await tls.herd.record("Clark", "kiwi");
  assertEquals((await secure.say("WHATSAT kiwi 10 0"))?.split("\n")[0], plain);
});

says("A last line without a newline is answered when the client half-closes", async (tls) => {
  using secure = await tls.connect("Clark", pem("ca.pem"));
  await secure.send("once\ntwice");
  await secure.halfClose();
  assertEquals(await secure.rest(), "? once\n? twice\n");
});

says("A client that trusts another authority does not connect", async (tls) => {
  await assertRejects(() => tls.connect("Clark", pem("other_ca.pem")));
});

says("Links are dialled on the neighbour's TLS port, and news goes over them", async (tls) => {
  const told = await tls.herd.report("Clark", "over.tls");
  await tls.herd.learns("Jaquez", "over.tls", told);
  const log = tls.herd.log("Clark");
  assert(log.includes(` Bona 127.0.0.1:${tls.port("Bona")} `), log);
  assert(!log.includes(` Bona 127.0.0.1:${tls.herd.port("Bona")} `));
});

says("A link is still accepted on the plain port, from who proves the secret", async ({ herd }) => {
  const record = "AT Bona +0.000000001 plain.link +34.068930-118.445127 5";
  using link = await dialLink(herd.port("Clark"), { self: "Bona", other: "Clark", secret });
  await link.send(`${record}\n`);
  await herd.learns("Clark", "plain.link", record);
});

says("TLS proves no neighbour: without the secret a hello over it is refused", async (tls) => {
  using stranger = await tls.connect("Clark", pem("ca.pem"));
  await stranger.send(`HELLO 2 Bona Clark ${"0".repeat(32)}\n`);
  assertMatch(await stranger.line() ?? "", /^HELLO 2 Clark Bona [0-9a-f]{32}$/);
  await stranger.send(`PROOF ${"0".repeat(64)}\n`);
  assertMatch(await stranger.rest(), /^(\? [^\n]*\n)+$/);
});

says("Who speaks no TLS on the TLS port gets nothing of the herd", async (tls) => {
  using plain = await Client.connect(tls.port("Clark"));
  await plain.send(`${line}\nWHATSAT kiwi 10 0\n`);
  const heard = await plain.rest().catch(() => "");
  assert(!heard.includes("AT Clark") && !heard.includes("? "), JSON.stringify(heard));
});

says("Neither log nor output holds a key or a certificate", ({ herd }) => {
  const { key, cert } = credentialsOf("server");
  for (const text of [key, cert]) {
    const middle = text.split("\n")[1]!;
    assert(!herd.log("Clark").includes(middle) && !herd.program("Clark").printed.includes(middle));
  }
});

Deno.test({
  name: "A neighbour with a stranger's certificate is not linked, and the log says why",
  ...processes,
  async fn() {
    await using tls = new TlsHerd({ servers: ["Clark", "Bona"], links: [["Clark", "Bona"]] });
    tls.certify("Bona", "stranger");
    const { herd } = tls;
    await Promise.all(herd.names.map((name) => herd.start(name)));
    await herd.logged("Clark", /no link to Bona: .*UnknownIssuer/);
    const told = await herd.report("Clark", "kept");
    await herd.report("Bona", "goes.on");
    assertEquals(await herd.record("Bona", "kept"), null, told);
  },
});

Deno.test({
  name: "A server whose certificate cannot be used does not start, and says why in one line",
  ...processes,
  async fn() {
    await using tls = new TlsHerd({ servers: ["Clark"] });
    Deno.writeTextFileSync(`${tls.herd.directory}/Clark.key`, "a secret of mine");
    const error = await assertRejects(() => tls.herd.start("Clark"), Error);
    assert(
      error.message.includes(
        'servers.Clark.tls.key: "Clark.key" cannot be used with Clark.pem: the key\'s file holds no ' +
          "private key in PEM",
      ),
      error.message,
    );
    assert(!error.message.includes("secret of mine"));
    assertEquals((await tls.herd.program("Clark").ended()).code, 2);
  },
});

Deno.test({
  name: "SIGHUP renews the certificate, and every connection lives on",
  ...noHangUp,
  async fn() {
    await using tls = new TlsHerd({ servers: ["Clark", "Bona"], links: [["Clark", "Bona"]] });
    await tls.start();
    const { herd } = tls;
    const clients = await Promise.all([
      tls.connect("Clark", pem("ca.pem")),
      tls.connect("Clark", pem("ca.pem")),
      herd.connect("Clark"),
    ]);
    for (const client of clients) assertEquals(await client.say("before"), "? before");
    tls.certify("Clark", "stranger");
    assertMatch(await tls.reload("Clark"), /^Clark has read \S+ again: new certificate\n$/);
    for (const client of clients) assertEquals(await client.say("after"), "? after");
    await assertRejects(() => tls.connect("Clark", pem("ca.pem")));
    using fresh = await tls.connect("Clark", pem("other_ca.pem"));
    assertEquals(await fresh.say("fresh"), "? fresh");
    for (const client of clients) client[Symbol.dispose]();
    assert(!herd.log("Clark").includes("link to Bona lost"));
    assert(!herd.log("Clark").includes("link from Bona lost"));
  },
});

Deno.test({
  name: "SIGHUP with a wrong certificate or key leaves the old one, and says so",
  ...noHangUp,
  async fn() {
    await using tls = new TlsHerd({ servers: ["Clark"] });
    await tls.start();
    const { directory } = tls.herd;
    const { key } = credentialsOf("renewed");
    const wrong: [file: string, text: string, complaint: RegExp][] = [
      [
        "Clark.key",
        key,
        /Clark\.tls\.key: "Clark\.key" .* the key does not belong to the certificate\n/,
      ],
      ["Clark.key", "", /Clark\.tls\.key: "Clark\.key" .* holds no private key in PEM\n/],
      ["Clark.pem", key, /Clark\.tls\.cert: "Clark\.pem" holds no certificate in PEM\n/],
    ];
    for (const [file, text, complaint] of wrong) {
      Deno.writeTextFileSync(`${directory}/${file}`, text);
      const printed = await tls.reload("Clark");
      assertMatch(printed, complaint);
      assertMatch(printed, /was not applied; nothing has changed\n$/);
      assertEquals(printed.split("\n").length, 3, printed);
      assert(tls.herd.log("Clark").match(complaint.source.slice(0, -2)) !== null);
      using secure = await tls.connect("Clark", pem("ca.pem"));
      assertEquals(await secure.say("still"), "? still");
    }
    tls.certify("Clark", "renewed");
    assertMatch(await tls.reload("Clark"), /new certificate/);
  },
});

Deno.test({
  name: "SIGHUP takes links over TLS into use, server by server",
  ...noHangUp,
  async fn() {
    await using tls = new TlsHerd({ servers: ["Clark", "Bona"], links: [["Clark", "Bona"]] });
    tls.change((herd) => delete herd.ca);
    await tls.start();
    tls.change((herd) => herd.ca = "ca.pem");
    for (const [name, other] of [["Clark", "Bona"], ["Bona", "Clark"]] as const) {
      assertMatch(await tls.reload(name), /again: new address for \w+, new authority\n/);
      await tls.herd.logged(name, new RegExp(` ${other} 127.0.0.1:${tls.port(other)} `));
      await tls.herd.connected();
    }
  },
});

/** Has other links in a herd.json. */
function withLinks(herd: RunningHerd, links: readonly (readonly [string, string])[]): void {
  const json = JSON.parse(Deno.readTextFileSync(herd.config));
  Deno.writeTextFileSync(herd.config, JSON.stringify({ ...json, links }));
}

Deno.test({
  name: "SIGHUP dials links that are new, and closes those that are gone",
  ...noHangUp,
  async fn() {
    await using tls = new TlsHerd({
      servers: ["Clark", "Bona", "Jaquez"],
      links: [["Clark", "Bona"]],
    });
    await tls.start();
    const { herd } = tls;
    withLinks(herd, [["Clark", "Jaquez"]]);
    await Promise.all(herd.names.map((name) => tls.reload(name)));
    await herd.learns("Jaquez", "moved", await herd.report("Clark", "moved"));
    await herd.logged("Clark", /link to Bona lost/);
    await herd.logged("Bona", /link to Clark lost/);
    const told = await herd.report("Bona", "alone");
    assertEquals(await herd.record("Clark", "alone"), null, told);
    assertEquals(await herd.record("Bona", "moved"), null);
  },
});

Deno.test({
  name: "SIGHUP takes in a server that is new in the herd",
  ...noHangUp,
  async fn() {
    await using tls = new TlsHerd({
      servers: ["Clark", "Bona", "Jaquez"],
      links: [["Clark", "Bona"], ["Bona", "Jaquez"]],
    });
    const whole = Deno.readTextFileSync(tls.herd.config);
    tls.change((herd) => {
      delete herd.servers.Jaquez;
      herd.links = [["Clark", "Bona"]];
    });
    await tls.start(["Clark", "Bona"]);
    Deno.writeTextFileSync(tls.herd.config, whole);
    assertMatch(await tls.reload("Clark"), /again: added Jaquez\n/);
    assertMatch(await tls.reload("Bona"), /added Jaquez, linked with Jaquez\n/);
    await tls.herd.start("Jaquez");
    await tls.herd.connected();
    assert(!tls.herd.log("Clark").includes("cut"));
  },
});

Deno.test({
  name: "SIGHUP takes over nothing of a herd.json that asks for what cannot change",
  ...noHangUp,
  async fn() {
    await using tls = new TlsHerd({
      servers: ["Clark", "Bona", "Jaquez"],
      links: [["Clark", "Bona"]],
    });
    await tls.start();
    tls.change((herd) => {
      herd.links = [["Clark", "Jaquez"]];
      herd.maxClockAheadS = 5;
    });
    assertMatch(
      await tls.reload("Clark"),
      /^\S+: maxClockAheadS: cannot change while the server runs; restart it\n\S+ was not applied/,
    );
    Deno.writeTextFileSync(tls.herd.config, "{");
    assertMatch(await tls.reload("Clark"), /^\S+: line 1, column 2: .*\n\S+ was not applied/);
    assert(!/link (to|from) Bona lost|Jaquez/.test(tls.herd.log("Clark").replace(/listens.*/, "")));
    const told = await tls.herd.report("Clark", "as.before");
    await tls.herd.learns("Bona", "as.before", told);
  },
});
