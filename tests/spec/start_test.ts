// The assignment on how a server is started, and what a wrong start says.

import { assert, assertEquals, assertMatch } from "@std/assert";
import { chapter } from "../process/chapter.ts";
import { ask, Client } from "../process/client.ts";
import { Program, run } from "../process/program.ts";
import { freePorts, RunningHerd } from "../process/running_herd.ts";
import { until } from "../process/waiting.ts";

const says = chapter("A server is started", async () => {
  const directory = await Deno.makeTempDir({ prefix: "herd-test-" });
  return {
    directory,
    /** Writes a herd.json, and returns its path. */
    write(herd: unknown) {
      const text = typeof herd === "string" ? herd : JSON.stringify(herd);
      Deno.writeTextFileSync(`${directory}/herd.json`, text);
      return `${directory}/herd.json`;
    },
    [Symbol.asyncDispose]: () => Deno.remove(directory, { recursive: true }),
  };
});

const host = "127.0.0.1";

/** Waits until somebody listens; a program that ends before is an error. */
async function listens(program: Program, port: number): Promise<void> {
  await until(async () => {
    if (program.ending !== null) throw new Error(`it ended:\n${program.printed}`);
    try {
      using _client = await Client.connect(port);
      return true;
    } catch {
      return false;
    }
  }, `a server on port ${port}`);
}

says(
  '"takes one command line argument containing the name of the server … and must start the server ' +
    'on one of your assigned ports"',
  async ({ directory, write }) => {
    const [port = 0, other = 0] = freePorts(2);
    const servers = { Clark: { host, port }, Bona: { host, port: other } };
    write({ servers, links: [["Clark", "Bona"]] });
    const begun = performance.now();
    await using program = new Program(["Clark"], { cwd: directory });
    await listens(program, port);
    console.log(`a server listens after ${Math.round(performance.now() - begun)} ms`);
    assertMatch(await ask(port, "IAMAT kiwi +1-1 5\n"), /^AT Clark /);
    const log = `${directory}/logs/Clark.log`;
    await until(() => Deno.readTextFileSync(log).includes("Clark listens"), `${log} is written`);
    assertEquals(program.errors, "");
  },
);

says(
  "A second server on a taken port is one clear line, and exit status 1",
  async ({ directory, write }) => {
    const [port = 0] = freePorts(1);
    write({ servers: { Clark: { host, port } }, links: [] });
    await using first = new Program(["Clark"], { cwd: directory });
    await listens(first, port);
    const second = await run(["Clark"], { cwd: directory });
    assertEquals(second.code, 1);
    assertMatch(
      second.errors,
      new RegExp(`^Clark cannot listen on 127\\.0\\.0\\.1:${port}: [^\n]+\n$`),
    );
    assertEquals(second.output, "");
    assertMatch(await ask(port, "still there\n"), /^\? still there\n$/);
  },
);

says(
  "An unknown name, or none, lists the names, and exit status is 2",
  async ({ directory, write }) => {
    const [port = 0, other = 0] = freePorts(2);
    write({ servers: { Clark: { host, port }, Bona: { host, port: other } }, links: [] });
    for (const args of [["Clarke"], ["serve", "Jaquez"], ["serve"], []]) {
      const { code, errors } = await run(args, { cwd: directory });
      assertEquals(code, 2);
      assertMatch(errors, /^[^\n]*Clark, Bona[^\n]*\n$/);
    }
  },
);

