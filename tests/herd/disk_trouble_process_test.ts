// Real servers on real disks in trouble: locked by another program, full, of a newer version, readable
// by others.

import { assert, assertEquals, assertGreater, assertLess, assertMatch } from "@std/assert";
import { processes } from "../process/chapter.ts";
import type { Client } from "../process/client.ts";
import { Program } from "../process/program.ts";
import { RunningHerd } from "../process/running_herd.ts";
import { until } from "../process/waiting.ts";

const one = { servers: ["Clark"] } as const;
const reports = 150;

/** How long a client that only asks may wait, in milliseconds. */
const probeMsMax = 300;

/** Holds a database's lock, as a backup script may. */
const locker = `
import { DatabaseSync } from "node:sqlite";
const [path, ms] = Deno.args;
const database = new DatabaseSync(path);
database.exec("PRAGMA busy_timeout = 5000; BEGIN EXCLUSIVE");
console.log("held");
await new Promise((resolve) => setTimeout(resolve, Number(ms)));
database.exec("COMMIT");
console.log("released");
`;

async function lock(herd: RunningHerd, ms: number): Promise<Program> {
  const path = `${herd.directory}/locker.ts`;
  Deno.writeTextFileSync(path, locker);
  const command = [Deno.execPath(), "run", "--quiet", "--no-config", "--allow-all", path];
  const program = new Program([`${herd.dataDir}/Clark.db`, String(ms)], { command });
  await program.prints(/held/);
  return program;
}

/** Clients that report once each, and what they were answered. */
class Reporters implements Disposable {
  readonly answered = new Map<string, string>();
  readonly #clients: Client[] = [];
  readonly #ended: Promise<void>[] = [];

  /** Has a client report over a connection of its own. */
  async report(herd: RunningHerd, id: string): Promise<void> {
    const client = await herd.connect("Clark");
    this.#clients.push(client);
    const listen = async () => {
      const line = await client.say(`IAMAT ${id} +34.068930-118.445127 1621464827.5`);
      if (line !== null) this.answered.set(id, line);
    };
    this.#ended.push(listen().catch(() => {}));
  }

  async reportAll(herd: RunningHerd, prefix: string): Promise<void> {
    for (let count = 0; count < reports; count++) await this.report(herd, `${prefix}.${count}`);
  }

