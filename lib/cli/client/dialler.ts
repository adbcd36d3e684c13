/**
 * Finds a server that answers.
 *
 * @module
 */

import { dialTimeoutMs } from "../../limits.ts";
import type { ServerEntry } from "../../topology/herd_file.ts";
import type { Clock, Connection, Transport } from "../../transport/transport.ts";

/** A server that has accepted a connection. */
export interface Dialled {
  readonly name: string;
  readonly connection: Connection;
}

/** Dials all servers at once and takes the first that answers. */
export class Dialler {
  readonly #servers: readonly ServerEntry[];
  readonly #transport: Transport;
  readonly #clock: Clock;
  readonly #avoided = new Set<string>();

  /** @param servers the servers to dial */
  constructor(
    servers: readonly ServerEntry[],
    { transport, clock }: { readonly transport: Transport; readonly clock: Clock },
  ) {
    this.#servers = servers;
    this.#transport = transport;
    this.#clock = clock;
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

  /** @returns the first server that accepts a connection; null when none does in `dialTimeoutMs` */
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
    } catch {
      return null;
    }
  }

  #attempt({ name, host, port }: ServerEntry) {
    const abort = new AbortController();
    const timer = this.#clock.after(dialTimeoutMs, () => abort.abort());
    const dialled = this.#transport.connect({ hostname: host, port }, abort.signal)
      .then((connection): Dialled => ({ name, connection }))
      .finally(() => timer.cancel());
    const giveUp = () => {
      abort.abort();
      dialled.then(({ connection }) => connection.close(), () => {});
    };
    return { name, dialled, giveUp };
  }
}
