/**
 * Servers in memory for the client's tests.
 *
 * @module
 */

import type { ServerEntry } from "../../lib/topology/herd_file.ts";
import type { Address, Connection, Transport } from "../../lib/transport/transport.ts";

/** Bytes on their way from one end to the other. */
class Way {
  readonly #chunks: Uint8Array[] = [];
  #ending: "end" | "broken" | undefined;
  #wake = Promise.withResolvers<void>();

  write(bytes: Uint8Array): void {
    if (this.#ending !== undefined) throw new Error("broken");
    this.#chunks.push(bytes.slice());
    this.#changed();
  }

  end(ending: "end" | "broken"): void {
    this.#ending ??= ending;
    this.#changed();
  }

  async read(into: Uint8Array): Promise<number | null> {
    for (;;) {
      const chunk = this.#chunks.shift();
      if (chunk !== undefined) {
        into.set(chunk.subarray(0, into.length));
        if (chunk.length > into.length) this.#chunks.unshift(chunk.subarray(into.length));
        return Math.min(chunk.length, into.length);
      }
      if (this.#ending === "end") return null;
      if (this.#ending === "broken") throw new Error("broken");
      await this.#wake.promise;
    }
  }

  #changed(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
  }
}

/** The server's end of a connection. */
export class FakePeer {
  readonly #fromClient = new Way();
  readonly #toClient = new Way();
  #text = "";

  /** @returns the client's next line with its end, the rest at its end of file, then null */
  async readLine(): Promise<string | null> {
    const into = new Uint8Array(1024);
    for (;;) {
      const end = this.#text.indexOf("\n") + 1;
      if (end > 0) return this.#take(end);
      const count = await this.#fromClient.read(into);
      if (count === null) return this.#text === "" ? null : this.#take(this.#text.length);
      this.#text += new TextDecoder().decode(into.subarray(0, count));
    }
  }

  say(text: string | Uint8Array): void {
    this.#toClient.write(typeof text === "string" ? new TextEncoder().encode(text) : text);
  }

  close(): void {
    this.#toClient.end("end");
    this.#fromClient.end("broken");
  }

  reset(): void {
    this.#toClient.end("broken");
    this.#fromClient.end("broken");
  }

  /** The client's end. */
  connection(remote: Address): Connection {
    let closed = false;
    const refuseClosed = () => {
      if (closed) throw new Error("closed");
    };
    return {
      remote,
      read: (into) => (refuseClosed(), this.#toClient.read(into)),
      // Three bytes at a time: a caller has to write the rest.
      write: (bytes) => {
        try {
          refuseClosed();
          this.#fromClient.write(bytes.subarray(0, 3));
          return Promise.resolve(Math.min(3, bytes.length));
        } catch (error) {
          return Promise.reject(error);
        }
      },
      closeWrite: () => Promise.resolve(this.#fromClient.end("end")),
      close: () => {
        closed = true;
        this.#fromClient.end("end");
        this.#toClient.end("broken");
      },
    };
  }

  #take(count: number): string {
    const line = this.#text.slice(0, count);
    this.#text = this.#text.slice(count);
    return line;
  }
}

/** What a server does with a connection. */
export type Behaviour = (peer: FakePeer) => void | Promise<void>;

/** Servers by name, on ports in their order from 1; a server without a behaviour refuses. */
export class FakeNetwork implements Transport {
  readonly servers: ServerEntry[];
  readonly dialled: string[] = [];
  readonly behaviours: Map<string, Behaviour | undefined>;

  constructor(behaviours: Record<string, Behaviour | undefined>) {
    this.behaviours = new Map(Object.entries(behaviours));
    this.servers = [...this.behaviours.keys()]
      .map((name, index) => ({ name, host: "127.0.0.1", port: index + 1 }));
  }

  listen(): never {
    throw new Error("a client does not listen");
  }

  async connect(address: Address, signal: AbortSignal): Promise<Connection> {
    const { name } = this.servers[address.port - 1] ?? { name: "" };
    this.dialled.push(name);
    await Promise.resolve();
    const behaviour = this.behaviours.get(name);
    if (behaviour === undefined) throw new Error("refused");
    if (behaviour === never) {
      return await new Promise((_, reject) =>
        signal.addEventListener("abort", () => reject(signal.reason))
      );
    }
    const peer = new FakePeer();
    Promise.resolve(behaviour(peer)).catch(() => peer.reset());
    return peer.connection(address);
  }
}

/** A server that neither accepts nor refuses. */
export const never: Behaviour = () => {};

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
