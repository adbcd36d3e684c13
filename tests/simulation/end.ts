/**
 * One end of a simulated connection: what its machine keeps of it.
 *
 * @module
 */

import type { Address, Connection } from "../../lib/transport/transport.ts";
import type { Process } from "./process.ts";

/** What one end sends to the other. */
export type Message =
  | { readonly kind: "data"; readonly bytes: Uint8Array }
  /** So many bytes were read: there is room for as many more. */
  | { readonly kind: "window"; readonly bytes: number }
  /** Nothing more will come. */
  | { readonly kind: "end" }
  /** The connection is no more. */
  | { readonly kind: "reset" };

/** What an {@linkcode End} needs of its network. */
export interface EndOptions {
  readonly remote: Address;
  /** Bytes that may be under way in each direction. */
  readonly bufferBytes: number;
  /** How many of so many bytes are moved at once. */
  readonly portion: (available: number) => number;
  readonly send: (message: Message) => void;
  /** Called when the connection is over. */
  readonly onGone: () => void;
}

interface Pending<Result> {
  readonly bytes: Uint8Array;
  readonly resolve: (result: Result) => void;
  readonly reject: (error: Error) => void;
}

/** One end of a connection, a program's. */
export class End implements Connection {
  readonly remote: Address;
  /** The other end. */
  peer!: End;
  /** When what was sent last arrives. */
  arrivalMs = 0;
  /** The number of the next message to be sent. */
  sequence = 0;
  readonly #options: EndOptions;
  readonly #early = new Map<number, Message>();
  #expected = 0;
  #inbox: Uint8Array[] = [];
  #unreported = 0;
  #underWay = 0;
  #reading: Pending<number | null> | null = null;
  #writing: Pending<number> | null = null;
  #isEnded = false;
  #isWriteEnded = false;
  #error: Error | null = null;
  #state: "open" | "closed" | "vanished" = "open";

  /** @param process whose it is */
  constructor(readonly process: Process, options: EndOptions) {
    this.#options = options;
    this.remote = options.remote;
  }

  /** Whether its machine knows nothing of it any more. */
  get hasVanished(): boolean {
    return this.#state === "vanished";
  }

  read(into: Uint8Array<ArrayBuffer>): Promise<number | null> {
    if (this.#reading !== null) throw new Error("two reads at once");
    return new Promise((resolve, reject) => {
      this.#reading = { bytes: into, resolve, reject };
      this.#serveReading();
    });
  }

  write(bytes: Uint8Array<ArrayBuffer>): Promise<number> {
    if (this.#writing !== null) throw new Error("two writes at once");
    return new Promise((resolve, reject) => {
      this.#writing = { bytes, resolve, reject };
      this.#serveWriting();
    });
  }

  closeWrite(): Promise<void> {
    if (!this.#isWriteEnded && this.#error === null) this.#options.send({ kind: "end" });
    this.#isWriteEnded = true;
    return Promise.resolve();
  }

  close(): void {
    if (this.#state !== "open") return;
    this.#state = "closed";
    if (this.#error === null) {
      // As TCP does: who closes without having read everything resets the connection.
      if (this.#inbox.length > 0) this.#options.send({ kind: "reset" });
      else this.closeWrite();
    }
    this.#fail(new Error("the connection is closed"));
    if (this.peer.#state !== "open") {
      this.#options.onGone();
      this.peer.#options.onGone();
    }
  }

  /** Its machine lost its power: nobody is told. */
  vanish(): void {
    this.#state = "vanished";
  }

  /** Breaks the connection on this side. */
  reset(): void {
    this.#fail(new Error("connection reset by peer"));
  }

  #fail(error: Error): void {
    this.#error ??= error;
    this.#inbox = [];
    this.process.run(() => {
      this.#serveReading();
      this.#serveWriting();
    });
  }

  /**
   * Takes a message, those before it first.
   *
   * @param sequence the message's number
   */
  arrive(sequence: number, message: Message): void {
    if (message.kind === "reset") return this.reset();
    this.#early.set(sequence, message);
    for (let next = this.#early.get(this.#expected); next !== undefined;) {
      this.#early.delete(this.#expected);
      this.#take(next);
      next = this.#early.get(++this.#expected);
    }
    // A machine that does not know the connection says so, whatever comes.
    if (this.hasVanished) this.#options.send({ kind: "reset" });
  }

  #take(message: Message): void {
    if (this.#state === "vanished" || this.#error !== null) {
      if (this.#state === "closed" && message.kind === "data") {
        this.#options.send({ kind: "reset" });
      }
      return;
    }
    if (message.kind === "window") this.#underWay -= message.bytes;
    else if (message.kind === "data") this.#inbox.push(message.bytes);
    else this.#isEnded = true;
    this.process.run(() => message.kind === "window" ? this.#serveWriting() : this.#serveReading());
  }

  #serveReading(): void {
    const reading = this.#reading;
    if (reading === null) return;
    const isNothing = this.#inbox.length === 0 && !this.#isEnded;
    if (this.#error === null && isNothing) return;
    this.#reading = null;
    if (this.#error !== null) reading.reject(this.#error);
    else if (this.#inbox.length === 0) reading.resolve(null);
    else reading.resolve(this.#read(reading.bytes));
  }

  #read(into: Uint8Array): number {
    const available = this.#inbox.reduce((sum, { length }) => sum + length, 0);
    const count = this.#options.portion(Math.min(into.length, available));
    for (let at = 0; at < count;) {
      const first = this.#inbox[0]!;
      const taken = first.subarray(0, count - at);
      into.set(taken, at);
      at += taken.length;
      if (taken.length === first.length) this.#inbox.shift();
      else this.#inbox[0] = first.subarray(taken.length);
    }
    this.#unreported += count;
    if (this.#unreported * 2 >= this.#options.bufferBytes) {
      this.#options.send({ kind: "window", bytes: this.#unreported });
      this.#unreported = 0;
    }
    return count;
  }

  #serveWriting(): void {
    const writing = this.#writing;
    if (writing === null) return;
    const { bufferBytes, portion, send } = this.#options;
    const error = this.#error ??
      (this.#isWriteEnded ? new Error("the connection is closed for writing") : null);
    const room = bufferBytes - this.#underWay;
    if (error === null && room <= 0) return;
    this.#writing = null;
    if (error !== null) return writing.reject(error);
    const count = portion(Math.min(room, writing.bytes.length));
    this.#underWay += count;
    send({ kind: "data", bytes: writing.bytes.slice(0, count) });
    writing.resolve(count);
  }
}
