/**
 * TLS over TCP. Its certificate and authority can be renewed: open connections live on, and later
 * ones use the new.
 *
 * @module
 */

import { abortable } from "@std/async/abortable";
import { deadline } from "@std/async/deadline";
import { connectionsMax, lingeringMax, renewalMs } from "../limits.ts";
import { abandonable, listening, throwUnlessReset } from "./tcp.ts";
import { type LingeringConnections, TlsConnection } from "./tls_connection.ts";
import type { Address, Connection, Listener, Transport } from "./transport.ts";

/** What a server proves its name with, both in PEM. */
export interface Credentials {
  /** The certificate, those between it and its authority behind it. */
  readonly cert: string;
  /** The private key. */
  readonly key: string;
}

/** What a {@linkcode Tls} works with. */
export interface TlsOptions {
  /** Null: it cannot listen. */
  readonly credentials: Credentials | null;
  /** The authority that servers are checked against, in PEM; null: those that Deno knows. */
  readonly ca: string | null;
}

/** Certificate and key are not what they should be. The message holds nothing of either. */
export class CredentialsError extends Error {
  override readonly name = "CredentialsError";
}

/**
 * A change of certificate: it happens when the connection that a listener made to itself arrives.
 */
interface Renewal {
  readonly credentials: Credentials;
  readonly marker: Promise<Deno.TcpConn>;
  readonly done: () => void;
}

/** A TLS port. */
class TlsListener implements Listener {
  readonly address: Address;
  readonly #onClose: () => void;
  readonly #lingering: LingeringConnections = new Set();
  #credentials: Credentials;
  /** Null when listening again has failed; the next accept tries once more. */
  #listener: Deno.TlsListener | null;
  #renewal: Renewal | null = null;
  #closed = false;

  constructor(address: Address, { credentials, onClose }: {
    credentials: Credentials;
    onClose: () => void;
  }) {
    this.#onClose = onClose;
    this.#credentials = credentials;
    this.#listener = listenTls(address, credentials);
    const { hostname, port } = this.#listener.addr;
    this.address = { hostname, port };
  }

