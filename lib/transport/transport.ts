/**
 * The seam between the herd and the world: connections, time and chance. A server gets them as
 * arguments; `tcp.ts` and `system.ts` are the real ones, the tests' network is another.
 *
 * @module
 */

/** Where a server listens or a peer is. `hostname` may be a name, an IPv4 or an IPv6 address. */
export interface Address {
  readonly hostname: string;
  readonly port: number;
}

/** One TCP connection, in bytes. */
export interface Connection {
  /** The other end. */
  readonly remote: Address;
  /**
   * Reads what has come, at least one byte.
   *
   * @param into where the bytes go; it may not be touched until the promise is settled
   * @returns how many bytes, or null at the peer's end of file
   * @throws {Error} when the connection is broken, or closed from this side
   */
  read(into: Uint8Array<ArrayBuffer>): Promise<number | null>;
  /**
   * Writes some of the bytes, at least one.
   *
   * @param bytes what to write; it may not be touched until the promise is settled
   * @returns how many bytes were taken
   * @throws {Error} when the connection is broken, or closed from this side
   */
  write(bytes: Uint8Array<ArrayBuffer>): Promise<number>;
  /** Ends the writing half: the peer reads to the end of file. */
  closeWrite(): Promise<void>;
  /** Closes both halves at once; what is pending fails. Closing again does nothing. */
  close(): void;
}

/** A listening port. */
export interface Listener {
  /** Where it listens; the port is the real one where 0 was asked for. */
  readonly address: Address;
  /**
   * @returns the next connection, or null when the listener was closed
   * @throws {TooManyFilesError} when the system gives none before another file is closed
   * @throws {Error} when it gives none for another reason
   */
  accept(): Promise<Connection | null>;
  /** Stops listening. Connections that were accepted live on. */
  close(): void;
}

/** What makes connections. */
export interface Transport {
  /**
   * @throws {AddressInUseError} when another program has the port
   * @throws {Error} when the address cannot be listened on
   */
  listen(address: Address): Listener;
  /**
   * @param signal aborts the attempt
   * @throws {Error} when nobody answers there
   */
  connect(address: Address, signal: AbortSignal): Promise<Connection>;
}

/** Another program listens on the port already. */
export class AddressInUseError extends Error {
  override readonly name = "AddressInUseError";
}

/** The process, or the whole system, has as many files and connections open as it may. */
export class TooManyFilesError extends Error {
  override readonly name = "TooManyFilesError";
}

/** A moment in POSIX time as two integers, since nanoseconds do not fit one number. */
export interface Instant {
  /** Whole seconds since 1970-01-01 00:00:00 UTC. */
  seconds: number;
  /** 0 to 999 999 999. */
  nanoseconds: number;
}

/** What ends a timer. Ending one that has fired does nothing. */
export interface Timer {
  cancel(): void;
}

/** Time: a wall clock that may step, and a steady one for waits. */
export interface Clock {
  /**
   * Writes the wall clock's time into `instant`; no object is made, since every read asks. Whatever
   * is ready at the same time may get the same time: promises that are settled now go on before it
   * changes.
   */
  now(instant: Instant): void;
  /** Milliseconds on a clock that never steps; only differences mean anything. */
  steadyMs(): number;
  /** Calls `callback` once, `ms` milliseconds from now. */
  after(ms: number, callback: () => void): Timer;
  /** Calls `callback` after what is ready now, before any timer; for work in slices. */
  soon(callback: () => void): void;
}

/** Chance. */
export interface Random {
  /** @returns a number from 0 to 1, 1 not included */
  fraction(): number;
  /** @returns bytes that nobody can predict */
  bytes(count: number): Uint8Array<ArrayBuffer>;
}
