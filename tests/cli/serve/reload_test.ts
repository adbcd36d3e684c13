import { assertEquals } from "@std/assert";
import { membersOf } from "../../../lib/cli/serve/members.ts";
import { Reload } from "../../../lib/cli/serve/reload.ts";
import { readTlsFiles } from "../../../lib/cli/serve/tls_files.ts";
import { readConfig } from "../../../lib/cli/find_config.ts";
import { UsageError } from "../../../lib/cli/usage.ts";
import type { Members } from "../../../lib/links/links_context.ts";
import { type Claim, type Prover, proverOf } from "../../../lib/links/proof.ts";
import { Tls, type TlsOptions } from "../../../lib/transport/tls.ts";
import { needs } from "../../needs.ts";
import { pathOf } from "../../tls/files.ts";

const files = await needs("read", "write", "net");

const server = (port: number) => ({
  host: "127.0.0.1",
  port,
  tls: { cert: pathOf("server.pem"), key: pathOf("server.key"), port: port + 10 },
});
const two = { servers: { Ann: server(1), Bob: server(2) }, links: [["Ann", "Bob"]] };
const three = { servers: { ...two.servers, Cat: server(3) }, links: [["Ann", "Cat"]] };

/** Ann, with a herd.json that can be changed, and what was done to her. */
class RunningAnn {
  readonly config = Deno.makeTempFileSync();
  readonly changes: Members[] = [];
  readonly provers: Prover[] = [];
  /** What is in the file of the secret. */
  secrets: readonly string[] = [];
  readonly renewals: TlsOptions[] = [];
  readonly lines: string[] = [];
  readonly logged: string[] = [];
  /** How many times the log was to be opened anew. */
  reopened = 0;
  /** What the next renewal fails with. */
  renewalTrouble: Error | null = null;
  readonly tls = new Tls({ credentials: null, ca: null });

  static async start(...secrets: string[]): Promise<[RunningAnn, Reload]> {
    const ann = new RunningAnn();
    ann.secrets = secrets;
    ann.write(two);
    const herd = await readConfig({ name: ann.config, path: ann.config });
    const tlsFiles = await readTlsFiles(herd, {
      name: "Ann",
      config: { name: ann.config, path: ann.config },
    });
    // The tests' keys can be read by everybody, and a warning says so each time.
    const noteIn = (lines: string[]) => (line: string) =>
      line.includes("chmod") || lines.push(line.replaceAll(ann.config, "h.json"));
    const [print, log] = [noteIn(ann.lines), noteIn(ann.logged)];
    const renew = (options: TlsOptions) => {
      ann.renewals.push(options);
      return ann.renewalTrouble === null ? Promise.resolve() : Promise.reject(ann.renewalTrouble);
    };
    const reload = new Reload({
      name: "Ann",
      config: { name: ann.config, path: ann.config },
      insecureLinks: false,
      running: { herd, files: tlsFiles, secrets },
      secrets: () => Promise.resolve(ann.secrets),
      links: {
        change: (members) => void ann.changes.push(members),
        trust: (prover) => void ann.provers.push(prover),
      },
      tokens: null,
      tls: Object.assign(ann.tls, { renew }),
      events: { info: log, warn: log, error: log },
      log: { reopen: () => void ann.reopened++ },
      print: { log: print, error: print },
    });
    return [ann, reload];
  }

  write(herd: unknown): void {
    Deno.writeTextFileSync(this.config, JSON.stringify(herd));
  }

  [Symbol.dispose](): void {
    Deno.removeSync(this.config);
  }
}

function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name: `Reload ${name}`, ...files, fn });
}

test("takes over servers and links, and says so in one line", async () => {
  const [ann, reload] = await RunningAnn.start();
  using _ann = ann;
  ann.write(three);
  await reload.request();
  assertEquals(ann.reopened, 1);
  assertEquals(ann.changes, [
    {
      acceptLinks1: false,
      names: ["Ann", "Bob", "Cat"],
      neighbours: [{ name: "Cat", host: "127.0.0.1", port: 3 }],
    },
  ]);
  const line = "Ann has read h.json again: added Cat, linked with Cat, " +
    "no longer linked with Bob";
  assertEquals([ann.lines, ann.logged], [[line], [line]]);
});

test("compares with what it took over last", async () => {
  const [ann, reload] = await RunningAnn.start();
  using _ann = ann;
  ann.write(three);
  await reload.request();
  await reload.request();
  assertEquals(ann.lines[1], "Ann has read h.json again: no changes");
  ann.write(two);
  await reload.request();
  assertEquals(ann.lines[2]?.startsWith("h.json: servers.Cat: is missing; "), true);
  assertEquals(ann.changes.length, 2);
});

test("has neighbours dialled over TLS when an authority is named", async () => {
  const [ann, reload] = await RunningAnn.start();
  using _ann = ann;
  ann.write({ ...two, ca: pathOf("ca.pem") });
  await reload.request();
  assertEquals(ann.changes[0]?.neighbours, [
    { name: "Bob", host: "127.0.0.1", port: 12, transport: ann.tls },
  ]);
  assertEquals(ann.renewals[0]?.ca, Deno.readTextFileSync(pathOf("ca.pem")));
  assertEquals(ann.lines, [
    "Ann has read h.json again: new address for Bob, new authority",
  ]);
});

