/**
 * TLS over TCP. Its certificate and authority can be renewed: connections that are there live on, and
 * those that come after have the new ones.
 *
 * @module
 */

import { abandonable, listening, SystemConnection } from "./tcp.ts";
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

/** A queue in which nobody has come for this long is taken for empty, in milliseconds. */
const quietMs = 2;
/** How often a queue that does not get empty is looked at before it is given up. */
const looksMax = 100;

/** A TLS port. */
class TlsListener implements Listener {
  readonly address: Address;
  readonly #onClose: () => void;
  #credentials: Credentials;
  #listener: Deno.TlsListener | null;
  #accepted = 0;
  #closed = false;

  constructor(address: Address, { credentials, onClose }: {
    credentials: Credentials;
    onClose: () => void;
  }) {
    this.#credentials = credentials;
    this.#onClose = onClose;
    this.#listener = listenTls(address, credentials);
    const { hostname, port } = this.#listener.addr;
    this.address = { hostname, port };
  }

  async accept(): Promise<Connection | null> {
    while (!this.#closed) {
      // Listening anew may have failed: that is the next accept's trouble, and it tries again.
      const listener = this.#listener ??= listenTls(this.address, this.#credentials);
      try {
        const conn = await listener.accept();
        this.#accepted++;
        return new SystemConnection(conn);
      } catch (error) {
        if (listener === this.#listener && !this.#closed) throw error;
      }
    }
    return null;
  }

  /**
   * Listens with other credentials. A listener's are fixed, so that it is closed and another opened,
   * in one go; before that, whoever waits in its queue is accepted, since closing would drop them.
   */
  async renew(credentials: Credentials): Promise<void> {
    this.#credentials = credentials;
    for (let look = 0, accepted = -1; accepted !== this.#accepted && look < looksMax; look++) {
      accepted = this.#accepted;
      await new Promise((resolve) => setTimeout(resolve, quietMs));
    }
    if (this.#closed || this.#credentials !== credentials) return;
    const old = this.#listener;
    this.#listener = null;
    old?.close();
    this.#listener = listenTls(this.address, credentials);
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#listener?.close();
    this.#onClose();
  }
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
  #options: TlsOptions;

  constructor(options: TlsOptions) {
    this.#options = options;
  }

  /**
   * Has connections from now on made with these.
   *
   * @param options what was tried with {@linkcode tryCredentials} before
   * @returns what is resolved when no listener has the old certificate any more
   * @throws {Error} rejects when a port cannot be listened on anew; accepting tries again
   */
  async renew(options: TlsOptions): Promise<void> {
    const { credentials: before } = this.#options;
    this.#options = options;
    const { credentials } = options;
    if (credentials === null) return;
    if (credentials.cert === before?.cert && credentials.key === before.key) return;
    await Promise.all([...this.#listeners].map((listener) => listener.renew(credentials)));
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

  /** @throws {Error} when nobody answers there, or the server is not whom we want to talk to */
  async connect({ hostname, port }: Address, signal: AbortSignal): Promise<Connection> {
    const { ca } = this.#options;
    const caCerts = ca === null ? {} : { caCerts: [ca] };
    const conn = await abandonable(Deno.connectTls({ hostname, port, ...caCerts }), signal);
    const connection = new SystemConnection(conn);
    const giveUp = () => connection.close();
    signal.addEventListener("abort", giveUp, { once: true });
    try {
      // Deno would do this with the first byte; so it is known now whose end that is.
      await conn.handshake();
      return connection;
    } catch (error) {
      connection.close();
      throw signal.aborted ? signal.reason : error;
    } finally {
      signal.removeEventListener("abort", giveUp);
    }
  }
}

/**
 * Finds out whether a server could listen with these. Only a listener says whether key and certificate
 * belong together, so that one listens for a moment, on this machine and a port of its own.
 *
 * @throws {CredentialsError} when it could not
 */
export function tryCredentials(credentials: Credentials): void {
  listenTls({ hostname: "127.0.0.1", port: 0 }, credentials).close();
}

/** What rustls says of credentials, in our words. */
const complaints = [
  { of: /No certificates found/, text: "the certificate's file holds no certificate in PEM" },
  { of: /No keys found/, text: "the key's file holds no private key in PEM" },
  { of: /KeyMismatch/, text: "the key is not the certificate's" },
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
