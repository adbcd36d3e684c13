/**
 * What is promised of a compiled executable: `HERD_SERVER=./herd-server deno test -A tests/binary`.
 * Without HERD_SERVER there is none to test.
 *
 * @module
 */

import { assert, assertEquals, assertMatch } from "@std/assert";
import configuration from "../../deno.json" with { type: "json" };
import { needs } from "../needs.ts";
import { ask } from "../process/client.ts";
import { Program, run } from "../process/program.ts";
import { freePorts, RunningHerd } from "../process/running_herd.ts";
import { until } from "../process/waiting.ts";

const { ignore } = await needs("net", "read", "write", "run", "env", "sys");
const executable = ignore ? undefined : Deno.env.get("HERD_SERVER");
const binary = {
  ignore: executable === undefined,
  sanitizeOps: false,
  sanitizeResources: false,
};

/** A command that starts a program with nothing in the environment but these. */
function alone(path: string, variables: readonly string[] = []): string[] {
  return ["env", "-i", ...variables, Deno.realPathSync(path)];
}

/** The same as a user who owns nothing, where that can be had. */
function asNobody(path: string): string[] {
  if (Deno.uid() !== 0) return alone(path);
  return ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", ...alone(path)];
}

function startOf(text: string): RegExp {
  return new RegExp(`^${RegExp.escape(text)}`, "m");
}

/** The port of the built-in Clark. */
const clarkPort = 12_104;

/** A directory that is gone when disposed of. */
class Directory implements Disposable {
  readonly path = Deno.makeTempDirSync({ prefix: "herd-binary-" });

  /** The names of all that is in it. */
  get names(): string[] {
    return [...Deno.readDirSync(this.path)].map(({ name }) => name).sort();
  }

  /** Puts a herd of one server into it, and says where that listens. */
  addHerd(name: string): number {
    const [port = 0] = freePorts(1);
    const herd = { servers: { [name]: { host: "127.0.0.1", port } }, links: [] };
    Deno.writeTextFileSync(`${this.path}/herd.json`, JSON.stringify(herd));
    return port;
  }

  /** Puts a copy of the executable into it. */
  addExecutable(): string {
    const path = `${this.path}/herd-server`;
    Deno.copyFileSync(executable ?? "", path);
    return path;
  }

  [Symbol.dispose](): void {
    Deno.chmodSync(this.path, 0o700);
    Deno.removeSync(this.path, { recursive: true });
  }
}

function isFree(port: number): boolean {
  try {
    Deno.listen({ hostname: "127.0.0.1", port }).close();
    return true;
  } catch {
    return false;
  }
}

Deno.test({
  name: "The executable alone serves Clark, in an empty directory with an empty environment",
  ...binary,
  ignore: binary.ignore || !isFree(clarkPort),
  async fn() {
    using here = new Directory();
    using there = new Directory();
    using temporary = new Directory();
    await using clark = new Program(["Clark"], {
      // What it wrote for itself, such as a code cache, would be in there.
      command: alone(there.addExecutable(), [`TMPDIR=${temporary.path}`]),
      cwd: here.path,
    });
    await clark.prints(
      /^Clark listens on 127\.0\.0\.1:12104 \(built-in herd\.json, places from gazetteer\)$/m,
    );
    const report = "IAMAT kiwi.cs.ucla.edu +34.068930-118.445127 1621464827.959498503";
    const record = await ask(clarkPort, `${report}\n`);
    assertMatch(record, /^AT Clark \+\d+\.\d{9} kiwi\.cs\.ucla\.edu \+34\.068930-118\.445127 /);
    const answer = await ask(clarkPort, "WHATSAT kiwi.cs.ucla.edu 10 5\n");
    assertEquals(answer.slice(0, record.length), record);
    assertEquals(JSON.parse(answer.slice(record.length)).results.length, 5);
    clark.signal("SIGTERM");
    assertEquals((await clark.ended()).code, 0);
    assertEquals(here.names, ["logs"]);
    assertEquals([...Deno.readDirSync(`${here.path}/logs`)].map(({ name }) => name), ["Clark.log"]);
    assertEquals(temporary.names, []);
  },
});

Deno.test({
  name:
    "check and the start-up line say which herd.json it is: this directory's, or the one beside",
  ...binary,
  async fn() {
    using here = new Directory();
    using there = new Directory();
    const moved = { cwd: here.path, command: alone(there.addExecutable()) };
    const beside = `${Deno.realPathSync(there.path)}/herd.json`;
    const port = there.addHerd("Beside");
    assertMatch((await run(["check"], moved)).output, startOf(`${beside}: 1 server, `));
    {
      await using server = new Program(["Beside"], moved);
      await server.prints(startOf(`Beside listens on 127.0.0.1:${port} (${beside}, places from `));
    }
    here.addHerd("Here");
    assertMatch((await run(["check"], moved)).output, startOf("herd.json: 1 server, "));
    const { code, errors } = await run(["Beside"], moved);
    assertEquals([code, errors], [2, 'no server "Beside" in herd.json; there is Here\n']);
  },
});

