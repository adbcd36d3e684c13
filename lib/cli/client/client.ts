/**
 * `client`: a herd's client for people and for scripts.
 *
 * @module
 */

import type { ServerEntry } from "../../topology/herd_file.ts";
import type { Clock, Transport } from "../../transport/transport.ts";
import { ask } from "./ask.ts";
import { clientTarget } from "./client_target.ts";
import { Dialler } from "./dialler.ts";
import { History, historyPath } from "./history.ts";
import { openConfig } from "../find_config.ts";
import { processTerminal, type Terminal } from "./terminal.ts";

/** What {@linkcode client} needs. */
export interface ClientOptions {
  /** What follows `client`: a server's name, lines, both or nothing. */
  readonly words: readonly string[];
  /** What `--config` says. */
  readonly config: string | undefined;
  readonly transport: Transport;
  readonly clock: Clock;
  /** What the servers are shown, where they want a token: `HERD_TOKEN`. */
  readonly token?: string | undefined;
  /** Where lines come from and answers go; the process's own by default. */
  readonly terminal?: Terminal;
}

/**
 * Talks to a server: sends lines from the arguments, from standard input, or typed on a terminal,
 * and prints the answers.
 *
 * @returns the exit status: 0; 1 when an answer begins with "?" or nobody reads the output; 2 when
 * no server answers
 * @throws {HerdFileError} when the configuration is wrong
 * @throws {UsageError} when there is no such server
 */
export async function client(options: ClientOptions): Promise<number> {
  const { words, transport, clock, token, terminal = processTerminal() } = options;
  const { config, herd } = await openConfig(options.config);
  const { name, lines } = clientTarget(words, { herd, config: config.name });
  const servers = [...herd.servers.values()].filter((server) =>
    name === undefined || server.name === name
  );
  const diallerOf = (servers: readonly ServerEntry[]) =>
    new Dialler(servers, { transport, clock, token });
  const context = { dialler: diallerOf(servers), clock, terminal };
  try {
    if (lines.length > 0) return await ask(once(lines), context);
    if (!terminal.isInteractive) return await ask(terminal.input, context);
    // Only people need line editing; scripts need a quick start.
    const { converse } = await import("./conversation.ts");
    return await converse({ ...context, herd, diallerOf, history: new History(statePath()) });
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) return 1;
    throw error;
  }
}

async function* once(lines: readonly string[]): AsyncGenerator<Uint8Array> {
  const text = lines.map((line) => line.endsWith("\n") ? line : `${line}\n`).join("");
  yield new TextEncoder().encode(text);
}

/** Where the history is, as far as the program may ask. */
function statePath(): string | null {
  const env = (name: string) => {
    try {
      return Deno.env.get(name);
    } catch {
      return undefined;
    }
  };
  return historyPath({ env, os: Deno.build.os });
}
