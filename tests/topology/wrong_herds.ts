/**
 * Wrong herd.json files, each with one mistake that somebody makes, and the line about it.
 *
 * @module
 */

/** A file with one mistake. */
export interface WrongHerd {
  /** The mistake. */
  readonly what: string;
  /** The file. */
  readonly text: string;
  /** What is said of it, after the file's name. */
  readonly line: string;
  /** Whether a JSON Schema can say so: it cannot compare one part of a file with another. */
  readonly isOfShape: boolean;
}

const ann = { host: "127.0.0.1", port: 12101 };
const bob = { host: "127.0.0.1", port: 12102 };

/** A herd.json in which everything is right. */
export const rightHerd = { servers: { Ann: ann, Bob: bob }, links: [["Ann", "Bob"]] };

function text(parts: Record<string, unknown>): string {
  return JSON.stringify({ ...rightHerd, ...parts });
}

/** The file when Bob has other keys. */
function withBob(keys: Record<string, unknown>): string {
  return text({ servers: { Ann: ann, Bob: { ...bob, ...keys } } });
}

function withName(name: string): string {
  return text({ servers: { [name]: ann }, links: [] });
}

const right = JSON.stringify(rightHerd, null, 2);
const url = "should be an http or https URL";
const port = "should be a whole number from 1 to 65535";
const noBreaks = "should have a name without white space, control characters, slashes, and no " +
  "hyphen at its beginning";
const duration = "should be a duration in weeks, days, hours, minutes or seconds, such as " +
  '"P30D" or "PT12H"';

/** Files that are no JSON. */
const texts: readonly [what: string, text: string, line: string][] = [
  ["an empty file", "", "line 1, column 1: the end of the file should be a value"],
  [
    "a trailing comma in an object",
    right.replace(/\]\n\}$/, "],\n}"),
    'line 17, column 4: the comma before "}" should be taken out: ' +
    "JSON has none after the last item",
  ],
  [
    "a trailing comma in a list",
    right.replace('"Bob"\n', '"Bob",\n'),
    'line 15, column 12: the comma before "]" should be taken out: ' +
    "JSON has none after the last item",
  ],
  [
    "a comment",
    right.replace("{\n", "{\n  // two servers\n"),
    'line 2, column 3: "//" should not begin a comment: JSON has none, but a key "//" can hold one',
  ],
  [
    "a comment of several lines",
    right.replace("{\n", "{ /* two\n servers */\n"),
    'line 1, column 3: "/*" should not begin a comment: JSON has none, but a key "//" can hold one',
  ],
  [
    "a comment as in YAML",
    `# two servers\n${right}`,
    'line 1, column 1: "#" should not begin a comment: JSON has none, but a key "//" can hold one',
  ],
  [
    "a missing comma",
    right.replace('},\n    "Bob', '}\n    "Bob'),
    'line 7, column 5: "Bob" should be "," or "}"',
  ],
  [
    "a name without quotes",
    right.replace('"servers"', "servers"),
    'line 2, column 3: "servers" should be a name in double quotes',
  ],
  [
    "single quotes",
    right.replace('"127.0.0.1"', "'127.0.0.1'"),
    "line 4, column 15: \"'127.0.0.1'\" should be in double quotes",
  ],
  [
    "the last bracket forgotten",
    right.slice(0, -2),
    'line 17, column 4: the end of the file should be "," or "}"',
  ],
  [
    "a backslash in a path",
    right.replace("127.0.0.1", "C:\\herd"),
    'line 4, column 15: "C should be a string that ends in its line, with "\\\\" for a backslash',
  ],
  [
    "a number with a zero before it",
    right.replace("12101", "012101"),
    'line 5, column 16: "12101" should be "," or "}"',
  ],
];

