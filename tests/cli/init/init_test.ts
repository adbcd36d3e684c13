import { assert, assertEquals, assertMatch, assertThrows } from "@std/assert";
import { parse } from "deno-std/yaml/parse.js";
import { parseCommandLine } from "../../../lib/cli/command_line.ts";
import { composeFile } from "../../../lib/cli/init/compose_file.ts";
import { dockerfile } from "../../../lib/cli/init/dockerfile.ts";
import { herdSecrets } from "../../../lib/cli/serve/herd_secrets.ts";
import { init } from "../../../lib/cli/init/init.ts";
import { systemdUnit } from "../../../lib/cli/init/systemd_unit.ts";
import { UsageError } from "../../../lib/cli/usage.ts";
import { HerdFileError, parseHerdFile } from "../../../lib/topology/herd_file.ts";
import { needs } from "../../needs.ts";

const herd = {
  servers: {
    Ann: { host: "127.0.0.1", port: 7001 },
    Bob: { host: "::1", port: 7002, bind: "::", tls: { cert: "b.crt", key: "b.key", port: 7003 } },
  },
  links: [["Ann", "Bob"]],
  places: { provider: "google", endpoint: "https://places.example/$HOME/$$" },
  durable: "sync",
};

/** What Compose makes of a text: a single dollar sign would stand for a variable. */
function interpolated(text: string): string {
  assertEquals(/(?<!\$)(\$\$)*\$(?!\$)/.test(text), false, "no variables");
  return text.replaceAll("$$", "$");
}

Deno.test({
  name: "composeFile() is strict YAML with a service for every server",
  permissions: "none",
  fn() {
    // deno-lint-ignore no-explicit-any
    const compose = parse(composeFile(JSON.stringify(herd), "h.json")) as any;
    assertEquals(Object.keys(compose.services), ["ann", "bob"]);
    const { ann } = compose.services;
    assertEquals(ann.environment.SERVER, "Ann");
    assertEquals(ann.ports, ["127.0.0.1:7001:7001"]);
    assertEquals(compose.services.bob.ports, ["127.0.0.1:7002:7002", "127.0.0.1:7003:7003"]);
    assertEquals(ann.restart, "unless-stopped");
    const [secret] = ann.secrets;
    assertEquals(secret.mode, 0o400);
    assertEquals(ann.environment.HERD_SECRET_FILE, `/run/secrets/${secret.source}`);
    assertEquals(compose.secrets[secret.source], { environment: "HERD_SECRET" });
    const volumes = ann.volumes.map((volume: string) => volume.split(":")[0]);
    assertEquals(Object.keys(compose.volumes), volumes);
  },
});

Deno.test({
  name: "composeFile() holds the same herd, in which servers are reached by their services' names",
  permissions: "none",
  fn() {
    // deno-lint-ignore no-explicit-any
    const compose = parse(composeFile(JSON.stringify(herd), "h.json")) as any;
    const content = interpolated(compose.configs.herd.content);
    parseHerdFile(content, "content");
    assertEquals(JSON.parse(content), {
      ...herd,
      servers: {
        Ann: { host: "ann", port: 7001, bind: "0.0.0.0" },
        Bob: { ...herd.servers.Bob, host: "bob", bind: "0.0.0.0" },
      },
    });
  },
});

Deno.test({
  name: "composeFile() refuses a wrong herd, and names that cannot be services'",
  permissions: "none",
  fn() {
    const named = (...names: string[]) =>
      JSON.stringify({
        servers: Object.fromEntries(
          names.map((name, index) => [name, { host: "::1", port: index + 1 }]),
        ),
        links: [],
      });
    assertThrows(() => composeFile("{}", "h.json"), HerdFileError, "h.json");
    assertThrows(
      () => composeFile(named("Ännchen"), "h.json"),
      UsageError,
      'h.json: servers["Ännchen"]: Compose wants ASCII letters',
    );
    assertThrows(
      () => composeFile(named("Ann", "ANN"), "h.json"),
      UsageError,
      'h.json: servers["ANN"]: Compose wants names that differ in more than case',
    );
  },
});

/** The arguments of the first "herd-server …" in a line, with a server's name put in. */
function commandLine(text: string, pattern: RegExp) {
  const [, words = ""] = text.match(pattern) ?? [];
  const args = words.replace(/(?<= -- )(%i|\\?"\$SERVER\\?")$/, "Clark").split(" ");
  return parseCommandLine(args);
}

