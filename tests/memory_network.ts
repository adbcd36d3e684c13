/**
 * A network in memory: connections with bounded buffers, half-closed, closed, reset or cut off, as
 * TCP's are. The same calls give the same run.
 *
 * @module
 */

import {
  type Address,
  AddressInUseError,
  type Connection,
  type Listener,
  type Random,
  type Transport,
} from "../lib/transport/transport.ts";

interface Reading {
  readonly into: Uint8Array;
  readonly resolve: (count: number | null) => void;
  readonly reject: (error: Error) => void;
}

interface Writing {
  readonly bytes: Uint8Array;
  readonly resolve: (count: number) => void;
  readonly reject: (error: Error) => void;
}

/** How many of so many bytes are moved at once. */
type Portion = (available: number) => number;

/** One direction of a connection: what was written and not yet read. */
class Pipe {
  readonly #buffer: Uint8Array;
  readonly #portion: Portion;
  readonly #isCut: () => boolean;
  #length = 0;
  #ended = false;
  #readError: Error | null = null;
  #writeError: Error | null = null;
  /** What the reader did to the writer, who learns of it when the cable is whole; and the reverse. */
  #readerGone: Error | null = null;
  #writerGone: Error | null = null;
  #reading: Reading | null = null;
  #writing: Writing | null = null;

  constructor(bufferBytes: number, { portion, isCut }: { portion: Portion; isCut: () => boolean }) {
    this.#buffer = new Uint8Array(bufferBytes);
    this.#portion = portion;
    this.#isCut = isCut;
  }

