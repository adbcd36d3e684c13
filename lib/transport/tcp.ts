/**
 * TCP as the operating system gives it: with `tls.ts`, the only caller of `Deno.listen` and
 * `Deno.connect`.
 *
 * @module
 */

import { abortable } from "@std/async/abortable";
import { addressText } from "./address.ts";
import {
  type Address,
  AddressInUseError,
  type Connection,
  type Listener,
  TooManyFilesError,
  type Transport,
} from "./transport.ts";

/** A connection of the system's, plain or over TLS. */
export class SystemConnection implements Connection {
  readonly remote: Address;
  readonly #conn: Deno.Conn<Deno.NetAddr>;
  #closed = false;

  /** @param conn belongs to this object from here on */
  constructor(conn: Deno.Conn<Deno.NetAddr>) {
    this.#conn = conn;
    this.remote = { hostname: conn.remoteAddr.hostname, port: conn.remoteAddr.port };
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
        throwUnlessReset(error);
        continue;
      }
      try {
        return tcpConnection(conn);
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

/** A connection that was reset before it was accepted; nothing is wrong with the next one. */
const resets = ["ENOTCONN", "ECONNABORTED", "ECONNRESET", "EPROTO", "ETIMEDOUT"];
const tooManyFiles = ["EMFILE", "ENFILE"];

/**
 * @param error what accepting a connection failed with
 * @throws {TooManyFilesError} when the system has no file for it
 * @throws the error, unless it is of that one connection only
 */
export function throwUnlessReset(error: unknown): void {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (resets.includes(code)) return;
  if (!tooManyFiles.includes(code)) throw error;
  throw new TooManyFilesError("too many open files", { cause: error });
}

/** TCP through Deno. */
export const tcp: Transport = {
  listen({ hostname, port }: Address): Listener {
    return new TcpListener(
      listening({ hostname, port }, () => Deno.listen({ hostname, port, transport: "tcp" })),
    );
  },

  async connect({ hostname, port }: Address, signal: AbortSignal): Promise<Connection> {
    const dial = Deno.connect({ hostname, port, transport: "tcp" });
    return tcpConnection(await abandonable(dial, signal));
  },
};

function tcpConnection(conn: Deno.TcpConn): Connection {
  // Answers are a line each: waiting to fill a segment would only delay them.
  conn.setNoDelay(true);
  // A client whose machine is gone says nothing: only the system finds out.
  conn.setKeepAlive(true);
  return new SystemConnection(conn);
}

/**
 * @param address where `listen` listens
 * @param listen makes a listener
 * @returns the listener
 * @throws {AddressInUseError} when another program has the port
 */
export function listening<T>({ hostname, port }: Address, listen: () => T): T {
  try {
    return listen();
  } catch (error) {
    if (error instanceof Deno.errors.AddrInUse) {
      throw new AddressInUseError(`${addressText({ hostname, port })} is in use`, { cause: error });
    }
    throw error;
  }
}

/**
 * Waits for a dial, as long as it is wanted. Deno's own `signal` option for connect is newer than
 * the oldest Deno this runs on.
 *
 * @returns the connection; one that comes after the signal is closed
 * @throws {Error} when the dial fails; the signal's reason when it is aborted
 */
export async function abandonable<T extends Disposable>(
  dial: Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  try {
    return await abortable(dial, signal);
  } catch (error) {
    dial.then((conn) => conn[Symbol.dispose](), () => {});
    throw error;
  }
}