test("has another certificate served, and warns of what is not good about it", async () => {
  const [ann, reload] = await RunningAnn.start();
  using _ann = ann;
  const tls = { cert: pathOf("expired.pem"), key: pathOf("expired.key"), port: 11 };
  ann.write({ ...two, servers: { ...two.servers, Ann: { ...server(1), tls } } });
  await reload.request();
  assertEquals(ann.renewals[0]?.credentials?.cert, Deno.readTextFileSync(tls.cert));
  assertEquals(ann.lines, [
    `h.json: servers.Ann.tls.cert: ${JSON.stringify(tls.cert)} expired on 2001-01-01`,
    "Ann has read h.json again: new certificate",
  ]);
});

const nothing = "h.json was not applied; nothing has changed";
const missing = { ...server(1).tls, key: "/not/there" };
const refused: Record<string, [herd: unknown, lines: string[]]> = {
  "herd.json that is wrong": [
    { ...three, links: [["Ann", "Ann"]], colour: 1 },
    [
      'h.json: colour: 1 is an unknown key; there are "servers", "links", "ca", "places", ' +
      '"durable", "forgetAfter", "maxClockAheadS", "acceptLinks1", "clients", "revoked", "limits"',
      'h.json: links[0]: ["Ann","Ann"] should join two different servers',
    ],
  ],
  "change that needs a restart beside one that does not": [
    { ...three, durable: true },
    ["h.json: durable: cannot change while the server runs; restart it"],
  ],
  "key that is not there beside a new link": [
    { ...three, servers: { ...three.servers, Ann: { ...server(1), tls: missing } } },
    ['h.json: servers.Ann.tls.key: "/not/there": there is no such file'],
  ],
  "server on another machine where there is no secret": [
    { ...three, servers: { ...three.servers, Cat: { ...server(3), host: "10.0.0.1" } } },
    [
      'h.json: servers.Cat.host: "10.0.0.1" is another machine: links to it need HERD_SECRET in ' +
      "the environment, the same for every server (or --insecure-links)",
    ],
  ],
};

for (const [what, [herd, lines]] of Object.entries(refused)) {
  test(`takes nothing over from a ${what}`, async () => {
    const [ann, reload] = await RunningAnn.start();
    using _ann = ann;
    ann.write(herd);
    await reload.request();
    assertEquals([ann.lines, ann.logged], [[...lines, nothing], [...lines, nothing]]);
    assertEquals([ann.changes, ann.renewals], [[], []]);
    ann.write(three);
    await reload.request();
    assertEquals(ann.changes.length, 1);
  });
}

test("takes nothing over when the certificate cannot be changed just now", async () => {
  const [ann, reload] = await RunningAnn.start();
  using _ann = ann;
  ann.renewalTrouble = new Error("no connection is accepted");
  ann.write(three);
  await reload.request();
  assertEquals([ann.lines, ann.changes], [["no connection is accepted", nothing], []]);
});

test("takes in a server on another machine where there is a secret", async () => {
  const [ann, reload] = await RunningAnn.start("a secret");
  using _ann = ann;
  ann.write({ ...three, servers: { ...three.servers, Cat: { ...server(3), host: "10.0.0.1" } } });
  await reload.request();
  assertEquals(ann.changes[0]?.neighbours[0]?.host, "10.0.0.1");
});

test("has the links prove with the secret that is first in the file, and take the other", async () => {
  const [before, after] = ["the old secret", "the new secret"];
  const [ann, reload] = await RunningAnn.start(before);
  using _ann = ann;
  ann.secrets = [after, before];
  await reload.request();
  const names = { from: "Bob", to: "Ann", fromNonce: "1", toNonce: "2" };
  const claim: Claim = { version: 2, side: "dial", ...names };
  const [prover] = ann.provers;
  assertEquals(prover?.prove(claim), (await proverOf(after)).prove(claim));
  assertEquals(prover?.check(claim, (await proverOf(before)).prove(claim)), true);
  assertEquals(ann.lines, [
    "Ann has read h.json again: another secret is proven with, a new secret is taken",
  ]);
  assertEquals(ann.lines.some((line) => line.includes(before) || line.includes(after)), false);
});

test("takes nothing over when the secret cannot be used", async () => {
  const [ann, reload] = await RunningAnn.start("the old secret");
  using _ann = ann;
  Object.defineProperty(ann, "secrets", {
    get: () => {
      throw new UsageError("HERD_SECRET_FILE: s: is empty; should hold a secret");
    },
  });
  ann.write(three);
  await reload.request();
  assertEquals(ann.lines, ["HERD_SECRET_FILE: s: is empty; should hold a secret", nothing]);
  assertEquals([ann.changes, ann.provers], [[], []]);
});

test("reads once more when it is told to while it reads", async () => {
  const [ann, reload] = await RunningAnn.start();
  using _ann = ann;
  ann.write(three);
  await Promise.all([reload.request(), reload.request(), reload.request()]);
  await reload.request();
  assertEquals(ann.lines.map((line) => line.includes("no changes")), [false, true, true]);
});

Deno.test({
  name: "membersOf() has neighbours dialled on their plain ports where no authority is named",
  ...files,
  async fn() {
    const [ann] = await RunningAnn.start();
    using _ann = ann;
    const herd = await readConfig({ name: ann.config, path: ann.config });
    assertEquals(membersOf(herd, { name: "Bob", tls: ann.tls }), {
      acceptLinks1: false,
      names: ["Ann", "Bob"],
      neighbours: [{ name: "Ann", host: "127.0.0.1", port: 1 }],
    });
  },
});
