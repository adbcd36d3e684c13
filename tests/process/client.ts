/**
 * A client that knows bytes and lines, and nothing of the protocol.
 *
 * @module
 */

import { within } from "./waiting.ts";

const newline = 0x0a;
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** A TCP connection to a server, plain or over TLS. */
export class Client implements Disposable {
  readonly #conn: Deno.Conn<Deno.NetAddr>;
  #received: Uint8Array = new Uint8Array(0);

  private constructor(conn: Deno.Conn<Deno.NetAddr>) {
    this.#conn = conn;
  }

  /** Connects to a server on this machine, or takes a connection that is there. */
  static async connect(port: number, hostname = "127.0.0.1"): Promise<Client> {
    const dial = Deno.connect({ port, hostname });
    return new Client(await within(dial, () => `a connection to ${hostname}:${port}`));
  }

  /**
   * Connects to a server on this machine over TLS.
   *
   * @param ca the authority that its certificate is from, in PEM
   */
  static async secure(port: number, ca: string): Promise<Client> {
    const dial = async () => {
      const conn = await Deno.connectTls({ hostname: "127.0.0.1", port, caCerts: [ca] });
      await conn.handshake();
      return new Client(conn);
    };
    return await within(dial(), () => `a connection over TLS to port ${port}`);
  }

  /** Waits for somebody to connect. */
  static async accept(listener: Deno.TcpListener): Promise<Client> {
    return new Client(await within(listener.accept(), () => "somebody connects"));
  }

  /** This end's address, as a server logs it. */
  get address(): string {
    const { hostname, port } = this.#conn.localAddr;
    return `${hostname}:${port}`;
  }

  /** Sends all of it; text as UTF-8. */
  async send(data: string | Uint8Array): Promise<void> {
    const bytes = typeof data === "string" ? encoder.encode(data) : data;
    await within(this.#sendAll(bytes), () => `a write of ${bytes.length} bytes`);
  }

  async #sendAll(bytes: Uint8Array): Promise<void> {
    for (let sent = 0; sent < bytes.length;) sent += await this.#conn.write(bytes.subarray(sent));
  }

  /** Writes some of it, when the system takes any. */
  write(bytes: Uint8Array): Promise<number> {
    return this.#conn.write(bytes);
  }

  /** Sends the end of file; reading goes on. */
  halfClose(): Promise<void> {
    return this.#conn.closeWrite();
  }

  /** @returns the next line without its newline, or null at the end of file */
  async lineBytes(): Promise<Uint8Array | null> {
    for (;;) {
      const end = this.#received.indexOf(newline);
      if (end >= 0) {
        const line = this.#received.subarray(0, end);
        this.#received = this.#received.subarray(end + 1);
        return line;
      }
      if (!await this.#read("a line")) return null;
    }
  }

  /** @returns the next line without its newline, as UTF-8, or null at the end of file */
  async line(): Promise<string | null> {
    const line = await this.lineBytes();
    return line === null ? null : decoder.decode(line);
  }

  /** @returns everything up to the end of file, which must come in time however much comes before */
  async restBytes(): Promise<Uint8Array> {
    let isLate = false;
    const readAll = async () => {
      while (!isLate && await this.#read("the end of file"));
    };
    await within(readAll(), () => "the end of file").finally(() => isLate = true);
    const rest = this.#received;
    this.#received = new Uint8Array(0);
    return rest;
  }

  /** @returns everything up to the end of file, as UTF-8 */
  async rest(): Promise<string> {
    return decoder.decode(await this.restBytes());
  }

  /** Reads to the end of file, or to the end of the connection, and keeps nothing of it. */
  async drain(): Promise<void> {
    const into = new Uint8Array(256 * 1024);
    try {
      while (await this.#conn.read(into) !== null);
    } catch {
      // The connection is over.
    }
  }

  /** Sends a line and waits for one. */
  async say(line: string): Promise<string | null> {
    await this.send(`${line}\n`);
    return await this.line();
  }

  async #read(what: string): Promise<boolean> {
    const buffer = new Uint8Array(64 * 1024);
    const count = await within(
      this.#conn.read(buffer),
      () => `${what}; so far there is ${JSON.stringify(decoder.decode(this.#received))}`,
    );
    if (count === null) return false;
    const received = new Uint8Array(this.#received.length + count);
    received.set(this.#received);
    received.set(buffer.subarray(0, count), this.#received.length);
    this.#received = received;
    return true;
  }

  [Symbol.dispose](): void {
    try {
      this.#conn.close();
    } catch (error) {
      if (!(error instanceof Deno.errors.BadResource)) throw error;
    }
  }
}

/**
 * Sends, half-closes, and reads to the end of file.
 *
 * @returns all that the server sent
 */
export async function ask(port: number, data: string | Uint8Array): Promise<string> {
  return decoder.decode(await askBytes(port, data));
}

/** As {@linkcode ask}, in bytes. */
export async function askBytes(port: number, data: string | Uint8Array): Promise<Uint8Array> {
  using client = await Client.connect(port);
  await client.send(data);
  await client.halfClose();
  return await client.restBytes();
}
