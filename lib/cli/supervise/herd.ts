/**
 * `herd`: every server of a configuration, each a process of its own, on one terminal.
 *
 * @module
 */

import type { Clock, Random } from "../../transport/transport.ts";
import type { HerdFlags } from "../command_line.ts";
import { openConfig } from "../find_config.ts";
import { onSignals } from "../signals.ts";
import { PrefixedLines, prefixes } from "./prefix.ts";
import { type Program, startCommand } from "./start_command.ts";
import { type ServerProcess, Supervisor } from "./supervisor.ts";

/** What {@linkcode herd} needs. */
export interface HerdOptions extends HerdFlags {
  /** How a server is started. */
  readonly program: Program;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * Starts every server, shows what they print under their names, starts again what dies, and stops
 * them all on SIGINT or SIGTERM. SIGHUP goes to all of them.
 *
 * @returns the exit status: 0 when they were stopped, 1 when none came up, 2 when none can run as
 * it is configured
 * @throws {HerdFileError} when the configuration is wrong
 */
export async function herd(options: HerdOptions): Promise<number> {
  const { clock, random } = options;
  const { herd: { servers } } = await openConfig(options.config);
  const names = [...servers.keys()];
  const prefixOf = prefixes(names, Deno.stdout.isTerminal() && !Deno.noColor);
  const output = new Output(Deno.stdout);
  const errors = new Output(Deno.stderr);
  const start = (name: string) => {
    const prefix = prefixOf.get(name) ?? "";
    return startServer(startCommand(options.program, serveArgs(name, options)), {
      output: (piped) => output.show(piped, prefix),
      errors: (piped) => errors.show(piped, prefix),
    });
  };
  const say = (name: string, message: string) =>
    errors.write(new TextEncoder().encode(`${prefixOf.get(name)}${message}\n`));
  const supervisor = new Supervisor({ names, start, say, clock, random });
  using _signals = onSignals({
    stop: () => supervisor.stop(),
    reload: () => supervisor.reload(),
  });
  const status = await supervisor.run();
  await Promise.all([output.written, errors.written]);
  return status;
}

/**
 * @param name a server; any name at all is understood after `serve`
 * @returns the arguments that start it
 */
export function serveArgs(name: string, options: HerdFlags): string[] {
  const flags = ["--supervised", `--log-dir=${options.logDir}`];
  if (options.config !== undefined) flags.unshift(`--config=${options.config}`);
  if (options.dataDir !== undefined) flags.push(`--data-dir=${options.dataDir}`);
  if (options.insecureLinks) flags.push("--insecure-links");
  return ["serve", ...flags, "--", name];
}

/** Where the output of a process goes; each promise resolves when all was read. */
interface Sinks {
  readonly output: (piped: ReadableStream<Uint8Array>) => Promise<void>;
  readonly errors: (piped: ReadableStream<Uint8Array>) => Promise<void>;
}

function startServer(
  { command, args }: { readonly command: string; readonly args: readonly string[] },
  sinks: Sinks,
): ServerProcess {
  const child = new Deno.Command(command, {
    args: [...args],
    // Nothing is written to it: it ends with this process, and a server that sees that stops.
    stdin: "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const shown = Promise.all([sinks.output(child.stdout), sinks.errors(child.stderr)]);
  return {
    status: child.status.then(async (status) => {
      await shown;
      await child.stdin.close().catch(() => {});
      return status;
    }),
    kill(signal) {
      try {
        child.kill(signal);
      } catch (error) {
        // A process that has ended just now cannot be signalled, and need not be.
        if (!(error instanceof TypeError || error instanceof Deno.errors.NotFound)) throw error;
      }
    },
  };
}

/** Standard output or error, shared by all servers: one piece is written after another. */
class Output {
  readonly #sink: { write(bytes: Uint8Array): Promise<number> };
  #written: Promise<void> = Promise.resolve();

  constructor(sink: { write(bytes: Uint8Array): Promise<number> }) {
    this.#sink = sink;
  }

  /** Resolves when everything given so far is written. */
  get written(): Promise<void> {
    return this.#written;
  }

  /** Writes what a process prints, each line with the prefix. */
  async show(piped: ReadableStream<Uint8Array>, prefix: string): Promise<void> {
    const lines = new PrefixedLines(prefix);
    for await (const piece of piped) await this.write(lines.push(piece));
    await this.write(lines.end());
  }

  write(bytes: Uint8Array): Promise<void> {
    this.#written = this.#written.then(() => this.#writeAll(bytes));
    return this.#written;
  }

  async #writeAll(bytes: Uint8Array): Promise<void> {
    try {
      for (let rest = bytes; rest.length > 0;) {
        rest = rest.subarray(await this.#sink.write(rest));
      }
    } catch {
      // Nobody reads any more (`herd | head`): the servers go on all the same.
    }
  }
}
