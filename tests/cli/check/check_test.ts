import { assertEquals } from "@std/assert";
import { check, describeHerd } from "../../../lib/cli/check/check.ts";
import type { Faults } from "../../../lib/cli/serve/faults.ts";
import { parseHerdFile } from "../../../lib/topology/herd_file.ts";
import { needs } from "../../needs.ts";

/** Runs `check` on a file with this text. */
async function checkText(text: string, faults: Partial<Faults> = {}) {
  const config = await Deno.makeTempFile();
  try {
    await Deno.writeTextFile(config, text);
    const faultsOf = () => Promise.resolve({ errors: [], warnings: [], ...faults });
    const out: string[] = [];
    const err: string[] = [];
    const print = {
      log: (line: string) => out.push(line),
      error: (line: string) => err.push(line),
    };
    const status = await check(config, { print, faultsOf });
    const named = (lines: string[]) => lines.join("\n").replaceAll(config, "h.json").split("\n");
    return { status, out: named(out), err: named(err) };
  } finally {
    await Deno.remove(config);
  }
}

const files = await needs("read", "write");

Deno.test({
  name: "describeHerd() shows size, addresses, neighbours and places",
  permissions: "none",
  fn() {
    const herd = parseHerdFile(
      JSON.stringify({
        servers: {
          Alford: { host: "127.0.0.1", port: 1 },
          Welsh: { host: "::1", port: 2 },
          Ball: { host: "ball.example", port: 3, bind: "0.0.0.0" },
        },
        links: [["Welsh", "Alford"], ["Ball", "Welsh"]],
        places: { provider: "gazetteer", file: "cities.txt" },
      }),
      "h.json",
    );
    assertEquals(describeHerd(herd, "h.json").split("\n"), [
      "h.json: 3 servers, 2 links, diameter 2",
      "",
      "server  address                              neighbours",
      "Alford  127.0.0.1:1                          Welsh",
      "Welsh   [::1]:2                              Alford, Ball",
      "Ball    ball.example:3 (listens on 0.0.0.0)  Welsh",
      "",
      "places: gazetteer, from cities.txt",
    ]);
  },
});

Deno.test({
  name: "describeHerd() shows TLS ports, and the links' authority",
  permissions: "none",
  fn() {
    const tls = { cert: "ball.pem", key: "ball.key", port: 443 };
    const servers = { Ball: { host: "::1", port: 3, tls }, Ford: { host: "b", port: 1 } };
    const text = JSON.stringify({ servers, links: [], ca: "ca.pem" });
    assertEquals(describeHerd(parseHerdFile(text, "h.json"), "h.json").split("\n").slice(2), [
      "server  address           neighbours",
      "Ball    [::1]:3, TLS 443  none",
      "Ford    b:1               none",
      "",
      "places: google when GOOGLE_PLACES_API_KEY is set, else gazetteer",
      "links: over TLS, the authority is ca.pem",
    ]);
  },
});

Deno.test({
  name: "check() prints a herd that is right, and returns 0",
  ...files,
  async fn() {
    const { status, out, err } = await checkText(
      '{ "servers": { "A": { "host": "h", "port": 1 } }, "links": [] }',
    );
    assertEquals([status, err], [0, [""]]);
    assertEquals(out, [
      "h.json: 1 server, 0 links, diameter 0",
      "",
      "server  address  neighbours",
      "A       h:1      none",
      "",
      "places: google when GOOGLE_PLACES_API_KEY is set, else gazetteer",
    ]);
  },
});

Deno.test({
  name: "check() warns when links do not connect all servers",
  ...files,
  async fn() {
    const server = (port: number) => ({ host: "h", port });
    const { status, out, err } = await checkText(JSON.stringify({
      servers: { A: server(1), B: server(2), C: server(3) },
      links: [["C", "A"]],
    }));
    assertEquals([status, out[0]], [0, "h.json: 3 servers, 1 link, 2 parts without a link"]);
    assertEquals(err, [
      "h.json: warning: links should connect all servers; " +
      "news never gets from one part to another: A C | B",
    ]);
  },
});

Deno.test({
  name: "check() warns of acceptLinks1, which is for the time of an upgrade",
  ...files,
  async fn() {
    const { status, err } = await checkText(
      '{ "servers": { "A": { "host": "h", "port": 1 } }, "links": [], "acceptLinks1": true }',
    );
    assertEquals([status, err], [0, [
      "h.json: warning: acceptLinks1: is for the time of an upgrade: servers prove the secret to " +
      "whoever says a neighbour's hello; take it out when every server speaks version 2",
    ]]);
  },
});

Deno.test({
  name: "check() prints every error on a line of its own, and returns 2",
  ...files,
  async fn() {
    const { status, out, err } = await checkText('{ "servers": {}, "links": [["A", "A"]] }');
    assertEquals([status, out], [2, [""]]);
    assertEquals(err, [
      "h.json: servers: {} should name a server",
      'h.json: links[0][0]: "A" should be the name of a server: there is none',
      'h.json: links[0][1]: "A" should be the name of a server: there is none',
    ]);
  },
});

const right = '{ "servers": { "A": { "host": "h", "port": 1 } }, "links": [] }';

Deno.test({
  name: "check() prints what is wrong in the files that herd.json names, and returns 2",
  ...files,
  async fn() {
    const errors = ["h.json: ca: is no certificate"];
    const { status, out, err } = await checkText(right, { errors, warnings: ["unseen"] });
    assertEquals([status, out, err], [2, [""], errors]);
  },
});

Deno.test({
  name: "check() prints what the environment lacks as warnings, and returns 0",
  ...files,
  async fn() {
    const { status, err } = await checkText(right, { warnings: ["needs HERD_SECRET"] });
    assertEquals([status, err], [0, ["h.json: warning: needs HERD_SECRET"]]);
  },
});
