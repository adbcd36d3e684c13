/**
 * `ping`: does a server answer? For whatever watches over it.
 *
 * @module
 */

import { pingTimeoutMs } from "../../limits.ts";
import type { ServerEntry } from "../../topology/herd_file.ts";
import { addressText } from "../../transport/address.ts";
import type { Clock, Connection, Transport } from "../../transport/transport.ts";
import { Dialler } from "./dialler.ts";
import { openConfig } from "../find_config.ts";
import { serverNamed } from "../server_named.ts";

/** What {@linkcode ping} needs. */
export interface PingOptions {
  /** The server's name. */
  readonly name: string | undefined;
  /** What `--config` says. */
  readonly config: string | undefined;
  readonly transport: Transport;
  readonly clock: Clock;
  /** Where the result goes, for people; the console by default. */
  readonly print?: Pick<Console, "log" | "error">;
}

/** Not a command of the protocol: every server answers it at once and remembers nothing. */
const question = new TextEncoder().encode("ping\n");
const answer = "? ping\n";

/**
 * Tells whether a server answers.
 *
 * @returns the exit status: 0 when it answers, 1 when it does not
 * @throws {HerdFileError} when the configuration is wrong
 * @throws {UsageError} when there is no such server
 */
export async function ping(options: PingOptions): Promise<number> {
  const { print = console } = options;
  const { config, herd } = await openConfig(options.config);
  const server = serverNamed(options.name, { herd, config: config.name });
  const trouble = await probe(server, options);
  const where = `${server.name} (${addressText({ hostname: server.host, port: server.port })})`;
  if (trouble === null) print.log(`${where} answers`);
  else print.error(`${where} ${trouble}`);
  return trouble === null ? 0 : 1;
}

/**
 * Sends a line to a server and waits for its answer.
 *
 * @returns what is wrong with it, or null when it answers
 */
export async function probe(
  server: ServerEntry,
  { transport, clock }: Pick<PingOptions, "transport" | "clock">,
): Promise<string | null> {
  const dialled = await new Dialler([server], { transport, clock }).dial();
  if (dialled === null) return "takes no connection";
  const { connection } = dialled;
  const timer = clock.after(pingTimeoutMs, () => connection.close());
  try {
    return await isAnswered(connection) ? null : "takes connections, but does not answer";
  } finally {
    timer.cancel();
    connection.close();
  }
}

async function isAnswered(connection: Connection): Promise<boolean> {
  try {
    for (let rest = question; rest.length > 0;) {
      rest = rest.subarray(await connection.write(rest));
    }
    const received = new Uint8Array(answer.length);
    for (let length = 0; length < received.length;) {
      const count = await connection.read(received.subarray(length));
      if (count === null) return false;
      length += count;
    }
    return new TextDecoder().decode(received) === answer;
  } catch {
    return false;
  }
}
