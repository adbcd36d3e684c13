/**
 * Servers of a herd on a network and a clock in memory, and clients of theirs.
 *
 * @module
 */

import type { EventLog } from "../../lib/log/event_log.ts";
import { Links } from "../../lib/links/links.ts";
import { type Prover, proverOf } from "../../lib/links/proof.ts";
import { Table } from "../../lib/locations/table.ts";
import { placesAnswer } from "../../lib/places/answer.ts";
import type { Answer, Places, Question } from "../../lib/places/places.ts";
import { bytesOf, textOf } from "../../lib/protocol/ascii.ts";
import { Server } from "../../lib/server/server.ts";
import type { Memory } from "../../lib/store/open_memory.ts";
import type { ConnectionBounds } from "../../lib/server/connections.ts";
import type { TokenCheck } from "../../lib/server/permit.ts";
import type { WireLog } from "../../lib/log/log_file.ts";
import type { Connection, Transport } from "../../lib/transport/transport.ts";
import { MemoryClock } from "../memory_clock.ts";
import { MemoryNetwork } from "../memory_network.ts";
import { seededRandom } from "../seeded_random.ts";

/** What IDs are hashed with. */
export const hashSeed = 20_211;

/** The servers that there may be, in the order of their addresses. */
const names = ["Clark", "Bona", "Jaquez"] as const;
const port = 12_104;

/** An event log that can be read. */
export class Events implements EventLog {
  /** What was logged: the level and the event. */
  readonly lines: string[] = [];

  info(message: string): void {
    this.lines.push(`INFO ${message}`);
  }

  warn(message: string): void {
    this.lines.push(`WARN ${message}`);
  }

  error(message: string): void {
    this.lines.push(`ERROR ${message}`);
  }

  /** @returns the events of this form */
  of(form: RegExp): string[] {
    return this.lines.filter((line) => form.test(line));
  }
}

/** A log of lines in and out that keeps none: tests of the log itself are elsewhere. */
export const noWire: WireLog = {
  at: () => {},
  line: () => {},
  plainLine: () => {},
  shownLine: () => {},
};

/** Places that are found when the test says so. */
export class HeldPlaces implements Places {
  readonly provider = "held";
  readonly asked: Question[] = [];
  #waiting: ((answer: Answer) => void)[] = [];

  ask(question: Question): Promise<Answer> {
    this.asked.push(question);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Answers the question that waits at this place among those that wait. */
  find(at = 0): void {
    this.#waiting.splice(at, 1)[0]!(placesAnswer([]));
  }

  /** Answers all that wait. */
  findAll(): void {
    while (this.#waiting.length > 0) this.find();
  }
}

/** What tests choose of a server. */
export interface MemoryServerOptions extends Partial<Omit<Memory, "hashSeed">> {
  readonly name?: typeof names[number];
  readonly neighbours?: readonly typeof names[number][];
  readonly secret?: string;
  readonly places?: Places;
  readonly network?: MemoryNetwork;
  /** Takes the lines in and out; nobody does when absent. */
  readonly wire?: WireLog;
  readonly clock?: MemoryClock;
  readonly bounds?: Partial<ConnectionBounds>;
  readonly tokens?: TokenCheck;
  /** Around the network's own. */
  readonly transport?: (transport: Transport) => Transport;
}

/** A server in memory, started. */
export class MemoryServer {
  readonly network: MemoryNetwork;
  readonly clock: MemoryClock;
  readonly events = new Events();
  readonly table: Table;
  readonly places = new HeldPlaces();
  readonly links: Links;
  readonly server: Server;
  readonly #host: string;

  private constructor(options: MemoryServerOptions, prover: Prover) {
    const { name = "Clark", neighbours = [], transport = (it) => it } = options;
    this.network = options.network ?? new MemoryNetwork();
    this.clock = options.clock ?? new MemoryClock();
    this.table = options.table ?? new Table();
    this.#host = hostOf(name);
    const surroundings = {
      transport: transport(this.network.transport(this.#host)),
      clock: this.clock,
      random: seededRandom(names.indexOf(name)),
      events: this.events,
      wire: options.wire ?? noWire,
    };
    this.links = new Links({
      name,
      names,
      neighbours: neighbours.map((name) => ({ name, host: hostOf(name), port })),
      table: this.table,
      hashSeed,
      prover,
      insecureLinks: false,
      ...surroundings,
    });
    this.server = new Server({
      name,
      address: { hostname: this.#host, port },
      links: this.links,
      tokens: options.tokens ?? null,
      places: options.places ?? this.places,
      memory: {
        table: this.table,
        hashSeed,
        stored: options.stored ?? null,
        forgetAfterS: options.forgetAfterS ?? null,
        maxClockAheadS: options.maxClockAheadS ?? null,
      },
      bounds: options.bounds ?? {},
      ...surroundings,
    });
    this.server.start();
  }

  static async start(options: MemoryServerOptions = {}): Promise<MemoryServer> {
    return new MemoryServer(options, await proverOf(options.secret));
  }

  /** Connects a client, which reads all that comes. */
  async client(): Promise<MemoryClient> {
    const client = await this.silentClient();
    client.readOn();
    return client;
  }

  /** Connects a client that reads nothing until it is told to. */
  async silentClient(): Promise<MemoryClient> {
    const transport = this.network.transport("127.0.0.99");
    const { signal } = new AbortController();
    return new MemoryClient(await transport.connect({ hostname: this.#host, port }, signal));
  }

  /** @returns what a client that says this and half-closes is answered */
  async ask(text: string): Promise<string> {
    const client = await this.client();
    client.send(text);
    client.end();
    await this.clock.settle();
    return client.received;
  }
}

function hostOf(name: typeof names[number]): string {
  return `127.0.0.${1 + names.indexOf(name)}`;
}

/** A client's end of a connection; text is one character a byte. */
export class MemoryClient {
  readonly connection: Connection;
  /** What came so far. */
  received = "";
  /** How the connection ended; null while it is open. */
  ending: "end of file" | Error | null = null;
  /** Bytes that the other side has taken. */
  sentBytes = 0;
  #sent: Promise<void> = Promise.resolve();

  constructor(connection: Connection) {
    this.connection = connection;
  }

  /** Sends; what the other side does not take yet waits. */
  send(text: string): void {
    const bytes = bytesOf(text) as Uint8Array<ArrayBuffer>;
    this.#sent = this.#sent.then(() => this.#sendAll(bytes)).catch(() => {});
  }

  async #sendAll(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      const count = await this.connection.write(bytes.subarray(at));
      at += count;
      this.sentBytes += count;
    }
  }

  /** Half-closes, when all that was sent is taken. */
  end(): void {
    this.#sent = this.#sent.then(() => this.connection.closeWrite());
  }

  /** Resolved when all that was sent is taken, or cannot be. */
  get sent(): Promise<void> {
    return this.#sent;
  }

  /** Reads once. */
  async readOnce(bytesMax = 64 * 1024): Promise<void> {
    const into = new Uint8Array(bytesMax);
    try {
      const count = await this.connection.read(into);
      if (count === null) this.ending = "end of file";
      else this.received += textOf(into.subarray(0, count));
    } catch (error) {
      this.ending = error as Error;
    }
  }

  /** Reads all that comes from here on, and closes at the end. */
  async readOn(): Promise<void> {
    while (this.ending === null) await this.readOnce();
    this.connection.close();
  }

  /** @returns the lines that came so far */
  get lines(): string[] {
    return this.received.split("\n").slice(0, -1);
  }
}
