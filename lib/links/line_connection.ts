/**
 * A connection between two servers, in lines: it reads one at a time, writes all of what it is
 * given, and reports when something was heard.
 *
 * @module
 */

import { linkLineBytesMax, linkReadBytesMin, readBytesMax } from "../limits.ts";
import { reasonOf } from "../log/reason.ts";
import { LineBuffer } from "../protocol/line_buffer.ts";
import type { Connection } from "../transport/transport.ts";
import { LinkError } from "./hello.ts";

/** The network's doing: a connection that broke, or could not be made. */
export class ConnectionLost extends Error {
  override readonly name = "ConnectionLost";

  /** @param cause what the connection threw */
  constructor(cause: unknown) {
    super(reasonOf(cause), { cause });
  }
}

/** @returns whether links may end of this; what else they end of is a fault of the program */
export function isTrouble(error: unknown): boolean {
  return error instanceof LinkError || error instanceof ConnectionLost;
}

/** Lines over a connection. */
export class LineConnection {
  readonly connection: Connection;
  readonly lines: LineBuffer;
  /** Called when bytes have come. */
  onHeard: () => void = () => {};
  /** Called with each line that {@linkcode line} gives. */
  onLineIn: (line: Uint8Array) => void = () => {};
  /** Called with each line, its newline included, that {@linkcode send} takes. */
  onLineOut: (line: Uint8Array) => void = () => {};
  #why: unknown = undefined;

  /**
   * @param connection is read from and written to by nobody else
   * @param lines what was read from it already
   */
  constructor(connection: Connection, lines?: LineBuffer) {
    this.connection = connection;
    this.lines = lines ?? new LineBuffer({ bytesMin: linkReadBytesMin, bytesMax: readBytesMax });
  }

  /**
   * Waits until at least one line is complete.
   *
   * @returns whether there is one; not at the end of file, where an unfinished line is dropped,
   *   since its other half may be missing
   * @throws {LinkError} when a line is longer than any that a server sends
   * @throws {Error} what {@linkcode close} was given
   * @throws {ConnectionLost} when the connection breaks
   */
  async more(): Promise<boolean> {
    while (this.lines.start >= this.lines.complete) {
      const count = await this.#orWhy(this.connection.read(this.lines.room()));
      if (count === null) return false;
      this.lines.received(count);
      this.onHeard();
      if (this.lines.unfinishedBytes > linkLineBytesMax) throw new LinkError("an endless line");
    }
    return true;
  }

  /**
   * @returns the next line without its newline; a view that is valid until the next call
   * @throws {LinkError} at the end of file, or as {@linkcode more} says
   */
  async line(): Promise<Uint8Array> {
    if (!await this.more()) throw new LinkError("closed by the neighbour");
    return this.next()!;
  }

  /** @returns the next line as {@linkcode line} does, or null when none is complete */
  next(): Uint8Array | null {
    if (this.lines.start >= this.lines.complete) return null;
    const line = this.lines.take()!;
    this.onLineIn(line);
    return line;
  }

  /** Sends one line, given with its newline. */
  send(line: Uint8Array<ArrayBuffer>): Promise<void> {
    this.onLineOut(line);
    return this.write(line);
  }

  /**
   * Writes all of the bytes.
   *
   * @throws {Error} what {@linkcode close} was given
   * @throws {ConnectionLost} when the connection breaks
   */
  async write(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    let written = await this.#orWhy(this.connection.write(bytes));
    while (written < bytes.length) {
      written += await this.#orWhy(this.connection.write(bytes.subarray(written)));
    }
  }

  /**
   * Ends the connection.
   *
   * @param why the error for those who wait for it; the first reason counts
   */
  close(why?: unknown): void {
    this.#why ??= why;
    this.connection.close();
  }

  /** Reading from a connection that this side closed throws too, but does not say why. */
  async #orWhy<T>(pending: Promise<T>): Promise<T> {
    try {
      return await pending;
    } catch (error) {
      throw this.#why ?? new ConnectionLost(error);
    }
  }
}
