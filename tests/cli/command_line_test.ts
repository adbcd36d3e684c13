import { assert, assertEquals, assertThrows } from "@std/assert";
import { parseCommandLine } from "../../lib/cli/command_line.ts";
import { type CommandName, commandNamed, commands } from "../../lib/cli/commands.ts";
import { usage, UsageError, usageOf } from "../../lib/cli/usage.ts";

function test(name: string, fn: () => void): void {
  Deno.test({ name, permissions: "none", fn });
}

function complaint(...args: string[]): string {
  const { message } = assertThrows(() => parseCommandLine(args), UsageError);
  assertEquals(message.split("\n").length, 1, message);
  return message;
}

const herdDefaults = {
  ...{ config: undefined, logDir: "logs", dataDir: undefined, insecureLinks: false },
};
const defaults = { ...herdDefaults, bare: false, bind: undefined, supervised: false };

test("parseCommandLine() takes a first argument that is no command for a server's name", () => {
  assertEquals(parseCommandLine(["Clark"]), {
    ...{ command: "serve", name: "Clark", ...defaults, bare: true },
  });
  assertEquals(parseCommandLine(["12"]), {
    ...{ command: "serve", name: "12", ...defaults, bare: true },
  });
});

test("parseCommandLine() starts a server with the name of a command after serve", () => {
  for (const name of ["herd", "client", "check", "serve", "help", "version", "export"]) {
    assertEquals(parseCommandLine(["serve", name]), { command: "serve", name, ...defaults });
  }
});

test("parseCommandLine() leaves the name of serve open when there is none", () => {
  for (const [args, bare] of [[[], true], [["serve"], false]] as const) {
    const serve = { command: "serve", name: undefined, ...defaults, bare } as const;
    assertEquals(parseCommandLine(args), serve);
  }
});

test("parseCommandLine() takes flags before and after the arguments", () => {
  const options = { config: "h.json", logDir: "/tmp/l", dataDir: "/tmp/d", insecureLinks: true };
  const flags = ["--config", "h.json", "--insecure-links", "--log-dir=/tmp/l", "--data-dir=/tmp/d"];
  const serve = { ...defaults, command: "serve", name: "Clark", ...options } as const;
  assertEquals(parseCommandLine([...flags, "Clark"]), { ...serve, bare: true });
  assertEquals(parseCommandLine(["serve", "Clark", ...flags]), serve);
  assertEquals(parseCommandLine(["herd", ...flags]), { command: "herd", ...options });
});

test("parseCommandLine() gives the client its words as they are", () => {
  const words = ["Clark", "IAMAT kiwi +34-118 1.50", "10", " WHATSAT  kiwi 10 5"];
  const client = { command: "client", words, config: undefined } as const;
  assertEquals(parseCommandLine(["client", ...words]), client);
  assertEquals(parseCommandLine(["client", "Clark", "--", "--help"]), {
    command: "client",
    words: ["Clark", "--help"],
    config: undefined,
  });
  assertEquals(parseCommandLine(["client"]), { command: "client", words: [], config: undefined });
});

test("parseCommandLine() takes check's configuration as an argument or a flag, not both", () => {
  assertEquals(parseCommandLine(["check", "a.json"]), { command: "check", config: "a.json" });
  const flag = ["check", "--config", "a.json"];
  assertEquals(parseCommandLine(flag), { command: "check", config: "a.json" });
  assertEquals(
    complaint(...flag, "b.json"),
    "check takes one configuration: FILE or --config FILE, not both",
  );
});

test("parseCommandLine() gives ping a server, and init what it makes a file for", () => {
  assertEquals(parseCommandLine(["ping", "Clark", "--config", "h.json"]), {
    command: "ping",
    name: "Clark",
    config: "h.json",
  });
  for (const kind of ["systemd", "docker", "compose", "secret"] as const) {
    assertEquals(parseCommandLine(["init", kind]), { command: "init", kind, config: undefined });
  }
  const all = "init takes one of herd, schema, systemd, docker, compose, secret, completions, man";
  assertEquals(complaint("init"), all);
  assertEquals(complaint("init", "k8s"), `${all}; not "k8s"`);
  assertEquals(complaint("init", "shema"), `${all}; not "shema"; did you mean "schema"?`);
  assertEquals(complaint("init", "man", "x"), 'init man takes no argument; "x" is one too many');
  assertEquals(parseCommandLine(["init", "completions", "fish"]), {
    ...{ command: "init", kind: "completions", shell: "fish", config: undefined },
  });
  assertEquals(
    complaint("init", "completions", "tcsh"),
    'init completions takes one of bash, zsh, fish; not "tcsh"',
  );
});

