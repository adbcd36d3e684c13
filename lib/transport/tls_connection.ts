/**
 * A connection over TLS.
 *
 * @module
 */

import { SystemConnection } from "./tcp.ts";
import type { Address, Connection } from "./transport.ts";

/**
 * Connections that were closed before the handshake was complete. Deno closes such a one only when
 * the peer sends something or goes away, so their number must be bounded.
 */
export type LingeringConnections = Set<Promise<void>>;

/** One end of a connection. The handshake begins at once; reading and writing wait for it. */
export class TlsConnection implements Connection {
  readonly remote: Address;
  /** Resolves when the handshake is complete; rejects when it fails, or at {@linkcode close}. */
  readonly secured: Promise<void>;
  readonly #connection: SystemConnection;
  readonly #lingering: LingeringConnections;
  readonly #handshake: Promise<void>;
  #state: "shaking hands" | "secure" | "closed" = "shaking hands";
  #giveUp: (reason: Error) => void = () => {};

  /**
   * @param conn belongs to this object from here on
   * @param lingering holds this connection while it is closed and not yet gone
   */
  constructor(conn: Deno.TlsConn, lingering: LingeringConnections) {
    this.#connection = new SystemConnection(conn);
    this.#lingering = lingering;
    this.remote = this.#connection.remote;
    const closed = new Promise<never>((_, reject) => this.#giveUp = reject);
    this.#handshake = conn.handshake().then(() => {
      if (this.#state === "shaking hands") this.#state = "secure";
    });
    this.secured = Promise.race([this.#handshake, closed]);
    // Reads and writes report the error; until one is made, it does not count as unhandled.
    this.secured.catch(() => {});
  }

  async read(into: Uint8Array<ArrayBuffer>): Promise<number | null> {
    if (this.#state !== "secure") await this.secured;
    return await this.#connection.read(into);
  }

  async write(bytes: Uint8Array<ArrayBuffer>): Promise<number> {
    if (this.#state !== "secure") await this.secured;
    return await this.#connection.write(bytes);
  }

  async closeWrite(): Promise<void> {
    if (this.#state !== "secure") await this.secured;
    await this.#connection.closeWrite();
  }

  close(): void {
    const before = this.#state;
    this.#state = "closed";
    if (before === "secure") this.#connection.close();
    if (before !== "shaking hands") return;
    this.#giveUp(new Error("the connection is closed"));
    const gone = this.#handshake.catch(() => {}).then(() => {
      this.#connection.close();
      this.#lingering.delete(gone);
    });
    this.#lingering.add(gone);
  }
}
