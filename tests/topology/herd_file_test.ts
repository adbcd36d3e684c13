import { assertEquals, assertMatch, assertThrows } from "@std/assert";
import { HerdFileError, parseHerdFile } from "../../lib/topology/herd_file.ts";
import { needs } from "../needs.ts";

const two = {
  servers: { Ann: { host: "127.0.0.1", port: 1 }, Bob: { host: "127.0.0.1", port: 65535 } },
  links: [["Ann", "Bob"]],
};

/** The errors in a file that is `two` with other parts. */
function errorsIn(parts: Record<string, unknown>): readonly string[] {
  return errorsInText(JSON.stringify({ ...two, ...parts }));
}

function errorsInText(text: string): readonly string[] {
  return assertThrows(() => parseHerdFile(text, "h.json"), HerdFileError).errors;
}

/** The errors in a file whose server Bob has other keys. */
function errorsInBob(keys: Record<string, unknown>): readonly string[] {
  return errorsIn({ servers: { ...two.servers, Bob: { ...two.servers.Bob, ...keys } } });
}

function test(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

test("parseHerdFile() gives servers and links in the order of the file", () => {
  const text = JSON.stringify({
    servers: {
      Zoe: { host: "zoe.example", port: 7, bind: "::" },
      Ann: { host: "::1", port: 7 },
      Bob: { host: "ann", port: 7 },
    },
    links: [["Bob", "Ann"], ["Ann", "Zoe"]],
    places: {
      provider: "google-legacy",
      endpoint: "http://127.0.0.1:1/x",
      file: "a.json",
      perMinute: 1,
      perDay: 1_000_000,
    },
  });
  const herd = parseHerdFile("\uFEFF" + text, "h.json");
  assertEquals([...herd.servers], [
    ["Zoe", { name: "Zoe", host: "zoe.example", port: 7, bind: "::" }],
    ["Ann", { name: "Ann", host: "::1", port: 7 }],
    ["Bob", { name: "Bob", host: "ann", port: 7 }],
  ]);
  assertEquals(herd.links, [["Bob", "Ann"], ["Ann", "Zoe"]]);
  assertEquals(herd.topology.neighboursOf("Ann"), ["Zoe", "Bob"]);
  assertEquals(herd.places, {
    provider: "google-legacy",
    endpoint: "http://127.0.0.1:1/x",
    file: "a.json",
    perMinute: 1,
    perDay: 1_000_000,
  });
});

test("parseHerdFile() takes one server without links or places", () => {
  const herd = parseHerdFile('{"servers": {"é": {"host": "h", "port": 1}}, "links": []}', "h.json");
  assertEquals([...herd.servers.keys()], ["é"]);
  assertEquals([herd.places, herd.topology.diameter()], [{}, 0]);
});

test("parseHerdFile() tells line and column where the text is not JSON", () => {
  assertEquals(errorsInText('{\n  "servers": {},\n}'), [
    'h.json: line 3, column 1: "}" should be a name in double quotes',
  ]);
  assertEquals(errorsInText(""), [
    "h.json: line 1, column 1: the end of the file should be a value",
  ]);
});

test("parseHerdFile() rejects a file that is no object, and missing parts", () => {
  assertEquals(errorsInText("[]"), ['h.json: [] should be an object with "servers", "links"']);
  assertEquals(errorsInText("{}"), [
    "h.json: servers: is missing, should be an object of servers by name",
    "h.json: links: is missing, should be a list, each item a pair of server names",
  ]);
  assertEquals(errorsIn({ servers: {}, links: [] }), [
    "h.json: servers: {} should name a server",
  ]);
});

test("parseHerdFile() rejects unknown keys, and suggests the nearest", () => {
  assertEquals(errorsIn({ server: 1, place: {}, colour: true }), [
    'h.json: server: 1 is an unknown key; did you mean "servers"?',
    'h.json: place: {} is an unknown key; did you mean "places"?',
    'h.json: colour: true is an unknown key; there are "servers", "links", "ca", "places", ' +
    '"durable", "forgetAfter", "maxClockAheadS", "acceptLinks1", "clients", "revoked", "limits"',
  ]);
  assertEquals(errorsInBob({ prot: 80 }), [
    'h.json: servers.Bob.prot: 80 is an unknown key; did you mean "port"?',
  ]);
  assertEquals(errorsIn({ places: { endpiont: "http://x" } }), [
    'h.json: places.endpiont: "http://x" is an unknown key; did you mean "endpoint"?',
  ]);
});

test("parseHerdFile() reads what is to be remembered, and for how long", () => {
  const memory = { durable: "sync", forgetAfter: "P30D", maxClockAheadS: 300 };
  const herd = parseHerdFile(
    JSON.stringify({ servers: { Bob: { host: "::1", port: 1 } }, links: [], ...memory }),
    "h.json",
  );
  assertEquals([herd.durable, herd.forgetAfterS, herd.maxClockAheadS], ["sync", 2_592_000, 300]);
  assertEquals(errorsIn({ durable: "yes", forgetAfter: "P1M", maxClockAheadS: -1 }), [
    'h.json: durable: "yes" should be true, false or "sync"',
    'h.json: forgetAfter: "P1M" should be a duration in weeks, days, hours, minutes or seconds, ' +
    'such as "P30D" or "PT12H"',
    "h.json: maxClockAheadS: -1 should be a number of seconds, 0 or more, or null",
  ]);
});

test("parseHerdFile() has links of version 1 accepted only where it says so", () => {
  const servers = { Bob: { host: "::1", port: 1 } };
  const accepts = (parts: Record<string, unknown>) =>
    parseHerdFile(JSON.stringify({ servers, links: [], ...parts }), "h.json").acceptLinks1;
  assertEquals([accepts({}), accepts({ acceptLinks1: true })], [false, true]);
  assertEquals(errorsIn({ acceptLinks1: "yes" }), [
    'h.json: acceptLinks1: "yes" should be true or false',
  ]);
});

test("parseHerdFile() rejects a port outside 1 to 65535", () => {
  for (const port of [0, 65536, -1, 1.5, "80", null]) {
    assertEquals(errorsInBob({ port }), [
      `h.json: servers.Bob.port: ${JSON.stringify(port)} ` +
      "should be a whole number from 1 to 65535",
    ]);
  }
});

test("parseHerdFile() rejects a host or bind that is no host name or address", () => {
  for (const host of ["", "a b", "127.0.0.1:80", "http://a", "[::1]", "a/b"]) {
    for (const key of ["host", "bind"]) {
      assertEquals(errorsInBob({ [key]: host }), [
        `h.json: servers.Bob.${key}: ${JSON.stringify(host)} ` +
        "should be a host name or an IP address, without a port",
      ]);
    }
  }
  assertEquals(errorsInBob({ host: 1 }), [
    "h.json: servers.Bob.host: 1 should be a host name or an IP address",
  ]);
});

test("parseHerdFile() rejects a name that could not stand on an AT line or name a log file", () => {
  const names = ["", "a b", "a\tb", "a\u0085b", "../a", "a\\b", "-a", "x".repeat(65)];
  for (const name of [...names, "é".repeat(33), "\ud800"]) {
    const errors = errorsIn({ servers: { [name]: { host: "h", port: 1 } }, links: [] });
    assertEquals(errors.length, 1, name);
    assertMatch(errors[0] ?? "", /^h\.json: servers.*\{"host":"h","port":1\} should have a.* name/);
  }
  const proto = '{"servers": {"__proto__": {"host": "h", "port": 1}}, "links": []}';
  assertEquals(errorsInText(proto), [
    'h.json: servers.__proto__: {"host":"h","port":1} should have another name',
  ]);
});

test("parseHerdFile() rejects two servers at one address", () => {
  assertEquals(errorsInBob({ port: 1 }), [
    'h.json: servers.Bob.port: 1 should be another port: "Ann" is at 127.0.0.1 port 1 already',
  ]);
});

const tls = { cert: "bob.pem", key: "bob.key", port: 443 };

test("parseHerdFile() gives a server's TLS and the links' authority, null where there is none", () => {
  const servers = { Ann: two.servers.Ann, Bob: { ...two.servers.Bob, tls } };
  const parse = (herd: unknown) => parseHerdFile(JSON.stringify(herd), "h.json");
  const herd = parse({ servers, links: [], ca: "ca.pem" });
  assertEquals([herd.ca, herd.servers.get("Bob")?.tls], ["ca.pem", tls]);
  assertEquals([parse(two).ca, parse(two).servers.get("Bob")?.tls], [null, undefined]);
});

test("parseHerdFile() rejects TLS without one of its keys", () => {
  assertEquals(errorsInBob({ tls: {} }), [
    "h.json: servers.Bob.tls.cert: is missing, should be a file name",
    "h.json: servers.Bob.tls.key: is missing, should be a file name",
    "h.json: servers.Bob.tls.port: is missing, should be a whole number from 1 to 65535",
  ]);
  assertEquals(errorsInBob({ tls: { ...tls, crt: "x" } }), [
    'h.json: servers.Bob.tls.crt: "x" is an unknown key; did you mean "cert"?',
  ]);
});

test("parseHerdFile() rejects a TLS port that is another port of the same host", () => {
  for (const port of [1, 65535]) {
    const owner = port === 1 ? "Ann" : "Bob";
    assertEquals(errorsInBob({ tls: { ...tls, port } }), [
      `h.json: servers.Bob.tls.port: ${port} should be another port: ` +
      `"${owner}" is at 127.0.0.1 port ${port} already`,
    ]);
  }
});

test("parseHerdFile() rejects an authority where a server with links has no TLS", () => {
  const alone = { host: "127.0.0.1", port: 3 };
  const servers = { ...two.servers, Bob: { ...two.servers.Bob, tls }, Cat: alone };
  assertEquals(errorsIn({ servers, ca: "ca.pem" }), [
    'h.json: servers.Ann.tls: is missing, should be an object with "cert", "key", "port", since ' +
    'with "ca" links dial TLS',
  ]);
});

test("parseHerdFile() rejects a name that stands twice, of which JSON.parse takes the last", () => {
  const text = '{"servers": {"A": {"host": "h", "port": 1}, "A": {"host": "h", "port": 2}},' +
    ' "links": []}';
  assertEquals(errorsInText(text), [
    'h.json: servers.A: {"host":"h","port":2} is given twice; should be given once',
  ]);
});

test("parseHerdFile() rejects a link to an unknown server, and suggests the nearest", () => {
  assertEquals(errorsIn({ links: [["Ann", "Bobb"], ["Zacharias", "Ann"]] }), [
    'h.json: links[0][1]: "Bobb" should be the name of a server: did you mean "Bob"?',
    'h.json: links[1][0]: "Zacharias" should be the name of a server: there are "Ann", "Bob"',
  ]);
});

test("parseHerdFile() rejects a link to itself, and a link twice in either direction", () => {
  assertEquals(errorsIn({ links: [["Ann", "Ann"], ["Ann", "Bob"], ["Bob", "Ann"]] }), [
    'h.json: links[0]: ["Ann","Ann"] should join two different servers',
    'h.json: links[2]: ["Bob","Ann"] should be listed only once: links[1] is the same link',
  ]);
});

test("parseHerdFile() rejects a link that is no pair of names", () => {
  assertEquals(errorsIn({ links: [["Ann"], ["Ann", "Bob", "Ann"], "Ann", ["Ann", 1]] }), [
    'h.json: links[0]: ["Ann"] should be a pair of server names',
    'h.json: links[1]: ["Ann","Bob","Ann"] should be a pair of server names',
    'h.json: links[2]: "Ann" should be a pair of server names',
    "h.json: links[3][1]: 1 should be a server name",
  ]);
});

test("parseHerdFile() rejects a provider that is not one of three, and an endpoint that is no URL", () => {
  assertEquals(errorsIn({ places: { provider: "bing", endpoint: "file:///x", file: "" } }), [
    'h.json: places.provider: "bing" should be "google", "google-legacy" or "gazetteer"',
    'h.json: places.endpoint: "file:///x" should be an http or https URL',
    'h.json: places.file: "" should be a file name',
  ]);
  assertEquals(errorsIn({ places: { endpoint: "http://" } }), [
    'h.json: places.endpoint: "http://" should be an http or https URL',
  ]);
});

test("parseHerdFile() rejects a budget that is no number of calls", () => {
  const right = "should be a whole number of calls from 1 to 1000000";
  assertEquals(errorsIn({ places: { perMinute: 0, perDay: 1_000_001 } }), [
    `h.json: places.perMinute: 0 ${right}`,
    `h.json: places.perDay: 1000001 ${right}`,
  ]);
  assertEquals(errorsIn({ places: { perMinute: 1.5, perDay: "600" } }), [
    `h.json: places.perMinute: 1.5 ${right}`,
    `h.json: places.perDay: "600" ${right}`,
  ]);
  assertEquals(errorsIn({ places: { perHour: 1 } })[0]!.includes('"perMinute", "perDay"'), true);
});

test("parseHerdFile() tells all errors at once", () => {
  const errors = errorsIn({
    servers: { Ann: { host: "h", port: 0 }, "B b": { host: "h", port: 1 } },
    links: [["Ann", "Ann"], ["Ann", "Bob"]],
    extra: 1,
  });
  assertEquals(errors.map((error) => error.split(": ")[1]), [
    "servers.Ann.port",
    "extra",
    'servers["B b"]',
    "links[0]",
    "links[1][1]",
  ]);
});

test("parseHerdFile() keeps an error to one line, however long the value", () => {
  const errors = errorsIn({ links: "x\n".repeat(1000) });
  assertEquals(errors.length, 1);
  assertEquals(errors[0]?.includes("\n"), false);
  assertEquals((errors[0]?.length ?? 0) < 200, true);
});

const root = new URL("../../", import.meta.url);

Deno.test({
  name: "parseHerdFile() takes the herds of this repository",
  ...(await needs("read")),
  async fn() {
    const read = async (path: string) =>
      parseHerdFile(await Deno.readTextFile(new URL(path, root)), path);
    const neighbours = async (path: string) => {
      const { topology } = await read(path);
      return Object.fromEntries(topology.names.map((name) => [name, topology.neighboursOf(name)]));
    };
    assertEquals(await neighbours("herd.json"), {
      Bailey: ["Bona", "Campbell"],
      Bona: ["Bailey", "Campbell", "Clark"],
      Campbell: ["Bailey", "Bona", "Jaquez"],
      Clark: ["Bona", "Jaquez"],
      Jaquez: ["Campbell", "Clark"],
    });
    assertEquals(await neighbours("tests/topologies/hill.json"), {
      Hill: ["Jaquez", "Smith"],
      Jaquez: ["Hill", "Singleton"],
      Smith: ["Hill", "Campbell", "Singleton"],
      Campbell: ["Smith", "Singleton"],
      Singleton: ["Jaquez", "Smith", "Campbell"],
    });
    assertEquals(await neighbours("tests/topologies/alford.json"), {
      Alford: ["Hamilton", "Welsh"],
      Ball: ["Holiday", "Welsh"],
      Hamilton: ["Alford", "Holiday"],
      Holiday: ["Ball", "Hamilton"],
      Welsh: ["Alford", "Ball"],
    });
    for (
      const path of ["herd.json", "tests/topologies/hill.json", "tests/topologies/alford.json"]
    ) {
      assertEquals((await read(path)).topology.diameter(), 2, path);
    }
  },
});

test("parseHerdFile() takes limits, and says what each may be", () => {
  const limits = { connections: 1_000, silentS: 5, idleS: 86_400, maxClients: 1 };
  assertEquals(parseHerdFile(JSON.stringify({ ...two, limits }), "h.json").limits, limits);
  assertEquals(parseHerdFile(JSON.stringify(two), "h.json").limits, {});
  assertEquals(
    errorsIn({
      limits: { connections: 16_385, silentS: 0, idleS: 1.5, maxClients: "1", maxClient: 2 },
    }),
    [
      "h.json: limits.connections: 16385 should be a whole number of connections from 16 to 16384",
      "h.json: limits.silentS: 0 should be a whole number of seconds from 1 to 31622400",
      "h.json: limits.idleS: 1.5 should be a whole number of seconds from 1 to 31622400",
      'h.json: limits.maxClients: "1" should be a whole number of clients from 1 to 1000000000',
      'h.json: limits.maxClient: 2 is an unknown key; did you mean "maxClients"?',
    ],
  );
  assertEquals(errorsIn({ limits: 5 }), ["h.json: limits: 5 should be an object"]);
});
