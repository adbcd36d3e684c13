/**
 * `client`: a herd's client for people and for scripts.
 *
 * @module
 */

import type { Clock, Transport } from "../../transport/transport.ts";
import { ask, type ClientContext } from "./ask.ts";
import { clientTarget } from "./client_target.ts";
import { Dialler } from "./dialler.ts";
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
  const { words, transport, clock, terminal = processTerminal() } = options;
  const { config, herd } = await openConfig(options.config);
  const { name, lines } = clientTarget(words, { herd, config: config.name });
  const servers = [...herd.servers.values()].filter((server) =>
    name === undefined || server.name === name
  );
  const context = { dialler: new Dialler(servers, { transport, clock }), clock, terminal };
  try {
    return await talk(lines, context);
  } catch (error) {
    if (error instanceof Deno.errors.BrokenPipe) return 1;
    throw error;
  }
}

async function talk(lines: readonly string[], context: ClientContext): Promise<number> {
  if (lines.length > 0) {
    const text = lines.map((line) => line.endsWith("\n") ? line : `${line}\n`).join("");
    return await ask(once(new TextEncoder().encode(text)), context);
  }
  if (!context.terminal.isInteractive) return await ask(context.terminal.input, context);
  // Only people need line editing; scripts need a quick start.
  const { converse } = await import("./conversation.ts");
  return await converse(context);
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
