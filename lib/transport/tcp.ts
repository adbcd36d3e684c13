/**
 * TCP as the operating system gives it: the only caller of `Deno.listen` and `Deno.connect`.
 *
 * @module
 */

import {
  type Address,
  AddressInUseError,
  type Connection,
  type Listener,
  type Transport,
} from "./transport.ts";

/** A TCP connection. */
class TcpConnection implements Connection {
  readonly remote: Address;
  readonly #conn: Deno.TcpConn;
  #closed = false;

  constructor(conn: Deno.TcpConn) {
    this.#conn = conn;
    this.remote = { hostname: conn.remoteAddr.hostname, port: conn.remoteAddr.port };
    // Answers are a line each: waiting to fill a segment would only delay them.
    conn.setNoDelay(true);
  }

  read(into: Uint8Array<ArrayBuffer>): Promise<number | null> {
    return this.#conn.read(into);
  }

  write(bytes: Uint8Array<ArrayBuffer>): Promise<number> {
    return this.#conn.write(bytes);
  }

  closeWrite(): Promise<void> {
    return this.#conn.closeWrite();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#conn.close();
  }
}

/** A listening TCP port. */
class TcpListener implements Listener {
  readonly address: Address;
  readonly #listener: Deno.TcpListener;
  #closed = false;

  constructor(listener: Deno.TcpListener) {
    this.#listener = listener;
    this.address = { hostname: listener.addr.hostname, port: listener.addr.port };
  }

  async accept(): Promise<Connection | null> {
    for (;;) {
      let conn: Deno.TcpConn;
      try {
        conn = await this.#listener.accept();
      } catch (error) {
        if (this.#closed) return null;
        throw error;
      }
      try {
        return new TcpConnection(conn);
      } catch {
        // The client reset the connection while it waited to be accepted.
        conn.close();
      }
    }
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#listener.close();
  }
}

/** TCP through Deno. */
export const tcp: Transport = {
  listen({ hostname, port }: Address): Listener {
    try {
      return new TcpListener(Deno.listen({ hostname, port, transport: "tcp" }));
    } catch (error) {
      if (error instanceof Deno.errors.AddrInUse) {
        throw new AddressInUseError(`${hostname}:${port} is in use`, { cause: error });
      }
      throw error;
    }
  },

  async connect({ hostname, port }: Address, signal: AbortSignal): Promise<Connection> {
    const dial = Deno.connect({ hostname, port, transport: "tcp" });
    const conn = await abandonable(dial, signal);
    return new TcpConnection(conn);
  },
};

/** Deno's own `signal` option for connect is newer than the oldest Deno this runs on. */
function abandonable(dial: Promise<Deno.TcpConn>, signal: AbortSignal): Promise<Deno.TcpConn> {
  return new Promise((resolve, reject) => {
    const abandon = () => {
      reject(signal.reason);
      dial.then((conn) => conn.close(), () => {});
    };
    if (signal.aborted) return abandon();
    signal.addEventListener("abort", abandon, { once: true });
    dial.then(resolve, reject).finally(() => signal.removeEventListener("abort", abandon));
  });
}
