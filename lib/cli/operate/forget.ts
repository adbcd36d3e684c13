/**
 * `forget`: has a client deleted by the whole herd.
 *
 * @module
 */

import { answerTimeoutMs, dialTimeoutMs } from "../../limits.ts";
import { introduce } from "../../links/handshake.ts";
import { lineOf, LinkError, linkVersion, nonceOf } from "../../links/hello.ts";
import { LineConnection } from "../../links/line_connection.ts";
import { operatorName } from "../../links/operator_link.ts";
import { herdProver } from "../herd_prover.ts";
import { reasonOf } from "../../log/reason.ts";
import { textOf } from "../../protocol/ascii.ts";
import type { ServerEntry } from "../../topology/herd_file.ts";
import type { Clock, Connection, Random, Transport } from "../../transport/transport.ts";
import { exitStatus } from "../exit_status.ts";
import { openConfig } from "../find_config.ts";
import { UsageError } from "../usage.ts";

/** What {@linkcode forget} needs. */
export interface ForgetOptions {
  /** The client's ID. */
  readonly id: string | undefined;
  /** What `--config` says. */
  readonly config: string | undefined;
  /** The herd's secrets: the first is proven with. */
  readonly secrets: readonly string[];
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  /** Where the result goes, for people; the console by default. */
  readonly print?: Pick<Console, "log" | "error">;
}

/**
 * Has a client deleted: by the first server that takes the connection, which tells the others.
 *
 * @returns the exit status: 0 when it is deleted, 1 when there is no such client, 2 when no server
 * does it
 * @throws {HerdFileError} when the configuration is wrong
 * @throws {UsageError} when the ID is missing, or cannot be one
 */
export async function forget(options: ForgetOptions): Promise<number> {
  const { id, print = console } = options;
  if (id === undefined) throw new UsageError("forget takes the ID of a client");
  if (id === "" || /[ \t\n\v\f\r]/.test(id)) {
    throw new UsageError(`${JSON.stringify(id)} is no ID: those have no white space`);
  }
  const { herd } = await openConfig(options.config);
  for (const server of herd.servers.values()) {
    const connection = await dial(server, options);
    if (connection === null) continue;
    const answer = await ask({ server, connection, id }, options);
    if (typeof answer !== "string") {
      print.error(`${server.name} deletes nobody: ${reasonOf(answer)}`);
      return exitStatus.misconfigured;
    }
    const isDeleted = answer.startsWith("AT ");
    if (isDeleted) print.log(`${server.name} has deleted ${id}: ${answer}`);
    else print.error(`${server.name} knows no client ${id}`);
    return isDeleted ? exitStatus.success : exitStatus.failure;
  }
  print.error(`no answer from ${[...herd.servers.keys()].join(", ")}`);
  return exitStatus.misconfigured;
}

async function dial(
  { host: hostname, port }: ServerEntry,
  { transport, clock }: ForgetOptions,
): Promise<Connection | null> {
  const abort = new AbortController();
  const timer = clock.after(dialTimeoutMs, () => abort.abort());
  try {
    return await transport.connect({ hostname, port }, abort.signal);
  } catch {
    return null;
  } finally {
    timer.cancel();
  }
}

/** @returns the server's answer, or why there is none */
async function ask(
  { server, connection, id }: { server: ServerEntry; connection: Connection; id: string },
  { secrets, clock, random }: ForgetOptions,
): Promise<string | Error> {
  const link = new LineConnection(connection);
  const timer = clock.after(answerTimeoutMs, () => link.close(new LinkError("it is silent")));
  try {
    await introduce(link, {
      version: linkVersion,
      from: operatorName,
      to: server.name,
      nonce: nonceOf(random.bytes(16)),
      prover: await herdProver(secrets),
    });
    await link.send(lineOf("FORGET", id));
    return textOf(await link.line());
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  } finally {
    timer.cancel();
    link.close();
  }
}
