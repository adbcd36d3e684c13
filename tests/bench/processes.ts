/**
 * The processes of a run: every one is started here, its command line printed, and ended here.
 *
 * @module
 */

import { within } from "../process/waiting.ts";

/** The directory of this project, with a slash at its end. */
export const repository = decodeURIComponent(new URL("../../", import.meta.url).pathname);

/** How a process is started. */
export interface StartOptions {
  /** The port it listens on; it is ready when somebody does. */
  readonly port?: number;
  readonly env?: Readonly<Record<string, string>>;
}

/** Processes of one run, and a directory for their files. All end when disposed of. */
export class Processes implements AsyncDisposable {
  /** For logs and configurations. */
  readonly directory = Deno.makeTempDirSync({ prefix: "herd-bench-" });
  readonly #running = new Set<Deno.ChildProcess>();
  /** Told of every command line, once. */
  readonly #tell: (command: string) => void;
  readonly #told = new Set<string>();

  constructor(tell: (command: string) => void) {
    this.#tell = tell;
  }

  /**
   * Starts a process, and waits until it listens.
   *
   * @param words the command and its arguments
   * @returns its number
   * @throws {Error} when it ends instead
   */
  async start(words: readonly string[], { port, env = {} }: StartOptions = {}): Promise<number> {
    const child = this.spawn(words, { env, stdin: "null", stdout: "null" });
    let hasEnded = false;
    child.status.then(() => hasEnded = true);
    const begunMs = performance.now();
    while (port !== undefined && !await listens(port)) {
      if (hasEnded) throw new Error(`${words[0]} ended: ${this.#readable(words)}`);
      if (performance.now() - begunMs > 30_000) throw new Error(`${words[0]} does not listen`);
    }
    return child.pid;
  }

  /** Starts a process whose input and output are the caller's; ended with the others. */
  spawn(words: readonly string[], options: Deno.CommandOptions): Deno.ChildProcess {
    this.tell(words);
    const child = new Deno.Command(words[0]!, {
      args: words.slice(1),
      stderr: "inherit",
      ...options,
      env: { NO_COLOR: "1", DENO_NO_UPDATE_CHECK: "1", ...options.env },
    }).spawn();
    this.#running.add(child);
    child.status.then(() => this.#running.delete(child));
    return child;
  }

  /** Runs a command to its end. @returns what it printed */
  async run(words: readonly string[]): Promise<string> {
    const child = this.spawn(words, { stdout: "piped", stdin: "null" });
    const { success, stdout } = await child.output();
    if (!success) throw new Error(`failed: ${this.#readable(words)}`);
    return new TextDecoder().decode(stdout);
  }

  /** Prints a command line, once however often it is started. */
  tell(words: readonly string[]): void {
    const command = this.#readable(words);
    if (this.#told.has(command)) return;
    this.#told.add(command);
    this.#tell(command);
  }

  #readable(words: readonly string[]): string {
    return words.map((word) => word === "" || word.includes(" ") ? `"${word}"` : word).join(" ")
      .replaceAll(Deno.execPath(), "deno")
      .replaceAll(`${this.directory}/`, "TMP/")
      .replaceAll(`file://${repository}`, "")
      .replaceAll(repository, "");
  }

  /** Ends one process, and waits until it is gone. */
  async end(pid: number, signal: Deno.Signal = "SIGKILL"): Promise<void> {
    for (const child of this.#running) {
      if (child.pid !== pid) continue;
      signalled(child, signal);
      await within(child.status, () => `the end of a process`).catch(() =>
        signalled(child, "SIGKILL")
      );
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#running].map(({ pid }) => this.end(pid)));
    await Deno.remove(this.directory, { recursive: true });
  }
}

function signalled(child: Deno.ChildProcess, signal: Deno.Signal): void {
  try {
    child.kill(signal);
  } catch (error) {
    // It has ended by itself.
    if (!(error instanceof TypeError)) throw error;
  }
}

/** @returns the command that runs a program of the suite */
export function denoRun(file: string, ...args: (string | number)[]): string[] {
  const path = decodeURIComponent(new URL(file, import.meta.url).pathname);
  return [Deno.execPath(), "run", "--no-lock", "--allow-all", path, ...args.map(String)];
}

async function listens(port: number): Promise<boolean> {
  try {
    (await Deno.connect({ hostname: "127.0.0.1", port })).close();
    return true;
  } catch {
    await new Promise((resolve) => setTimeout(resolve, 5));
    return false;
  }
}

/** @returns whether a program is on this machine */
export async function isThere(...words: [string, ...string[]]): Promise<boolean> {
  try {
    const [command, ...args] = words;
    const options = { args, stdout: "null", stderr: "null" } as const;
    return (await new Deno.Command(command, options).output()).success;
  } catch {
    return false;
  }
}
