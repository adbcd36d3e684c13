/**
 * Servers for the client's tests, on the network in memory: each does with a connection what a test
 * says.
 *
 * @module
 */

import type { ServerEntry } from "../../lib/topology/herd_file.ts";
import type { Address, Connection, Transport } from "../../lib/transport/transport.ts";
import { MemoryNetwork } from "../memory_network.ts";
import { seededRandom } from "../seeded_random.ts";

/** Where the client runs, and the port of every server; they are told apart by their hostnames. */
const [clientHost, port] = ["127.0.0.1", 12_100];

/** The server's end of a connection. */
export class Peer {
  readonly #connection: Connection;
  readonly #onReset: () => void;
  /** What is being said, one thing after the other. */
  #saying: Promise<unknown> = Promise.resolve();
  readonly #decoder = new TextDecoder();
  #text = "";

  constructor(connection: Connection, onReset: () => void) {
    this.#connection = connection;
    this.#onReset = onReset;
  }

  /** @returns the client's next line with its end, the rest at its end of file, then null */
  async readLine(): Promise<string | null> {
    const into = new Uint8Array(1024);
    for (;;) {
      const end = this.#text.indexOf("\n") + 1;
      if (end > 0) return this.#take(end);
      const count = await this.#connection.read(into);
      if (count === null) return this.#text === "" ? null : this.#take(this.#text.length);
      this.#text += this.#decoder.decode(into.subarray(0, count), { stream: true });
    }
  }

  say(text: string | Uint8Array): void {
    const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
    this.#afterwards(() => this.#write(Uint8Array.from(bytes)));
  }

  close(): void {
    this.#afterwards(() => this.#connection.close());
  }

  reset(): void {
    this.#afterwards(() => this.#onReset());
  }

  #afterwards(what: () => Promise<void> | void): void {
    // A client that has gone hears nothing more.
    this.#saying = this.#saying.then(what).catch(() => {});
  }

  async #write(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    while (bytes.length > 0) bytes = bytes.subarray(await this.#connection.write(bytes));
  }

  #take(count: number): string {
    const line = this.#text.slice(0, count);
    this.#text = this.#text.slice(count);
    return line;
  }
}

/** What a server does with a connection. */
export type Behaviour = (peer: Peer) => void | Promise<void>;

/** A server that neither accepts nor refuses. */
export const never: Behaviour = () => {};

/** Servers by name, and the network as their client has it. What is sent arrives in pieces. */
export class MemoryServers implements Transport {
  readonly servers: ServerEntry[];
  /** Whom the client dialled, in order. */
  readonly dialled: string[] = [];
  readonly #network = new MemoryNetwork({ random: seededRandom(1) });
  readonly #client = this.#network.transport(clientHost);

  /** @param behaviours what each server does; one that is undefined refuses */
  constructor(behaviours: Record<string, Behaviour | undefined>) {
    this.servers = Object.keys(behaviours)
      .map((name, index) => ({ name, host: `127.0.0.${index + 2}`, port }));
    for (const [name, behaviour] of Object.entries(behaviours)) {
      if (behaviour !== undefined) this.start(name, behaviour);
    }
  }

  /** Has a server accept that refused. */
  start(name: string, behaviour: Behaviour): void {
    const { host } = this.servers.find((server) => server.name === name)!;
    if (behaviour === never) return this.#network.cut(clientHost, host);
    const listener = this.#network.transport(host).listen({ hostname: host, port });
    const serve = async () => {
      for (let connection; (connection = await listener.accept()) !== null;) {
        const peer = new Peer(connection, () => this.#network.reset(clientHost, host));
        Promise.resolve(behaviour(peer)).catch(() => peer.reset());
      }
    };
    serve();
  }

  listen(): never {
    throw new Error("a client does not listen");
  }

  async connect(address: Address, signal: AbortSignal): Promise<Connection> {
    this.dialled.push(this.servers.find(({ host }) => host === address.hostname)?.name ?? "");
    return await this.#client.connect(address, signal);
  }
}

/** A server that answers every line as a herd's would, `AT` with its name in it. */
export function answering(name: string): Behaviour {
  return async (peer) => {
    for (let line; (line = await peer.readLine()) !== null;) {
      peer.say(answerTo(line.trimEnd(), name));
    }
    peer.close();
  };
}

/** An answer of the right form. */
export function answerTo(line: string, name: string): string {
  const [command, client] = line.trim().split(/\s+/);
  const at = `AT ${name} +0.1 ${client} +1-1 1.5\n`;
  if (command === "IAMAT") return at;
  if (command === "WHATSAT") return `${at}{\n  "results" : [],\n  "status" : "OK"\n}\n\n`;
  return `? ${line}\n`;
}