test("parseCommandLine() puts help and version before everything else", () => {
  for (const flag of ["--help", "-h"]) {
    assertEquals(parseCommandLine([flag]), { command: "help", topic: undefined });
    assertEquals(parseCommandLine(["herd", "too", "many", flag]), {
      ...{ command: "help", topic: "herd" },
    });
    assertEquals(parseCommandLine(["Clark", flag]), { command: "help", topic: undefined });
  }
  for (const flag of ["--version", "-V"]) {
    assertEquals(parseCommandLine([flag]), { command: "version" });
  }
});

test("parseCommandLine() refuses an unknown flag, and suggests the nearest", () => {
  assertEquals(
    complaint("Clark", "--confg", "x"),
    'unknown flag "--confg"; did you mean --config?',
  );
  assertEquals(
    complaint("Clark", "--logdir=x"),
    'unknown flag "--logdir=x"; did you mean --log-dir?',
  );
  assertEquals(complaint("Clark", "--color"), 'unknown flag "--color"; --help lists the flags');
  assertEquals(complaint("-x"), 'unknown flag "-x"; --help lists the flags');
  assertEquals(complaint("--__proto__=x"), 'unknown flag "--__proto__=x"; --help lists the flags');
});

test("parseCommandLine() refuses a flag without its value", () => {
  for (const args of [["Clark", "--config"], ["Clark", "--config="], ["--config", "--", "Clark"]]) {
    assertEquals(complaint(...args), "--config needs a value, as in --config FILE");
  }
  assertEquals(complaint("herd", "--log-dir"), "--log-dir needs a value, as in --log-dir DIR");
});

test("parseCommandLine() refuses a flag that only another command takes", () => {
  assertEquals(complaint("client", "--log-dir", "x"), "client takes no --log-dir");
  assertEquals(complaint("check", "--insecure-links"), "check takes no --insecure-links");
});

test("parseCommandLine() refuses arguments that are too many", () => {
  assertEquals(complaint("serve", "A", "B"), 'serve takes one argument; "B" is one too many');
  assertEquals(complaint("herd", "A"), 'herd takes no argument; "A" is one too many');
  assertEquals(complaint("check", "A", "B"), 'check takes one argument; "B" is one too many');
});

test("parseCommandLine() suggests a command when the first word is nearly one", () => {
  assertEquals(complaint("sevre", "Clark"), 'unknown command "sevre"; did you mean "serve"?');
  assertEquals(complaint("start", "Clark"), 'unknown command "start"; did you mean "serve"?');
  assertEquals(complaint("backup", "Clark"), 'unknown command "backup"; did you mean "export"?');
  assertEquals(complaint("help", "chek"), 'unknown command "chek"; did you mean "check"?');
  assertEquals(complaint("help", "zzz"), 'unknown command "zzz"; --help lists the commands');
  assertEquals(complaint("Clark", "Bona"), 'serve takes one argument; "Bona" is one too many');
});

test("parseCommandLine() understands help and version as words", () => {
  assertEquals(parseCommandLine(["help"]), { command: "help", topic: undefined });
  assertEquals(parseCommandLine(["help", "serve"]), { command: "help", topic: "serve" });
  assertEquals(parseCommandLine(["version"]), { command: "version" });
});

test("parseCommandLine() gives export a server and a format, import a server and a file", () => {
  const none = { config: undefined, dataDir: undefined };
  assertEquals(parseCommandLine(["export", "Clark", "--format", "geojson"]), {
    ...{ command: "export", name: "Clark", ...none, format: "geojson" },
  });
  assertEquals(
    complaint("export", "Clark", "--format", "csv"),
    '--format takes one of at, ndjson, geojson; not "csv"',
  );
  for (const [words, file] of [[["a.at"], "a.at"], [["-"], undefined], [[], undefined]] as const) {
    assertEquals(parseCommandLine(["import", "Clark", ...words]), {
      ...{ command: "import", name: "Clark", file, config: undefined },
    });
  }
});

test("usageOf() fits a terminal, and names the flags that a command takes and no others", () => {
  for (const name of Object.keys(commands) as CommandName[]) {
    const text = usageOf(name);
    assert(text.split("\n").every((line) => line.length <= 100), text);
    const named = [...text.matchAll(/^ {2}--([\w-]+)/gm)].map(([, flag]) => flag);
    assertEquals(named, [...commandNamed(name).flags]);
  }
});

test("usage names every command, flag and variable", () => {
  const words = [
    "serve",
    "herd",
    "client",
    "ping",
    "check",
    ...Object.keys(commands),
    "--config",
    "--log-dir",
    "--insecure-links",
  ];
  for (const word of [...words, "--help", "--version", "HERD_SECRET", "GOOGLE_PLACES_API_KEY"]) {
    assert(usage.includes(word), word);
  }
  assert(usage.split("\n").every((line) => line.length <= 100));
});
