/**
 * A small server over TCP for the client's tests; it answers in the herd's form.
 *
 * @module
 */

import { answerTo } from "./memory_servers.ts";

/** Answers every line; `die` as a line ends all its connections, and it answers no more. */
export class TcpServer implements AsyncDisposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #connections = new Set<Deno.TcpConn>();
  readonly #serving: Promise<void>;

  constructor(readonly name: string) {
    this.#serving = this.#serve();
  }

  get port(): number {
    return this.#listener.addr.port;
  }

  /** Says something to every client, asked or not. */
  async say(text: string): Promise<void> {
    for (const connection of this.#connections) {
      await connection.write(new TextEncoder().encode(text));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#die();
    await this.#serving;
  }

  async #serve(): Promise<void> {
    const answering: Promise<void>[] = [];
    try {
      for await (const connection of this.#listener) {
        this.#connections.add(connection);
        answering.push(this.#answer(connection).catch(() => {}));
      }
    } catch {
      // The listener was closed.
    }
    await Promise.all(answering);
  }

  async #answer(connection: Deno.TcpConn): Promise<void> {
    const buffer = new Uint8Array(4096);
    let text = "";
    for (let count; (count = await connection.read(buffer)) !== null;) {
      text += new TextDecoder().decode(buffer.subarray(0, count));
      const lines = text.split("\n");
      text = lines.pop() ?? "";
      for (const line of lines) {
        if (line === "die") return this.#die();
        await connection.write(new TextEncoder().encode(answerTo(line, this.name)));
      }
    }
    this.#connections.delete(connection);
    connection.close();
  }

  #die(): void {
    try {
      this.#listener.close();
    } catch {
      // It is dead already.
    }
    for (const connection of this.#connections) connection.close();
    this.#connections.clear();
  }
}

/** @returns the path of a herd.json with these servers; the caller removes it */
export async function herdFileOf(servers: readonly TcpServer[]): Promise<string> {
  const config = await Deno.makeTempFile({ suffix: ".json" });
  const entries = servers.map(({ name, port }) => [name, { host: "127.0.0.1", port }]);
  await Deno.writeTextFile(
    config,
    JSON.stringify({ servers: Object.fromEntries(entries), links: [] }),
  );
  return config;
}
