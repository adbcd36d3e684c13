/**
 * The herd's program as a process. `HERD_SERVER` names another command to test in its place, for
 * instance a compiled binary: `HERD_SERVER=./herd-server deno task test`.
 *
 * @module
 */

import configuration from "../../deno.json" with { type: "json" };
import { within } from "./waiting.ts";

/** How a program is started. */
export interface ProgramOptions {
  /** `serve` when absent; a herd has processes of its own, and is asked to stop them. */
  readonly task?: "serve" | "herd" | "client" | "check-config";
  /** The module to run in place of `main.ts`. */
  readonly main?: URL;
  /** Added to the environment. The herd's own variables of the test's environment are not passed on. */
  readonly env?: Readonly<Record<string, string>>;
  /** What is started in its place: a command and its first arguments. */
  readonly command?: readonly string[];
  /** A command that starts it, for instance `env -i`. */
  readonly by?: readonly string[];
  /** Where it runs; the test's own directory when absent. */
  readonly cwd?: string;
}

/** How a program ended. */
export interface Ending {
  readonly code: number;
  readonly signal: Deno.Signal | null;
}

/** What a herd gets to stop its servers, which nobody else would, in milliseconds. */
const leaveMs = 10_000;

/** A running program, with what it has printed. Killed when disposed of. */
export class Program implements AsyncDisposable {
  readonly pid: number;
  /** Standard output so far. */
  output = "";
  /** Standard error so far. */
  errors = "";
  readonly #child: Deno.ChildProcess;
  readonly #ended: Promise<Ending>;
  readonly #hasChildren: boolean;
  #ending: Ending | null = null;
  #onPrinted: () => void = () => {};

  /**
   * @param args the program's arguments
   * @param options how it is started
   */
  constructor(args: readonly string[], options: ProgramOptions = {}) {
    const own = options.command ?? commandOf(options.main);
    const [command = "", ...before] = [...(options.by ?? []), ...own];
    this.#child = new Deno.Command(command, {
      args: [...before, ...args],
      env: { ...environment(), ...options.env },
      clearEnv: true,
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
      stdin: "null",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    this.pid = this.#child.pid;
    this.#hasChildren = options.task === "herd";
    const read = Promise.all([
      this.#collect(this.#child.stdout, (text) => this.output += text),
      this.#collect(this.#child.stderr, (text) => this.errors += text),
    ]);
    this.#ended = this.#child.status.then(async ({ code, signal }) => {
      await read;
      this.#ending = { code, signal };
      this.#onPrinted();
      return this.#ending;
    });
  }

  /** How it ended; null while it runs. */
  get ending(): Ending | null {
    return this.#ending;
  }

  /** Waits for its end. */
  ended(ms?: number): Promise<Ending> {
    return within(this.#ended, () => `the end of process ${this.pid}\n${this.printed}`, ms);
  }

  /** All that it has printed. */
  get printed(): string {
    return this.output + this.errors;
  }

  /** Waits until it has printed something. */
  async prints(pattern: RegExp): Promise<RegExpMatchArray> {
    const found = async () => {
      for (;;) {
        const match = this.printed.match(pattern);
        if (match !== null) return match;
        if (this.#ending !== null) throw new Error(`ended without ${pattern}:\n${this.printed}`);
        await new Promise<void>((resolve) => this.#onPrinted = resolve);
      }
    };
    return await within(found(), () => `${pattern} in\n${this.printed}`);
  }

  /** Sends it a signal; nothing happens when it has ended. */
  signal(signal: Deno.Signal): void {
    try {
      this.#child.kill(signal);
    } catch (error) {
      if (this.#ending === null && !(error instanceof TypeError)) throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#hasChildren) {
      this.signal("SIGTERM");
      await within(this.#ended, () => "the end of a herd", leaveMs).catch(() => {});
    }
    this.signal("SIGKILL");
    await this.#ended;
  }

  async #collect(stream: ReadableStream<Uint8Array>, add: (text: string) => void): Promise<void> {
    for await (const text of stream.pipeThrough(new TextDecoderStream())) {
      add(text);
      this.#onPrinted();
    }
  }
}

/**
 * Runs the program to its end.
 *
 * @returns how it ended, and what it printed
 */
export async function run(args: readonly string[], options: ProgramOptions = {}) {
  await using program = new Program(args, options);
  const ending = await program.ended();
  return { ...ending, output: program.output, errors: program.errors };
}

/** The command and its first arguments. */
function commandOf(main = new URL("../../main.ts", import.meta.url)): string[] {
  const other = Deno.env.get("HERD_SERVER");
  if (other) return other.split(" ").filter((word) => word !== "").map(absolute);
  const words = configuration.tasks["herd-server"].command.split(" ");
  const flags = words.filter((word) => word.startsWith("--"));
  return [Deno.execPath(), "run", ...flags, main.href];
}

/** A word of a command as an absolute path if it names a file, since programs run elsewhere. */
function absolute(word: string): string {
  try {
    return Deno.realPathSync(word);
  } catch {
    return word;
  }
}

/** This environment, without what a server would look at. */
function environment(): Record<string, string> {
  const env = Deno.env.toObject();
  for (const name of ["HERD_SECRET", "HERD_TOKEN", "GOOGLE_PLACES_API_KEY"]) {
    delete env[name];
    delete env[`${name}_FILE`];
  }
  delete env["HERD_SERVER"];
  return { ...env, NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1", NO_PROXY: "127.0.0.1,localhost" };
}
