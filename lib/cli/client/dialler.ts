/**
 * Finds a server that answers.
 *
 * @module
 */

import { dialTimeoutMs } from "../../limits.ts";
import { textOf } from "../../protocol/ascii.ts";
import { UsageError } from "../usage.ts";
import type { ServerEntry } from "../../topology/herd_file.ts";
import type { Clock, Connection, Transport } from "../../transport/transport.ts";

/** A server that has accepted a connection. */
export interface Dialled {
  readonly name: string;
  readonly connection: Connection;
}

/** How a {@linkcode Dialler} dials. */
export interface DiallerOptions {
  readonly transport: Transport;
  readonly clock: Clock;
  /** What the servers are shown, where they want a token. */
  readonly token?: string | undefined;
}

/** Dials all servers at once and takes the first that answers. */
export class Dialler {
  readonly #servers: readonly ServerEntry[];
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #token: string | undefined;
  readonly #avoided = new Set<string>();

  /** @param servers the servers to dial */
  constructor(
    servers: readonly ServerEntry[],
    { transport, clock, token }: DiallerOptions,
  ) {
    this.#servers = servers;
    this.#transport = transport;
    this.#clock = clock;
    this.#token = token;
  }

  /** Whether there is another server to turn to when one dies. */
  get hasChoice(): boolean {
    return this.#servers.length > 1;
  }

  /** The names of the servers, for messages. */
  get names(): readonly string[] {
    return this.#servers.map(({ name }) => name);
  }

  /**
   * Leaves out a server whose connection has ended, so that one that accepts clients and answers
   * none is not dialled again and again.
   *
   * @param dialogue.answered whether it answered; if so, those left out before are dialled again
   */
  leave({ name, answered }: { readonly name: string; readonly answered: boolean }): void {
    if (answered) this.forgive();
    this.#avoided.add(name);
  }

  /** Dials every server again from now on. */
  forgive(): void {
    this.#avoided.clear();
  }

  /**
   * @returns the first server that accepts a connection, and the token where there is one; null when
   * none does in `dialTimeoutMs`
   * @throws {UsageError} when the only answer is that the token is not accepted
   */
  async dial(): Promise<Dialled | null> {
    const attempts = this.#servers
      .filter(({ name }) => !this.#avoided.has(name))
      .map((server) => this.#attempt(server));
    try {
      const first = await Promise.any(attempts.map(({ dialled }) => dialled));
      for (const attempt of attempts) {
        if (attempt.name !== first.name) attempt.giveUp();
      }
      return first;
    } catch (error) {
      const refusal = (error as AggregateError).errors.find((each) => each instanceof UsageError);
      if (refusal !== undefined) throw refusal;
      return null;
    }
  }

  #attempt({ name, host, port }: ServerEntry) {
    const abort = new AbortController();
    const timer = this.#clock.after(dialTimeoutMs, () => abort.abort());
    const dialled = this.#transport.connect({ hostname: host, port }, abort.signal)
      .then(async (connection): Promise<Dialled> => {
        abort.signal.addEventListener("abort", () => connection.close(), { once: true });
        if (this.#token !== undefined) await show(this.#token, { name, connection });
        return { name, connection };
      })
      .finally(() => timer.cancel());
    const giveUp = () => {
      abort.abort();
      dialled.then(({ connection }) => connection.close(), () => {});
    };
    return { name, dialled, giveUp };
  }
}

/** Shows a token as the first line of a connection. @throws {UsageError} when it is not accepted */
async function show(token: string, { name, connection }: Dialled): Promise<void> {
  const line = new TextEncoder().encode(`AUTH ${token}\n`);
  for (let rest = line; rest.length > 0;) rest = rest.subarray(await connection.write(rest));
  let answer = "";
  for (const bytes = new Uint8Array(256); !answer.endsWith("\n");) {
    const count = await connection.read(bytes);
    if (count === null) break;
    answer += textOf(bytes.subarray(0, count));
  }
  if (answer.startsWith("AUTH ")) return;
  connection.close();
  throw new UsageError(
    `${name} does not accept the token of HERD_TOKEN: it is another herd's, has ended, or was ` +
      "revoked, or the herd needs none",
  );
}