  /** Resolved when each has its answer, or never will. */
  async ended(): Promise<void> {
    await Promise.all(this.#ended);
  }

  [Symbol.dispose](): void {
    for (const client of this.#clients) client[Symbol.dispose]();
  }
}

/** Asks again and again over one connection. */
class Probe {
  slowestMs = 0;
  answers = 0;
  #isOver = false;
  readonly #ended: Promise<void>;

  constructor(client: Client, id: string) {
    this.#ended = this.#run(client, id);
    // Where the test fails earlier, its connection is closed under the probe.
    this.#ended.catch(() => {});
  }

  async #run(client: Client, id: string): Promise<void> {
    while (!this.#isOver) {
      const begunMs = performance.now();
      assertMatch(await client.say(`WHATSAT ${id} 1 0`) ?? "", /^AT Clark /);
      while (await client.line() !== "");
      this.slowestMs = Math.max(this.slowestMs, performance.now() - begunMs);
      this.answers++;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  async end(): Promise<void> {
    this.#isOver = true;
    await this.#ended;
    assertGreater(this.answers, 5);
    assertLess(this.slowestMs, probeMsMax);
  }
}

/** Kills the server, starts it again, and expects every record that was acknowledged. */
async function assertKept(herd: RunningHerd, answered: ReadonlyMap<string, string>): Promise<void> {
  await herd.kill("Clark");
  await herd.start("Clark");
  for (const [id, line] of answered) assertEquals(await herd.record("Clark", id), line, id);
}

Deno.test({
  name:
    `While another program holds the lock for 1.5 s, ${reports} reports are unanswered or on disk, and questions are answered`,
  ...processes,
  async fn() {
    await using herd = await RunningHerd.start({ ...one, memory: { durable: "sync" } });
    await herd.report("Clark", "known");
    using asking = await herd.connect("Clark");
    const probe = new Probe(asking, "known");
    await using holder = await lock(herd, 1_500);
    using reporters = new Reporters();
    await reporters.reportAll(herd, "waits");
    assertEquals([holder.ending, reporters.answered.size], [null, 0]);
    await holder.prints(/released/);
    await reporters.ended();
    assertEquals(reporters.answered.size, reports);
    await probe.end();
    await herd.logged("Clark", /ERROR no report is answered until it is saved: database is locked/);
    await herd.logged("Clark", /records are saved again/);
    await assertKept(herd, reporters.answered);
  },
});

Deno.test({
  name:
    "A server that is killed while another program holds the lock has acknowledged nothing of it",
  ...processes,
  async fn() {
    await using herd = await RunningHerd.start({ ...one, memory: { durable: "sync" } });
    using reporters = new Reporters();
    await reporters.reportAll(herd, "before");
    await reporters.ended();
    assertEquals(reporters.answered.size, reports);
    await using _holder = await lock(herd, 1_500);
    await reporters.reportAll(herd, "during");
    await new Promise((resolve) => setTimeout(resolve, 500));
    await assertKept(herd, reporters.answered);
    assertEquals(reporters.answered.size, reports);
    await reporters.ended();
  },
});

/** Mounts a small disk; null where that is not allowed. */
async function smallDisk(path: string): Promise<AsyncDisposable | null> {
  Deno.mkdirSync(path, { recursive: true });
  const run = async (command: string, args: string[]) =>
    (await new Deno.Command(command, { args, stderr: "null" }).output()).success;
  try {
    if (!await run("mount", ["-t", "tmpfs", "-o", "size=1m", "tmpfs", path])) return null;
  } catch {
    return null;
  }
  return {
    async [Symbol.asyncDispose]() {
      // A program that still has files there keeps it until it ends.
      assert(await run("umount", ["--lazy", path]), `${path} is mounted still`);
    },
  };
}

/** Whether small disks can be mounted: for root on Linux, and not in every container. */
async function canMount(): Promise<boolean> {
  if (processes.ignore || Deno.build.os !== "linux") return false;
  const path = Deno.makeTempDirSync({ prefix: "herd-disk-" });
  try {
    const disk = await smallDisk(path);
    await disk?.[Symbol.asyncDispose]();
    return disk !== null;
  } finally {
    Deno.removeSync(path, { recursive: true });
  }
}

const mounts = await canMount();

Deno.test({
  name: `On a full disk reports are unanswered or on disk, and answered when there is room${
    mounts ? "" : " (ignored: no disk can be mounted here)"
  }`,
  ...processes,
  ignore: !mounts,
  async fn() {
    const herd = new RunningHerd({ ...one, memory: { durable: "sync" } });
    await using _herd = herd;
    await using disk = await smallDisk(herd.dataDir);
    assert(disk !== null);
    await herd.start("Clark");
    using reporters = new Reporters();
    await reporters.report(herd, "known");
    await reporters.ended();
    const filler = `${herd.dataDir}/filler`;
    fill(filler);
    using asking = await herd.connect("Clark");
    const probe = new Probe(asking, "known");
    for (let count = 0; count < reports; count++) await reporters.report(herd, `full.${count}`);
    await herd.logged("Clark", /ERROR no report is answered until it is saved: .*(full|I\/O)/);
    await new Promise((resolve) => setTimeout(resolve, 500));
    assertLess(reporters.answered.size, reports);
    const answered = new Map(reporters.answered);
    Deno.removeSync(filler);
    await until(() => reporters.answered.size > reports, "all are answered");
    await probe.end();
    fill(filler);
    await reporters.reportAll(herd, "full.again");
    await new Promise((resolve) => setTimeout(resolve, 500));
    for (const [id, line] of answered) assertEquals(reporters.answered.get(id), line);
    await herd.kill("Clark");
    Deno.removeSync(filler);
    await herd.start("Clark");
    for (const [id, line] of reporters.answered) {
      assertEquals(await herd.record("Clark", id), line, id);
    }
    await reporters.ended();
  },
});

/** Writes a file until nothing more fits. */
function fill(path: string): void {
  using file = Deno.openSync(path, { create: true, write: true, truncate: true });
  const page = new Uint8Array(4096);
  try {
    for (;;) file.writeSync(page);
  } catch {
    // Nothing more fits.
  }
}

Deno.test({
  name:
    "A server that is to keep records and cannot does not start, and says in one line what to do",
  ...processes,
  async fn() {
    const herd = new RunningHerd({ ...one, memory: { durable: true } });
    await using _herd = herd;
    const refusal = async () => {
      await using program = new Program(herd.args("Clark"));
      const { code } = await program.ended();
      assertEquals([code, program.output], [1, ""]);
      return program.errors;
    };
    Deno.writeTextFileSync(herd.dataDir, "a file where the directory should be");
    assertMatch(
      await refusal(),
      /^Clark keeps its records on disk, and cannot: \S+Clark\.db: .+; .+--data-dir DIR .+\n$/,
    );
    Deno.removeSync(herd.dataDir);
    await herd.start("Clark");
    if (Deno.build.os !== "windows") {
      const modeOf = (path: string) => (Deno.statSync(path).mode! & 0o777).toString(8);
      assertEquals([herd.dataDir, herd.logDir].map(modeOf), ["700", "700"]);
      assertEquals(modeOf(`${herd.dataDir}/Clark.db`), "600");
    }
    await herd.kill("Clark");
    const { DatabaseSync } = await import("node:sqlite");
    const newer = new DatabaseSync(`${herd.dataDir}/Clark.db`);
    newer.exec("PRAGMA user_version = 99");
    newer.close();
    assertMatch(await refusal(), /its layout is version 99, .+; start the version that wrote it/);
    const names = [...Deno.readDirSync(herd.dataDir)].map(({ name }) => name);
    assertEquals(names.filter((name) => name.includes("damaged")), []);
  },
});