  read(into: Uint8Array): Promise<number | null> {
    if (this.#reading !== null) throw new Error("two reads at once");
    return new Promise((resolve, reject) => {
      this.#reading = { into, resolve, reject };
      this.move();
    });
  }

  write(bytes: Uint8Array): Promise<number> {
    if (this.#writing !== null) throw new Error("two writes at once");
    return new Promise((resolve, reject) => {
      this.#writing = { bytes, resolve, reject };
      this.move();
    });
  }

  /** The writer writes no more: the reader gets what is left, then the end of file. */
  end(): void {
    this.#ended = true;
    this.#writeError ??= new Error("the connection is closed for writing");
    this.move();
  }

  /** The writer breaks off: what is left is lost. */
  abort(): void {
    this.#writerGone ??= new Error("connection reset by peer");
    this.end();
  }

  /** Whether everything was read. */
  get isEmpty(): boolean {
    return this.#length === 0;
  }

  /** The reader reads no more, and the writer's writes fail. */
  leave(): void {
    this.#length = 0;
    this.#readError ??= new Error("the connection is closed");
    this.#readerGone ??= new Error("broken pipe");
    this.move();
  }

  /** Moves as many bytes as can be moved. */
  move(): void {
    this.#moveIn();
    if (this.#moveOut()) this.#moveIn();
  }

  #moveIn(): void {
    const writing = this.#writing;
    if (writing === null) return;
    const error = this.#writeError ?? (this.#isCut() ? null : this.#readerGone);
    const room = this.#readerGone === null ? this.#buffer.length - this.#length : 0;
    if (error === null && room === 0) return;
    this.#writing = null;
    if (error !== null) return writing.reject(error);
    const count = this.#portion(Math.min(room, writing.bytes.length));
    this.#buffer.set(writing.bytes.subarray(0, count), this.#length);
    this.#length += count;
    writing.resolve(count);
  }

  #moveOut(): boolean {
    const reading = this.#reading;
    if (reading === null) return false;
    const isCut = this.#isCut();
    const error = this.#readError ?? (isCut ? null : this.#writerGone);
    const isNothing = isCut || (this.#length === 0 && !this.#ended);
    if (error === null && isNothing) return false;
    this.#reading = null;
    if (error !== null) reading.reject(error);
    else if (this.#length === 0) reading.resolve(null);
    else reading.resolve(this.#take(reading.into));
    return true;
  }

  #take(into: Uint8Array): number {
    const count = this.#portion(Math.min(this.#length, into.length));
    into.set(this.#buffer.subarray(0, count));
    this.#buffer.copyWithin(0, count, this.#length);
    this.#length -= count;
    return count;
  }
}

/** One end of a connection. */
class MemoryConnection implements Connection {
  readonly remote: Address;
  readonly #in: Pipe;
  readonly #out: Pipe;
  readonly #onClose: () => void;
  #closed = false;

  constructor(remote: Address, ends: { from: Pipe; to: Pipe; onClose: () => void }) {
    this.remote = remote;
    this.#in = ends.from;
    this.#out = ends.to;
    this.#onClose = ends.onClose;
  }

  async read(into: Uint8Array<ArrayBuffer>): Promise<number | null> {
    return await this.#in.read(into);
  }

  async write(bytes: Uint8Array<ArrayBuffer>): Promise<number> {
    return await this.#out.write(bytes);
  }

  closeWrite(): Promise<void> {
    this.#out.end();
    return Promise.resolve();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    // As TCP does: who closes without having read everything resets the connection.
    if (this.#in.isEmpty) this.#out.end();
    else this.#out.abort();
    this.#in.leave();
    this.#onClose();
  }
}

class MemoryListener implements Listener {
  readonly address: Address;
  readonly #onClose: () => void;
  readonly #waiting: MemoryConnection[] = [];
  #accepting: ((connection: Connection | null) => void)[] = [];
  #closed = false;

  constructor(address: Address, onClose: () => void) {
    this.address = address;
    this.#onClose = onClose;
  }

  arrive(connection: MemoryConnection): void {
    const accepting = this.#accepting.shift();
    if (accepting === undefined) this.#waiting.push(connection);
    else accepting(connection);
  }

  accept(): Promise<Connection | null> {
    if (this.#closed) return Promise.resolve(null);
    const connection = this.#waiting.shift();
    if (connection !== undefined) return Promise.resolve(connection);
    return new Promise((resolve) => this.#accepting.push(resolve));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#onClose();
    for (const connection of this.#waiting.splice(0)) connection.close();
    for (const accepting of this.#accepting.splice(0)) accepting(null);
  }
}

/** What a {@linkcode MemoryNetwork} is made of. */
export interface MemoryNetworkOptions {
  /** Bytes that may be under way in each direction of a connection; 64 KiB by default. */
  readonly bufferBytes?: number;
  /** Cuts what is read and written into pieces of any size; without it everything fits in one. */
  readonly random?: Random;
}

/** A connection as the network sees it. */
interface Cable {
  readonly ends: readonly [string, string];
  readonly pipes: readonly [Pipe, Pipe];
  open: number;
}

/** Machines, told apart by their hostnames, and the cables between them. */
export class MemoryNetwork {
  readonly #bufferBytes: number;
  readonly #portion: Portion;
  readonly #listeners = new Map<string, MemoryListener>();
  readonly #cables = new Set<Cable>();
  readonly #cuts = new Set<string>();
  #dialling: (() => void)[] = [];
  #port = 40_000;

  constructor({ bufferBytes = 64 * 1024, random }: MemoryNetworkOptions = {}) {
    this.#bufferBytes = bufferBytes;
    this.#portion = random === undefined
      ? (available) => available
      : (available) => available === 0 ? 0 : 1 + Math.floor(random.fraction() * available);
  }

  /** @returns the network as one machine has it */
  transport(hostname: string): Transport {
    return {
      listen: (address) => this.#listen(address),
      connect: (address, signal) => this.#connect(hostname, address, signal),
    };
  }

  /** How many connections are open on either end. */
  get connections(): number {
    return this.#cables.size;
  }

  /** Pulls the cable between two machines: nothing comes through, and nobody is told. */
  cut(one: string, other: string): void {
    this.#cuts.add(pair(one, other));
  }

  /** Puts the cable back: what was sent meanwhile arrives. */
  mend(one: string, other: string): void {
    this.#cuts.delete(pair(one, other));
    for (const { pipes } of this.#cables) for (const pipe of pipes) pipe.move();
    for (const retry of this.#dialling.splice(0)) retry();
  }

  /** Breaks every connection between two machines; both are told, and what was under way is lost. */
  reset(one: string, other: string): void {
    for (const { ends, pipes } of this.#cables) {
      if (pair(...ends) === pair(one, other)) { for (const pipe of pipes) pipe.abort(); }
    }
  }

  #listen({ hostname, port }: Address): Listener {
    const address = { hostname, port: port === 0 ? ++this.#port : port };
    const key = keyOf(address);
    if (this.#listeners.has(key)) throw new AddressInUseError(`${key} is in use`);
    const listener = new MemoryListener(address, () => this.#listeners.delete(key));
    this.#listeners.set(key, listener);
    return listener;
  }

  async #connect(from: string, to: Address, signal: AbortSignal): Promise<Connection> {
    const isCut = () => this.#cuts.has(pair(from, to.hostname));
    signal.throwIfAborted();
    while (isCut()) {
      await new Promise<void>((resolve) => {
        this.#dialling.push(resolve);
        signal.addEventListener("abort", () => resolve(), { once: true });
      });
      signal.throwIfAborted();
    }
    const listener = this.#listeners.get(keyOf(to));
    if (listener === undefined) throw new Error("connection refused");
    const there = new Pipe(this.#bufferBytes, { portion: this.#portion, isCut });
    const back = new Pipe(this.#bufferBytes, { portion: this.#portion, isCut });
    const cable: Cable = { ends: [from, to.hostname], pipes: [there, back], open: 2 };
    const onClose = () => --cable.open === 0 && this.#cables.delete(cable);
    this.#cables.add(cable);
    const local = { hostname: from, port: ++this.#port };
    listener.arrive(new MemoryConnection(local, { from: there, to: back, onClose }));
    return new MemoryConnection(to, { from: back, to: there, onClose });
  }
}

function keyOf({ hostname, port }: Address): string {
  return `${hostname}:${port}`;
}

function pair(one: string, other: string): string {
  return [one, other].sort().join(" ");
}