/** Wrong configurations, and what the one line about each must name. */
const wrong: [what: string, herd: unknown, named: RegExp][] = [
  ["no JSON", "{", /line 1, column \d/],
  ["no servers", { links: [] }, /servers/],
  [
    "an unknown key",
    { servers: { A: { host, port: 1 } }, links: [], link: 1 },
    /link: 1 .*unknown key/,
  ],
  [
    "a port out of range",
    { servers: { A: { host, port: 65536 } }, links: [] },
    /A\.port: 65536 .*65535/,
  ],
  ["port 0", { servers: { A: { host, port: 0 } }, links: [] }, /A\.port: 0 .*1 to 65535/],
  [
    "an unknown name in links",
    { servers: { A: { host, port: 1 } }, links: [["A", "B"]] },
    /links\[0\]\[1\]: "B"/,
  ],
  ["a link to itself", { servers: { A: { host, port: 1 } }, links: [["A", "A"]] }, /links\[0\]/],
  [
    "the same link twice",
    { servers: { A: { host, port: 1 }, B: { host, port: 2 } }, links: [["A", "B"], ["B", "A"]] },
    /links\[1\]/,
  ],
  [
    "the same address twice",
    { servers: { A: { host, port: 1 }, B: { host, port: 1 } }, links: [] },
    /B\.port: 1 /,
  ],
  [
    "an unknown provider",
    { servers: { A: { host, port: 1 } }, links: [], places: { provider: "bing" } },
    /places\.provider: "bing" .*"gazetteer"/,
  ],
];

says("A wrong herd.json is one clear line, and exit status 2", async ({ directory, write }) => {
  await Promise.all(wrong.map(async ([what, herd, named], index) => {
    const config = write(herd).replace("herd.json", `wrong${index}.json`);
    await Deno.writeTextFile(config, typeof herd === "string" ? herd : JSON.stringify(herd));
    const { code, errors } = await run(["A", "--config", config], { cwd: directory });
    assertEquals(code, 2, `${what}: ${errors}`);
    assertMatch(errors, named, what);
    assert(errors.startsWith(config) && errors.indexOf("\n") === errors.length - 1, errors);
  }));
  const missing = await run(["A", "--config", `${directory}/none.json`]);
  assertEquals(missing.code, 2);
  assertMatch(missing.errors, /^[^\n]*none\.json: there is no such file\n$/);
});

says("Several errors in herd.json are one line each", async ({ directory, write }) => {
  write({ servers: { A: { host, port: 0 }, B: { port: 2 } }, links: [["A", "C"]] });
  const { code, errors } = await run(["A"], { cwd: directory });
  assertEquals([code, errors.trimEnd().split("\n").length], [2, 3], errors);
});

says(
  "Other machines need the secret, or the word that none is wanted",
  async ({ directory, write }) => {
    const [port = 0] = freePorts(1);
    const [other = 0] = freePorts(1);
    const servers = {
      Clark: { host: "herd.example", bind: host, port },
      Bona: { host, port: other },
    };
    write({ servers, links: [["Clark", "Bona"]] });
    const open = await run(["Clark"], { cwd: directory });
    assertEquals(open.code, 2);
    assertMatch(open.errors, /^[^\n]*herd\.json: [^\n]*herd\.example[^\n]*HERD_SECRET[^\n]*\n$/);
    const ways = [{ env: { HERD_SECRET: "a secret of the herd" } }, { args: ["--insecure-links"] }];
    for (const { env = {}, args = [] } of ways) {
      await using program = new Program(["Clark", ...args], { cwd: directory, env });
      await listens(program, port);
    }
  },
);

says(
  "One server on another machine, without links, needs no secret",
  async ({ directory, write }) => {
    const [port = 0] = freePorts(1);
    write({ servers: { Clark: { host: "herd.example", bind: host, port } }, links: [] });
    await using program = new Program(["Clark"], { cwd: directory });
    await listens(program, port);
    assertEquals(program.errors, "");
  },
);

