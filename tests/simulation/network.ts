/**
 * The network of a simulation: machines, and between them TCP as it is when things go wrong. What is
 * sent takes a while, a different one each time, but stays in order on its connection; a link may be
 * cut in one direction or both, and what is lost on it is sent again later and later, as TCP does;
 * a killed program's connections end, a machine without power says nothing any more.
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
} from "../../lib/transport/transport.ts";
import type { Process } from "./process.ts";
import { End, type Message } from "./end.ts";
import { SimulatedListener } from "./listener.ts";
import type { VirtualTime } from "./virtual_time.ts";

/** What a {@linkcode Network} is made of. */
export interface NetworkOptions {
  readonly time: VirtualTime;
  readonly random: Random;
  /** The longest time on the way between the two machines that are farthest apart, in milliseconds. */
  readonly delayMsMax: number;
  /** Bytes that may be under way in each direction of a connection. */
  readonly bufferBytes: number;
  /** How often a read or a write moves only a part of what it could. */
  readonly pieces: number;
  /** Is told of everything that arrives. */
  readonly onArrival: (bytes: number) => void;
}

/** TCP's first retransmission comes after so many milliseconds, each next after twice as many. */
const resendMsMin = 200;
/** The same for a connection that is being made (RFC 6298, 2). */
const redialMsMin = 1_000;

/** Something on its way from one machine to another. */
interface Parcel {
  readonly from: string;
  readonly to: string;
  /** The end of the connection that sent it; null for what is sent before there is one. */
  readonly sender: End | null;
  readonly sentMs: number;
  readonly resendMs: number;
  readonly deliver: () => void;
  /** Whether the sender still sends it again when it was lost. */
  readonly isWanted: () => boolean;
}

/** Machines by their hostnames, and what is between them. */
export class Network {
  readonly #options: NetworkOptions;
  readonly #listeners = new Map<string, SimulatedListener>();
  readonly #ends = new Set<End>();
  readonly #cuts = new Set<string>();
  readonly #down = new Set<string>();
  readonly #distances = new Map<string, number>();
  #lost: Parcel[] = [];
  #port = 40_000;

  constructor(options: NetworkOptions) {
    this.#options = options;
  }

  /** @returns the network as a program has it */
  transport(process: Process): Transport {
    return {
      listen: (address) => this.#listen(process, address),
      connect: (address, signal) => this.#connect(process, { address, signal }),
    };
  }

  /** Loses everything from one machine to another from now on; nobody is told. */
  cut(from: string, to: string): void {
    this.#cuts.add(way(from, to));
  }

  /** What was lost is sent again, when the sender's patience next runs out. */
  mend(from: string, to: string): void {
    if (this.#cuts.delete(way(from, to))) this.#resend();
  }

  /** Mends every cut. */
  mendAll(): void {
    this.#cuts.clear();
    this.#resend();
  }

  /** Ends a program: its machine closes its connections as if it had. */
  kill(process: Process): void {
    process.kill();
    for (const end of this.#endsOf(process)) end.close();
    this.#closeListeners(process);
  }

  /** Ends a program with its machine: nobody is told. */
  powerOff(process: Process): void {
    process.kill();
    this.#down.add(process.hostname);
    for (const end of this.#endsOf(process)) end.vanish();
    this.#closeListeners(process);
  }

  /** Gives a machine its power back. What comes for the programs that it ran is refused. */
  powerOn(hostname: string): void {
    if (this.#down.delete(hostname)) this.#resend();
  }

  /** Resets the connections between two machines, as a router between them does that lost its state. */
  reset(one: string, other: string): void {
    for (const end of this.#ends) {
      if (end.process.hostname === one && end.peer.process.hostname === other) {
        end.reset();
        end.peer.reset();
      }
    }
  }

  #endsOf(process: Process): End[] {
    return [...this.#ends].filter((end) => end.process === process);
  }

  #closeListeners(process: Process): void {
    for (const listener of this.#listeners.values()) {
      if (listener.process === process) listener.close();
    }
  }

  /** Sends something; it comes to its machine after a while, or when the way is free again. */
  #send(parcel: Parcel, atMs: number): void {
    this.#options.time.at(atMs, () => this.#arrive(parcel));
  }

  #arrive(parcel: Parcel): void {
    const { from, to } = parcel;
    if (!this.#cuts.has(way(from, to)) && !this.#down.has(to)) return parcel.deliver();
    if (!this.#down.has(from)) this.#lost.push(parcel);
  }

  /**
   * Goes on with what was lost on ways that are free again, each connection's in its order. The first
   * that was lost comes when the sender's patience runs out; once it is through, the rest follows.
   */
  #resend(): void {
    const { time } = this.#options;
    const lost = this.#lost;
    this.#lost = [];
    const resentMs = new Map<End, number>();
    for (const parcel of lost) {
      const { from, to, sender, sentMs, resendMs, isWanted } = parcel;
      if (!isWanted()) continue;
      if (this.#cuts.has(way(from, to)) || this.#down.has(to)) {
        this.#lost.push(parcel);
        continue;
      }
      let waitMs = resendMs;
      while (sentMs + waitMs < time.nowMs) waitMs = waitMs * 2 + resendMs;
      const atMs = (sender && resentMs.get(sender)) ?? sentMs + waitMs;
      if (sender !== null) resentMs.set(sender, atMs);
      this.#send(parcel, atMs);
    }
  }

  #delayMs(from: string, to: string): number {
    const { random, delayMsMax } = this.#options;
    const key = way(from, to);
    let distance = this.#distances.get(key);
    if (distance === undefined) {
      distance = random.fraction();
      this.#distances.set(key, distance);
    }
    return 0.05 + (delayMsMax / 2) * (distance + random.fraction());
  }

  #listen(process: Process, { hostname, port }: Address): Listener {
    const address = { hostname, port: port === 0 ? ++this.#port : port };
    const key = keyOf(address);
    if (this.#listeners.has(key)) throw new AddressInUseError(`${key} is in use`);
    const listener = new SimulatedListener(address, process, () => this.#listeners.delete(key));
    this.#listeners.set(key, listener);
    return listener;
  }

  #connect(
    process: Process,
    { address, signal }: { address: Address; signal: AbortSignal },
  ): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const dial: Dial = { process, address, port: ++this.#port, resolve, reject, isOver: false };
      const abort = () => {
        dial.isOver = true;
        reject(signal.reason);
      };
      if (signal.aborted) return abort();
      signal.addEventListener("abort", abort, { once: true });
      this.#dial(dial);
    });
  }

