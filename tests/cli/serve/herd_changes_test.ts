import { assertEquals } from "@std/assert";
import { changesOf, refusals } from "../../../lib/cli/serve/herd_changes.ts";
import type { TlsFiles } from "../../../lib/cli/serve/tls_files.ts";
import { type HerdFile, parseHerdFile } from "../../../lib/topology/herd_file.ts";

const ann = { host: "127.0.0.1", port: 1, tls: { cert: "a.pem", key: "a.key", port: 11 } };
const bob = { host: "127.0.0.1", port: 2, tls: { cert: "b.pem", key: "b.key", port: 12 } };
const cat = { host: "127.0.0.1", port: 3, tls: { cert: "c.pem", key: "c.key", port: 13 } };
const two = { servers: { Ann: ann, Bob: bob }, links: [["Ann", "Bob"]] };

function herdOf(parts: Record<string, unknown>): HerdFile {
  return parseHerdFile(JSON.stringify({ ...two, ...parts }), "h.json");
}

/** What keeps Ann from taking over a herd.json that is `two` with other parts. */
function refused(parts: Record<string, unknown>): string[] {
  return refusals(herdOf({}), herdOf(parts), { name: "Ann", config: "h.json" });
}

const noFiles: TlsFiles = { credentials: null, ca: null, warnings: [] };

/** What is new for Ann in a herd.json that is `two` with other parts. */
function changes(parts: Record<string, unknown>, files = noFiles): string[] {
  const secrets = ["a secret"];
  const before = { herd: herdOf({}), files: noFiles, secrets };
  return changesOf(before, { herd: herdOf(parts), files, secrets }, "Ann");
}

function test(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

test("refusals() lets links, servers, other addresses, files and the authority change", () => {
  const moved = { ...bob, host: "10.0.0.1", port: 9, tls: { ...bob.tls, port: 19 } };
  const renamed = { ...ann, tls: { ...ann.tls, cert: "new.pem", key: "new.key" } };
  const herds = [
    {},
    { links: [] },
    { servers: { ...two.servers, Cat: cat }, links: [["Ann", "Cat"]] },
    { servers: { Ann: renamed, Bob: moved } },
    { servers: { Ann: { ...ann, host: "localhost", bind: "127.0.0.1" }, Bob: bob } },
    { ca: "ca.pem" },
    { durable: false },
  ];
  for (const herd of herds) assertEquals(refused(herd), []);
});

test("refusals() refuses another place to listen at", () => {
  const { tls: _tls, ...plain } = ann;
  const anns = [
    { ...ann, port: 9 },
    { ...ann, host: "10.0.0.1" },
    { ...ann, bind: "0.0.0.0" },
    { ...ann, tls: { ...ann.tls, port: 9 } },
    plain,
  ];
  for (const ann of anns) {
    assertEquals(refused({ servers: { Ann: ann, Bob: bob } }), [
      "h.json: servers.Ann: where it listens cannot change while the server runs; restart it",
    ]);
  }
});

test("refusals() refuses a herd without one of its servers", () => {
  for (const [name, servers] of [["Ann", { Bob: bob }], ["Bob", { Ann: ann }]] as const) {
    assertEquals(refused({ servers, links: [] }), [
      `h.json: servers.${name}: is missing; the herd may still hold records that it received, so ` +
      "a running server cannot drop it; remove its links instead",
    ]);
  }
});

test("refusals() refuses what a server takes with it to its end, one line for each", () => {
  const parts = {
    places: { provider: "gazetteer" },
    durable: "sync",
    forgetAfter: "P1D",
    maxClockAheadS: 5,
  };
  assertEquals(
    refused(parts),
    Object.keys(parts).map((key) =>
      `h.json: ${key}: cannot change while the server runs; restart it`
    ),
  );
});

test("changesOf() says what is new, and nothing of what is not", () => {
  assertEquals(changes({}), []);
  const servers = { ...two.servers, Cat: cat };
  assertEquals(changes({ servers, links: [["Ann", "Cat"]] }), [
    "added Cat",
    "linked with Cat",
    "no longer linked with Bob",
  ]);
  assertEquals(changes({ servers: { Ann: ann, Bob: { ...bob, port: 9 } } }), [
    "new address for Bob",
  ]);
  const files = { credentials: { cert: "c", key: "k" }, ca: "authority", warnings: [] };
  assertEquals(changes({ ca: "ca.pem" }, files), [
    "new address for Bob",
    "new certificate",
    "new authority",
  ]);
});

test("changesOf() says that links of version 1 are accepted, or no more", () => {
  assertEquals(changes({ acceptLinks1: true }), ["links of version 1 are accepted"]);
  const [before, after] = [herdOf({ acceptLinks1: true }), herdOf({})]
    .map((herd) => ({ herd, files: noFiles, secrets: [] }));
  assertEquals(changesOf(before!, after!, "Ann"), ["links of version 1 are refused"]);
});

test("changesOf() says what happens to secrets, and no secret", () => {
  const changed = (before: string[], after: string[]) => {
    const parts = { herd: herdOf({}), files: noFiles };
    return changesOf({ ...parts, secrets: before }, { ...parts, secrets: after }, "Ann");
  };
  assertEquals(changed(["old"], ["old"]), []);
  assertEquals(changed(["old"], ["old", "new"]), ["a new secret is taken"]);
  assertEquals(changed(["old", "new"], ["new", "old"]), ["another secret is proven with"]);
  assertEquals(changed(["new", "old"], ["new"]), ["an old secret is refused"]);
});