/** Files with a part of the wrong shape. */
const shapes: readonly [what: string, text: string, line: string][] = [
  ["a list", "[]", '[] should be an object with "servers", "links"'],
  [
    "no servers",
    text({ servers: undefined, links: [] }),
    "servers: is missing; it should be an object of servers by name",
  ],
  [
    "no links",
    text({ links: undefined }),
    "links: is missing; it should be a list, each item a pair of server names",
  ],
  [
    "servers in a list",
    text({ servers: [ann, bob], links: [] }),
    'servers: [{"host":"127.0.0.1","port":12101},{"host":"127.0.0.1","por… should be an object of servers by name',
  ],
  [
    "a misspelled key",
    text({ durabel: true }),
    'durabel: true is an unknown key; did you mean "durable"?',
  ],
  [
    "a misspelled key of a server",
    withBob({ adress: "h" }),
    'servers.Bob.adress: "h" is an unknown key; there are "host", "port", "bind", "tls"',
  ],
  [
    "a server without a port",
    withBob({ port: undefined }),
    `servers.Bob.port: is missing; it ${port}`,
  ],
  ["a port in quotes", withBob({ port: "12102" }), `servers.Bob.port: "12102" ${port}`],
  ["port 0", withBob({ port: 0 }), `servers.Bob.port: 0 ${port}`],
  ["a port beyond the last", withBob({ port: 65536 }), `servers.Bob.port: 65536 ${port}`],
  [
    "a port in the host",
    withBob({ host: "127.0.0.1:12102" }),
    'servers.Bob.host: "127.0.0.1:12102" should be a host name or an IP address, without a port',
  ],
  [
    "a URL for a host",
    withBob({ host: "http://bob.example" }),
    'servers.Bob.host: "http://bob.example" should be a host name or an IP address, without a port',
  ],
  [
    "TLS without a key",
    withBob({ tls: { cert: "bob.pem", port: 443 } }),
    "servers.Bob.tls.key: is missing; it should be a file name",
  ],
  [
    "links as an object",
    text({ links: { Ann: "Bob" } }),
    'links: {"Ann":"Bob"} should be a list, each item a pair of server names',
  ],
  [
    "a link of three",
    text({ links: [["Ann", "Bob", "Ann"]] }),
    'links[0]: ["Ann","Bob","Ann"] should be a pair of server names',
  ],
  [
    "an unknown provider",
    text({ places: { provider: "bing" } }),
    'places.provider: "bing" should be "google", "google-legacy" or "gazetteer"',
  ],
  [
    "an endpoint without its scheme",
    text({ places: { endpoint: "maps.example/v1" } }),
    `places.endpoint: "maps.example/v1" ${url}`,
  ],
  [
    "a budget of nothing",
    text({ places: { perMinute: 0 } }),
    "places.perMinute: 0 should be a whole number of calls from 1 to 1000000",
  ],
  ["durable in words", text({ durable: "yes" }), 'durable: "yes" should be true, false or "sync"'],
  ["a duration in words", text({ forgetAfter: "30 days" }), `forgetAfter: "30 days" ${duration}`],
  ["a duration in months", text({ forgetAfter: "P1M" }), `forgetAfter: "P1M" ${duration}`],
  [
    "a negative time",
    text({ maxClockAheadS: -1 }),
    "maxClockAheadS: -1 should be a number of seconds, 0 or more, or null",
  ],
];

/** Files whose parts do not fit together. */
const contents: readonly [what: string, text: string, line: string][] = [
  ["no server at all", text({ servers: {}, links: [] }), "servers: {} should name a server"],
  [
    "a name with a space",
    withName("Ann B"),
    `servers["Ann B"]: {"host":"127.0.0.1","port":12101} ${noBreaks}`,
  ],
  [
    "a link to nobody",
    text({ links: [["Ann", "Bobb"]] }),
    'links[0][1]: "Bobb" should be the name of a server: did you mean "Bob"?',
  ],
  [
    "a link to itself",
    text({ links: [["Ann", "Ann"]] }),
    'links[0]: ["Ann","Ann"] should join two different servers',
  ],
  [
    "a link twice",
    text({ links: [["Ann", "Bob"], ["Bob", "Ann"]] }),
    'links[1]: ["Bob","Ann"] should be listed only once: links[0] is the same link',
  ],
  [
    "an address twice",
    withBob({ port: 12101 }),
    'servers.Bob.port: 12101 should be another port: "Ann" is at 127.0.0.1 port 12101 already',
  ],
  [
    "a server twice",
    '{"servers": {"Ann": {"host": "::1", "port": 1}, "Ann": {"host": "::1", "port": 2}}, "links": []}',
    'servers.Ann: {"host":"::1","port":2} is given twice; should be given once',
  ],
];

/** Every wrong file. */
export const wrongHerds: readonly WrongHerd[] = [
  ...texts.map(([what, text, line]) => ({ what, text, line, isOfShape: false })),
  ...shapes.map(([what, text, line]) => ({ what, text, line, isOfShape: true })),
  ...contents.map(([what, text, line]) => ({ what, text, line, isOfShape: false })),
];