  #dial(dial: Dial): void {
    const { time } = this.#options;
    const from = dial.process.hostname;
    const to = dial.address.hostname;
    this.#send({
      from,
      to,
      sender: null,
      sentMs: time.nowMs,
      resendMs: redialMsMin,
      isWanted: () => !dial.isOver && dial.process.isAlive,
      deliver: () => this.#answerDial(dial),
    }, time.nowMs + this.#delayMs(from, to));
  }

  #answerDial(dial: Dial): void {
    const { time } = this.#options;
    const from = dial.address.hostname;
    const to = dial.process.hostname;
    const listener = this.#listeners.get(keyOf(dial.address));
    const client = listener && this.#join(dial, listener);
    const settle = () => {
      if (dial.isOver || !dial.process.isAlive) return client?.close();
      dial.isOver = true;
      if (client) dial.resolve(client);
      else dial.reject(new Error("connection refused"));
    };
    const atMs = time.nowMs + this.#delayMs(from, to);
    // Nothing that the acceptor sends may overtake its yes.
    if (client) client.peer.arrivalMs = atMs;
    this.#send({
      from,
      to,
      sender: null,
      sentMs: time.nowMs,
      resendMs: redialMsMin,
      isWanted: () => !client?.peer.hasVanished,
      deliver: () => dial.process.isAlive ? dial.process.run(settle) : settle(),
    }, atMs);
  }

  /** @returns the dialler's end of a new connection; the other is the listener's */
  #join(dial: Dial, listener: SimulatedListener): End {
    const local = { hostname: dial.process.hostname, port: dial.port };
    const client = this.#newEnd(dial.process, dial.address);
    const server = this.#newEnd(listener.process, local);
    client.peer = server;
    server.peer = client;
    listener.arrive(server);
    return client;
  }

  #newEnd(process: Process, remote: Address): End {
    const end = new End(process, {
      remote,
      bufferBytes: this.#options.bufferBytes,
      portion: (available) => this.#portion(available),
      send: (message) => this.#sendMessage(end, message),
      onGone: () => this.#ends.delete(end),
    });
    this.#ends.add(end);
    return end;
  }

  #portion(available: number): number {
    const { random, pieces } = this.#options;
    if (pieces === 0 || random.fraction() >= pieces) return available;
    return 1 + Math.floor(random.fraction() * available);
  }

  #sendMessage(sender: End, message: Message): void {
    const { time, onArrival } = this.#options;
    const { peer: receiver, process } = sender;
    const from = process.hostname;
    const to = receiver.process.hostname;
    const atMs = Math.max(sender.arrivalMs, time.nowMs + this.#delayMs(from, to));
    sender.arrivalMs = atMs;
    const sequence = sender.sequence++;
    const deliver = () => {
      onArrival(message.kind === "data" ? message.bytes.length : 0);
      receiver.arrive(sequence, message);
    };
    const parcel = {
      from,
      to,
      sender,
      sentMs: time.nowMs,
      resendMs: resendMsMin,
      isWanted: () => !sender.hasVanished,
      deliver,
    };
    this.#send(parcel, atMs);
  }
}

interface Dial {
  readonly process: Process;
  readonly address: Address;
  readonly port: number;
  readonly resolve: (connection: Connection) => void;
  readonly reject: (error: Error) => void;
  isOver: boolean;
}

function keyOf({ hostname, port }: Address): string {
  return `${hostname}:${port}`;
}

function way(from: string, to: string): string {
  return `${from} ${to}`;
}