Deno.test({
  name: "systemdUnit starts a server with records and log where the unit has them kept",
  permissions: "none",
  fn() {
    const line = commandLine(systemdUnit, /^ExecStart=\S+\/herd-server (.*)$/m);
    assert(line.command === "serve");
    assertEquals(line.name, "Clark");
    assertEquals(line.dataDir, "%S/herd-server/%i");
    assertEquals(line.logDir, "%L/herd-server/%i");
    assertMatch(systemdUnit, /^StateDirectory=herd-server\/%i$/m);
    assertMatch(systemdUnit, /^LogsDirectory=herd-server\/%i$/m);
    assertEquals(/^MemoryDenyWriteExecute/m.test(systemdUnit), false, "V8 compiles");
  },
});

Deno.test({
  name: "dockerfile starts a server as nobody in particular, and asks it how it is",
  permissions: "none",
  fn() {
    const start = commandLine(dockerfile, /^CMD .*exec herd-server ([^\]]*)"\]$/m);
    assert(start.command === "serve");
    assertEquals([start.name, start.bind], ["Clark", "0.0.0.0"]);
    const volumes = JSON.parse(dockerfile.match(/^VOLUME (.*)$/m)?.[1] ?? "");
    assertEquals(volumes, [start.dataDir, start.logDir]);
    const health = commandLine(dockerfile, /^HEALTHCHECK .*\\\n +CMD herd-server (.*)$/m);
    assertEquals(health, { command: "ping", name: "Clark", config: undefined });
    assertMatch(dockerfile, /^USER [1-9]\d*:[1-9]\d*$/m);
  },
});

Deno.test({
  name: "init() prints each file, compose of the configuration that it is given",
  ...(await needs("read", "write")),
  async fn() {
    const config = Deno.makeTempFileSync();
    try {
      Deno.writeTextFileSync(config, JSON.stringify(herd));
      for (
        const [kind, text] of [
          ["systemd", systemdUnit],
          ["docker", dockerfile],
          ["compose", composeFile(JSON.stringify(herd), config)],
        ] as const
      ) {
        let printed = "";
        const print = {
          log: (line: string) => void (printed += `${line}\n`),
          error: (line: string) => void (printed += `error: ${line}\n`),
        };
        assertEquals(await init({ kind, config, print }), 0);
        assertEquals(printed, text);
      }
    } finally {
      Deno.removeSync(config);
    }
  },
});

Deno.test({
  name: "init() prints a new secret and nothing else, and where to put it on standard error",
  permissions: "none",
  async fn() {
    const secrets = new Set<string>();
    const hints: string[] = [];
    const print = {
      log: (line: string) => void secrets.add(line),
      error: (line: string) => void hints.push(line),
    };
    for (let times = 0; times < 3; times++) {
      assertEquals(await init({ kind: "secret", config: undefined, print }), 0);
    }
    assertEquals(secrets.size, 3);
    for (const secret of secrets) {
      assertMatch(secret, /^[0-9a-f]{64}$/);
      const env = (name: string) => name === "HERD_SECRET" ? secret : undefined;
      assertEquals(await herdSecrets({ env, warn() {} }), [secret]);
    }
    assertEquals(hints.length, 3);
    assertMatch(hints[0]!, /^# .*HERD_SECRET_FILE/);
  },
});

/** Whether there is a systemd to ask. */
async function hasSystemd(): Promise<boolean> {
  if ((await Deno.permissions.query({ name: "run" })).state !== "granted") return false;
  try {
    await new Deno.Command("systemd-analyze", { args: ["--version"], stdout: "null" }).output();
    return true;
  } catch {
    return false;
  }
}

const { ignore } = await needs("run", "read", "write");
Deno.test({
  name: "systemdUnit is a unit in which systemd finds nothing wrong",
  ignore: ignore || !await hasSystemd(),
  async fn() {
    const directory = Deno.makeTempDirSync();
    try {
      const path = `${directory}/herd-server@Clark.service`;
      const here = systemdUnit.replaceAll("/usr/local/bin/herd-server", Deno.execPath());
      Deno.writeTextFileSync(path, here);
      const { code, stderr } = await new Deno.Command("systemd-analyze", {
        args: ["verify", path],
      }).output();
      assertEquals(new TextDecoder().decode(stderr), "");
      assertEquals(code, 0);
    } finally {
      Deno.removeSync(directory, { recursive: true });
    }
  },
});