Deno.test({
  name: "herd starts the others from the same executable",
  ...binary,
  async fn() {
    using there = new Directory();
    await using plan = new RunningHerd({ servers: ["Ann", "Bob"], links: [["Ann", "Bob"]] });
    const args = ["herd", "--config", plan.config, "--log-dir", plan.logDir];
    const command = alone(there.addExecutable());
    await using herd = new Program(args, { command, cwd: there.path, task: "herd" });
    await herd.prints(/^Ann \| Ann listens on /m);
    await herd.prints(/^Bob \| Bob listens on /m);
    const line = await plan.report("Ann", "kiwi");
    await plan.learns("Bob", "kiwi", line);
    herd.signal("SIGTERM");
    assertEquals((await herd.ended()).code, 0);
  },
});

Deno.test({
  name: "A directory that cannot be written: one line says what it needs, and with that it serves",
  ...binary,
  async fn() {
    using here = new Directory();
    using logs = new Directory();
    const port = here.addHerd("Clark");
    const command = asNobody(here.addExecutable());
    Deno.chmodSync(logs.path, 0o777);
    Deno.chmodSync(here.path, 0o555);
    const refused = await run(["Clark"], { command, cwd: here.path });
    assertEquals([refused.code, refused.output], [1, ""]);
    assertMatch(refused.errors, /^logs\/Clark\.log cannot be written: .*; --log-dir DIR .*\n$/);
    await using clark = new Program(["Clark", "--log-dir", logs.path], { command, cwd: here.path });
    await clark.prints(startOf(`Clark listens on 127.0.0.1:${port} (herd.json, `));
    assertEquals((await run(["ping", "Clark"], { command, cwd: here.path })).code, 0);
    clark.signal("SIGTERM");
    assertEquals((await clark.ended()).code, 0);
    assertEquals((await run(["ping", "Clark"], { command, cwd: here.path })).code, 1);
  },
});

Deno.test({
  name: "With a secret nothing is on standard error: no warning of the runtime either",
  ...binary,
  async fn() {
    using here = new Directory();
    here.addHerd("Clark");
    const command = alone(here.addExecutable(), ["HERD_SECRET=0123456789abcdef"]);
    await using clark = new Program(["Clark"], { command, cwd: here.path });
    await clark.prints(/^Clark logs to logs\/Clark\.log, keeps no records on disk/m);
    clark.signal("SIGTERM");
    assertEquals((await clark.ended()).code, 0);
    assertEquals(clark.errors, "");
    const checked = await run(["check"], { command, cwd: here.path });
    assertEquals([checked.code, checked.errors], [0, ""]);
  },
});

Deno.test({
  name: "The servers of a herd that is killed stop by themselves",
  ...binary,
  ignore: binary.ignore || Deno.build.os === "windows",
  async fn() {
    using here = new Directory();
    const port = here.addHerd("Ann");
    const command = alone(here.addExecutable());
    await using herd = new Program(["herd"], { command, cwd: here.path });
    await herd.prints(/^Ann \| Ann listens on /m);
    herd.signal("SIGKILL");
    const { signal } = await herd.ended();
    assertEquals(signal, "SIGKILL");
    await until(() => isFree(port), "a free port");
  },
});

Deno.test({
  name: "Records are exported and imported by the executable alone, while the server runs",
  ...binary,
  async fn() {
    using here = new Directory();
    const port = here.addHerd("Ann");
    const command = alone(here.addExecutable());
    await using ann = new Program(["Ann", "--data-dir", "d"], { command, cwd: here.path });
    await ann.prints(/^Ann listens on /m);
    assertMatch(await ask(port, "IAMAT kiwi +34-118 5\n"), /^AT Ann /);
    const exported = () => run(["export", "Ann", "--data-dir", "d"], { command, cwd: here.path });
    await until(async () => (await exported()).output !== "", "a record on disk");
    assertMatch((await exported()).output, /^AT Ann \S+ kiwi \+34-118 5\n$/);
    Deno.writeTextFileSync(`${here.path}/r.at`, "AT B +0.1 kea +1-1 7\n");
    const imported = await run(["import", "Ann", "r.at"], { command, cwd: here.path });
    assertEquals(imported.output, "Ann has 1 of 1 records now, or newer ones\n");
    assertMatch(await ask(port, "WHATSAT kea 0 0\n"), /^AT Ann \S+ kea \+1-1 7\n/);
  },
});

Deno.test({
  name: "--version prints the version, the Deno and the target",
  ...binary,
  async fn() {
    const { code, output } = await run(["--version"], { command: alone(executable ?? "") });
    assertEquals(code, 0);
    assertMatch(output, startOf(`herd ${configuration.version} (Deno `));
    assertMatch(output, /\(Deno \d+\.\d+\.\d+, [\w-]+\)\n$/);
    assert(output.includes(Deno.build.target));
  },
});

const base = ignore ? undefined : Deno.env.get("DENORT_BIN");
Deno.test({
  name: "The executable is at most 8 MB larger than the base that DENORT_BIN names",
  ...binary,
  ignore: binary.ignore || base === undefined,
  fn() {
    const bytes = Deno.statSync(executable ?? "").size - Deno.statSync(base ?? "").size;
    assert(bytes > 0 && bytes <= 8_000_000, `${bytes} bytes above the base`);
  },
});
