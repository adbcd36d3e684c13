import { assert, assertEquals } from "@std/assert";
import { needs } from "../../needs.ts";

const program = new URL("../herd_program.ts", import.meta.url);

/** A herd that runs as a process, with its output as it comes. */
class RunningHerd implements AsyncDisposable {
  readonly child: Deno.ChildProcess;
  readonly #config: string;
  readonly #changed = new EventTarget();
  readonly #read: Promise<unknown>;
  #isOver = false;
  output = "";
  errors = "";

  constructor(names: readonly string[]) {
    this.#config = Deno.makeTempFileSync();
    const servers = names.map((name, index) => [name, { host: "127.0.0.1", port: index + 1 }]);
    const herd = { servers: Object.fromEntries(servers), links: [] };
    Deno.writeTextFileSync(this.#config, JSON.stringify(herd));
    this.child = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", "--quiet", "--no-lock", program.href, "herd", "--config", this.#config],
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.#read = Promise.all([
      this.#collect(this.child.stdout, (text) => this.output += text),
      this.#collect(this.child.stderr, (text) => this.errors += text),
    ]).then(() => {
      this.#isOver = true;
      this.#changed.dispatchEvent(new Event("change"));
    });
  }

  /** Waits until a text was printed, the n-th time. */
  async printed(text: string | RegExp, times = 1): Promise<RegExpMatchArray> {
    const pattern = new RegExp(text, "gm");
    for (;;) {
      const match = [...`${this.output}${this.errors}`.matchAll(pattern)][times - 1];
      if (match !== undefined) return match;
      if (this.#isOver) throw new Error(`ended without ${text}: ${this.output}${this.errors}`);
      await new Promise((resolve) =>
        this.#changed.addEventListener("change", resolve, { once: true })
      );
    }
  }

  async ended(): Promise<number> {
    const { code } = await this.child.status;
    await this.#read;
    return code;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.child.kill("SIGTERM");
    } catch {
      // It has ended, as most tests want it.
    }
    await this.ended();
    await Deno.remove(this.#config);
  }

  async #collect(stream: ReadableStream<Uint8Array>, add: (text: string) => void): Promise<void> {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      add(text);
      this.#changed.dispatchEvent(new Event("change"));
    }
  }
}

const processes = {
  ...(await needs("run", "read", "write")),
  sanitizeOps: false,
  sanitizeResources: false,
};

Deno.test({
  name: "herd() shows what servers print under their names, and stops them on SIGTERM",
  ...processes,
  async fn() {
    await using herd = new RunningHerd(["Ann", "Robert"]);
    await herd.printed("^Ann    \\| Ann is there");
    await herd.printed("^Robert \\| Robert is there");
    await herd.printed("^Ann    \\| and complains");
    await herd.printed("^Robert \\| and complains");
    herd.child.kill("SIGTERM");
    assertEquals(await herd.ended(), 0);
    await herd.printed("^Ann    \\| stops");
    await herd.printed("^Robert \\| stops");
    assert(!herd.output.includes("\x1b"), "no colours in a pipe");
  },
});

Deno.test({
  name: "herd() passes SIGHUP on to every server",
  ...processes,
  ignore: processes.ignore || Deno.build.os === "windows",
  async fn() {
    await using herd = new RunningHerd(["Ann", "Bob"]);
    for (const name of ["Ann", "Bob"]) await herd.printed(`${name} is there`);
    herd.child.kill("SIGHUP");
    for (const name of ["Ann", "Bob"]) await herd.printed(`^${name} \\| reads`);
    herd.child.kill("SIGTERM");
    assertEquals(await herd.ended(), 0);
  },
});

Deno.test({
  name: "herd() starts a server again that was killed",
  ...processes,
  async fn() {
    await using herd = new RunningHerd(["Ann", "Bob"]);
    const [, pid] = await herd.printed("Ann is there, process (\\d+)");
    await herd.printed("Bob is there");
    Deno.kill(Number(pid), "SIGKILL");
    await herd.printed("^Ann \\| was killed by SIGKILL; starts again in 0\\.1 s");
    await herd.printed("Ann is there", 2);
    herd.child.kill("SIGINT");
    assertEquals(await herd.ended(), 0);
  },
});

Deno.test({
  name: "herd() leaves a server alone that cannot run as it is configured",
  ...processes,
  async fn() {
    await using herd = new RunningHerd(["Ann", "Misconfigured"]);
    await herd.printed("^Misconfigured \\| cannot run as it is configured: not started again");
    await herd.printed("Ann is there");
    herd.child.kill("SIGTERM");
    assertEquals(await herd.ended(), 0);
  },
});

Deno.test({
  name: "herd() exits with 1 when no server came up, with 2 when all are misconfigured",
  ...processes,
  async fn() {
    await using failing = new RunningHerd(["Failing1", "Failing2", "Misconfigured"]);
    assertEquals(await failing.ended(), 1);
    await using misconfigured = new RunningHerd(["Misconfigured"]);
    assertEquals(await misconfigured.ended(), 2);
  },
});

Deno.test({
  name: "herd() kills a server that does not stop",
  ...processes,
  async fn() {
    await using herd = new RunningHerd(["Ann", "Stubborn"]);
    const [, pid] = await herd.printed("Stubborn is there, process (\\d+)");
    await herd.printed("Ann is there");
    herd.child.kill("SIGTERM");
    assertEquals(await herd.ended(), 0);
    assert(herd.output.includes("will not stop"));
    assertEquals(isAlive(Number(pid)), false);
  },
});

function isAlive(pid: number): boolean {
  try {
    Deno.kill(pid, "SIGCONT");
    return true;
  } catch {
    return false;
  }
}