  async accept(): Promise<Connection | null> {
    while (!this.#closed) {
      try {
        this.#listener ??= listenTls(this.address, this.#credentials);
        // Those who never shake hands are dropped in time, and linger: no few of them may end this.
        while (this.#lingering.size >= connectionsMax) await Promise.race(this.#lingering);
        const conn = await this.#listener.accept();
        if (!await this.#isMarker(conn)) return new TlsConnection(conn, this.#lingering);
        conn.close();
        this.#relisten();
      } catch (error) {
        if (!this.#closed) throwUnlessReset(error);
      }
    }
    return null;
  }

  /**
   * Listens with other credentials. A listener's are fixed, so it is closed and another one opened
   * in its place. A pending accept would keep the port, and a client waiting in the queue would be
   * lost. So we connect to ourselves, and swap listeners when that connection comes out at the end
   * of the queue.
   */
  async renew(credentials: Credentials): Promise<void> {
    const { hostname, port } = this.address;
    const marker = Deno.connect({ hostname: dialled(hostname), port });
    const { promise, resolve } = Promise.withResolvers<void>();
    const renewal = { credentials, marker, done: resolve };
    this.#renewal?.done();
    this.#renewal = renewal;
    try {
      await deadline(Promise.all([marker, promise]), renewalMs);
    } catch (error) {
      if (this.#closed) return;
      if (!(error instanceof DOMException)) throw error;
      throw new Error("the certificate cannot change now: no connection is accepted");
    } finally {
      marker.then((conn) => conn.close(), () => {});
      if (this.#renewal === renewal) this.#renewal = null;
    }
  }

  /** Whether it is the connection that a renewal waits for. */
  async #isMarker({ remoteAddr }: Deno.TlsConn): Promise<boolean> {
    if (this.#renewal === null) return false;
    const marker = await this.#renewal.marker.catch(() => null);
    const own = marker?.localAddr;
    return own?.port === remoteAddr.port && own.hostname === remoteAddr.hostname;
  }

  #relisten(): void {
    const renewal = this.#renewal;
    if (renewal === null || this.#closed) return;
    this.#credentials = renewal.credentials;
    this.#listener?.close();
    this.#listener = null;
    this.#listener = listenTls(this.address, this.#credentials);
    renewal.done();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#listener?.close();
    this.#renewal?.done();
    this.#onClose();
  }
}

/** The address to dial for a listener on every address. */
function dialled(hostname: string): string {
  return hostname === "0.0.0.0" ? "127.0.0.1" : hostname === "::" ? "::1" : hostname;
}

/**
 * TLS through Deno. A server is checked for the name or address that is dialled.
 *
 * @example
 * ```ts
 * import { assertThrows } from "@std/assert";
 *
 * const tls = new Tls({ credentials: null, ca: null });
 * assertThrows(
 *   () => tls.listen({ hostname: "127.0.0.1", port: 0 }),
 *   CredentialsError,
 *   "no certificate to listen with",
 * );
 * ```
 */
export class Tls implements Transport {
  readonly #listeners = new Set<TlsListener>();
  readonly #lingering: LingeringConnections = new Set();
  #options: TlsOptions;

  constructor(options: TlsOptions) {
    this.#options = options;
  }

  /**
   * Makes connections with these from now on.
   *
   * @param options what was tried with {@linkcode tryCredentials} before
   * @returns when no listener has the old certificate any more
   * @throws {Error} when that cannot be done now: the old ones stay
   */
  async renew(options: TlsOptions): Promise<void> {
    const { credentials } = options;
    if (credentials !== null && !isSame(credentials, this.#options.credentials)) {
      await Promise.all([...this.#listeners].map((listener) => listener.renew(credentials)));
    }
    this.#options = options;
  }

  /** @throws {CredentialsError} when there are no credentials, or they cannot be used */
  listen(address: Address): Listener {
    const { credentials } = this.#options;
    if (credentials === null) throw new CredentialsError("no certificate to listen with");
    const listener = new TlsListener(address, {
      credentials,
      onClose: () => this.#listeners.delete(listener),
    });
    this.#listeners.add(listener);
    return listener;
  }

  /** @throws {Error} when nobody answers there, or the server fails to prove its name */
  async connect({ hostname, port }: Address, signal: AbortSignal): Promise<Connection> {
    if (this.#lingering.size >= lingeringMax) {
      throw new Error("too many earlier dials are still pending");
    }
    const { ca } = this.#options;
    const caCerts = ca === null ? {} : { caCerts: [ca] };
    const conn = await abandonable(Deno.connectTls({ hostname, port, ...caCerts }), signal);
    const connection = new TlsConnection(conn, this.#lingering);
    try {
      await abortable(connection.secured, signal);
      return connection;
    } catch (error) {
      connection.close();
      throw error;
    }
  }
}

/**
 * Finds out whether a server could listen with these. Only a listener says whether key and
 * certificate belong together, so that one listens for a moment, on this machine and a port of its
 * own.
 *
 * @throws {CredentialsError} when it could not
 */
export function tryCredentials(credentials: Credentials): void {
  listenTls({ hostname: "127.0.0.1", port: 0 }, credentials).close();
}

function isSame(one: Credentials, other: Credentials | null): boolean {
  return one.cert === other?.cert && one.key === other.key;
}

/** Messages of rustls about credentials, in our words. */
const complaints = [
  { of: /No certificates found/, text: "the certificate's file holds no certificate in PEM" },
  { of: /No keys found/, text: "the key's file holds no private key in PEM" },
  { of: /KeyMismatch/, text: "the key does not belong to the certificate" },
];

function listenTls({ hostname, port }: Address, { cert, key }: Credentials): Deno.TlsListener {
  try {
    return listening({ hostname, port }, () => Deno.listenTls({ hostname, port, cert, key }));
  } catch (error) {
    const message = error instanceof Error ? error.message : "";
    const complaint = complaints.find(({ of }) => of.test(message));
    if (complaint !== undefined) throw new CredentialsError(complaint.text);
    if (error instanceof Deno.errors.InvalidData) throw new CredentialsError(message);
    throw error;
  }
}