says(
  "The start says where the server listens, from which file, and what it does",
  async ({ directory, write }) => {
    const [port = 0, other = 0] = freePorts(2);
    const servers = { Clark: { host, port }, Bona: { host, port: other } };
    write({ servers, links: [["Clark", "Bona"]], durable: true });
    await Deno.mkdir(`${directory}/elsewhere`);
    const config = `${directory}/herd.json`;
    await using program = new Program(["Clark", "--config", config, "--bind", "127.0.0.2"], {
      cwd: `${directory}/elsewhere`,
    });
    await until(() => program.output.split("\n").length > 2, "two lines");
    assertEquals(program.output.split("\n"), [
      `Clark listens on 127.0.0.2:${port} (${config}, places from gazetteer)`,
      `Clark logs to logs/Clark.log, keeps records in ${directory}/data/Clark.db, and waits for ` +
      "its neighbour Bona",
      "",
    ]);
    assert((await Deno.stat(`${directory}/data/Clark.db`)).isFile);
    assert((await Deno.stat(`${directory}/elsewhere/logs/Clark.log`)).isFile);
  },
);

says("A misspelled command is told what was meant", async ({ directory, write }) => {
  write({ servers: { Clark: { host, port: 1 } }, links: [] });
  for (
    const [words, hint] of [
      [["start", "Clark"], 'did you mean "serve"\\?'],
      [["chek"], 'did you mean the command "check"\\?'],
      [["help", "srve"], 'did you mean "serve"\\?'],
      [[], "--help lists the commands"],
    ] as const
  ) {
    const { code, errors } = await run(words, { cwd: directory });
    assertEquals(code, 2);
    assertMatch(errors, new RegExp(`^[^\n]*${hint}[^\n]*\n$`));
  }
  for (const words of [["help"], ["--help"]]) {
    assertMatch((await run(words)).output, /^ {2}herd-server serve NAME +start the server NAME$/m);
  }
  for (const words of [["help", "import"], ["import", "--help"]]) {
    assertMatch((await run(words)).output, /^ {2}herd-server import NAME \[FILE\] /m);
  }
  assertMatch((await run(["version"])).output, /^herd \d+\.\d+\.\d+/);
});

says(
  "Google without a key, or with what is none, is one clear line",
  async ({ directory, write }) => {
    const servers = { Clark: { host, port: freePorts(1)[0] } };
    for (const key of ["", " ", "two words of a key", "k\u00e9y"]) {
      write({ servers, links: [], places: { provider: "google" } });
      const env = { GOOGLE_PLACES_API_KEY: key };
      const { code, errors } = await run(["Clark"], { cwd: directory, env });
      assertEquals(code, 2, errors);
      assertMatch(errors, /^[^\n]*GOOGLE_PLACES_API_KEY[^\n]*\n$/);
      assert(key.trim() === "" || !errors.includes(key));
    }
  },
);

says("A file of places that cannot be used is one clear line", async ({ directory, write }) => {
  const servers = { Clark: { host, port: freePorts(1)[0] } };
  write({ servers, links: [], places: { provider: "gazetteer", file: "none.geojson" } });
  const { code, errors } = await run(["Clark"], { cwd: directory });
  assertEquals(code, 2, errors);
  assertMatch(errors, /^[^\n]*none\.geojson[^\n]*\n$/);
});

says(
  "A log that cannot be written is one clear line, and exit status 1",
  async ({ directory, write }) => {
    write({ servers: { Clark: { host, port: freePorts(1)[0] } }, links: [] });
    const logDir = `${directory}/herd.json/logs`;
    const { code, errors } = await run(["Clark", "--log-dir", logDir], { cwd: directory });
    assertEquals(code, 1, errors);
    assertMatch(errors, /^[^\n]*Clark\.log[^\n]*--log-dir[^\n]*\n$/);
  },
);

says("--help and --version say what they should, and a misspelled flag what is near", async () => {
  assertMatch((await run(["--help"])).output, /serve.*NAME/);
  assertMatch((await run(["--version"])).output, /^herd \d+\.\d+\.\d+/);
  const { code, errors } = await run(["Clark", "--confg", "x"]);
  assertEquals(code, 2);
  assertMatch(errors, /--config/);
});

says("Every server of a herd starts by its own name", async () => {
  await using herd = await RunningHerd.start();
  for (const name of herd.names) {
    assertMatch(await herd.ask(name, "IAMAT kiwi +1-1 5\n"), new RegExp(`^AT ${name} `));
  }
});
