/**
 * Servers that have only their links, on a network in memory.
 *
 * @module
 */

import { assert } from "@std/assert";
import { linkGatherMs } from "../../lib/limits.ts";
import { helloLine, lineOf, linkVersion, nonceOf, parseHello } from "../../lib/links/hello.ts";
import { LineConnection } from "../../lib/links/line_connection.ts";
import { Links } from "../../lib/links/links.ts";
import { type Claim, type Prover, proverOf } from "../../lib/links/proof.ts";
import { none, Table } from "../../lib/locations/table.ts";
import { bytesOf, textOf } from "../../lib/protocol/ascii.ts";
import { LineBuffer } from "../../lib/protocol/line_buffer.ts";
import type { Connection, Listener, Transport } from "../../lib/transport/transport.ts";
import {
  atLine,
  lineOf as knownLine,
  recordLine,
  type RecordWords,
  seed,
} from "../locations/lines.ts";
import { MemoryClock } from "../memory_clock.ts";
import { MemoryNetwork, type MemoryNetworkOptions } from "../memory_network.ts";
import { seededRandom } from "../seeded_random.ts";

/** The port of every server; they are told apart by their hostnames. */
export const port = 12_100;

/** How a herd in memory differs from five servers on one machine without a secret. */
export interface HerdOptions extends MemoryNetworkOptions {
  /** By server; of two the first is proven with. */
  readonly secrets?: Record<string, string | readonly string[]>;
  readonly acceptLinks1?: boolean;
  /** The beginning of hostnames; by default that of loopback addresses. */
  readonly hostnames?: string;
  readonly insecureLinks?: boolean;
}

/** A server without clients. */
export class MemoryServer {
  readonly name: string;
  readonly hostname: string;
  readonly table: Table;
  readonly links: Links;
  /** What it logged, each event with its level. */
  readonly events: string[] = [];
  /** What was said on its links, as the log has it: `in Bona …`, `out Bona …`. */
  readonly wire: string[] = [];
  /** When it dialled, on the clock that never steps. */
  readonly dialsMs: number[] = [];
  readonly #herd: MemoryHerd;
  readonly #open = new Set<Connection>();
  #listener: Listener | null = null;

  constructor(herd: MemoryHerd, name: string, prover: Prover) {
    this.#herd = herd;
    this.name = name;
    this.table = new Table(...prover.salts);
    this.hostname = herd.hostnameOf(name);
    const { clock, names, network } = herd;
    const note = (level: string) => (event: string) => this.events.push(`${level} ${event}`);
    const transport: Transport = {
      ...network.transport(this.hostname),
      connect: (address, signal) => {
        this.dialsMs.push(clock.steadyMs());
        return network.transport(this.hostname).connect(address, signal);
      },
    };
    this.links = new Links({
      name,
      names,
      neighbours: herd.neighboursOf(name).map((name) => (
        { name, host: herd.hostnameOf(name), port }
      )),
      table: this.table,
      hashSeed: seed,
      prover,
      insecureLinks: herd.options.insecureLinks ?? false,
      acceptLinks1: herd.options.acceptLinks1 ?? false,
      transport,
      clock,
      random: seededRandom(names.indexOf(name)),
      events: { info: note("INFO"), warn: note("WARN"), error: note("ERROR") },
      wire: {
        at() {},
        line: (label, bytes, start, end) => {
          const [, direction, peer] = textOf(label.bytes).split(" ");
          this.wire.push(`${direction} ${peer} ${textOf(bytes.subarray(start, end))}`);
        },
        plainLine(label, view, start, end) {
          this.line(label, new Uint8Array(view.buffer), start, end);
        },
        shownLine() {
          throw new Error("links answer nothing about places");
        },
      },
    });
  }

  start(): void {
    this.#listener = this.#herd.network.transport(this.hostname)
      .listen({ hostname: this.hostname, port });
    this.#acceptAll(this.#listener);
    this.links.start();
  }

  async stop(): Promise<void> {
    this.#listener?.close();
    await this.links.stop();
    for (const connection of this.#open) connection.close();
  }

  async #acceptAll(listener: Listener): Promise<void> {
    for (;;) {
      const connection = await listener.accept();
      if (connection === null) return;
      this.#open.add(connection);
      this.#talk(connection).catch(() => {}).finally(() => {
        connection.close();
        this.#open.delete(connection);
      });
    }
  }

  /** What a session does with a hello. */
  async #talk(connection: Connection): Promise<void> {
    const link = new LineConnection(connection, new LineBuffer({ bytesMin: 64, bytesMax: 4096 }));
    const line = (await link.line()).slice();
    const admission = await this.links.admit(connection, link.lines, line);
    if (admission.kind === "admitted") return await admission.run();
    await link.write(Uint8Array.from(bytesOf(`? ${textOf(line)}\n`)));
  }

  /** Takes a client's report, as a session does; says whether it was news. */
  report(words: RecordWords): boolean {
    const line = atLine({ server: this.name, ...words });
    return this.table.report(recordLine(line)) !== none;
  }

  /** The line that it knows of a client. */
  known(id: string): string | null {
    return knownLine(this.table, id);
  }

  /** Records sent since the last time this was asked for, each with the neighbour. */
  sent(): string[] {
    return this.wire.splice(0).filter((line) => /^out \S+ AT /.test(line));
  }
}

/** A herd. */
export class MemoryHerd {
  readonly clock = new MemoryClock();
  readonly network: MemoryNetwork;
  readonly names: readonly string[];
  readonly options: HerdOptions;
  readonly #edges: readonly (readonly [string, string])[];
  readonly #servers = new Map<string, MemoryServer>();

  private constructor(edges: readonly (readonly [string, string])[], options: HerdOptions) {
    this.#edges = edges;
    this.options = options;
    this.names = [...new Set(edges.flat())].sort();
    this.network = new MemoryNetwork(options);
  }

  /** @param edges `Clark-Bona Clark-Jaquez` */
  static async make(edges: string, options: HerdOptions = {}): Promise<MemoryHerd> {
    const pairs = edges.split(" ").map((edge) => edge.split("-") as [string, string]);
    const herd = new MemoryHerd(pairs, options);
    for (const name of herd.names) await herd.#make(name);
    return herd;
  }

  async #make(name: string): Promise<MemoryServer> {
    const prover = await proverOf(...[this.options.secrets?.[name] ?? []].flat());
    const server = new MemoryServer(this, name, prover);
    this.#servers.set(name, server);
    return server;
  }

  /** Starts a server that was stopped, with nothing in its memory. */
  async restart(name: string): Promise<void> {
    const server = await this.#make(name);
    server.start();
  }

  /** Makes a herd, starts it and waits until every link is live. */
  static async live(edges: string, options: HerdOptions = {}): Promise<MemoryHerd> {
    const herd = await MemoryHerd.make(edges, options);
    for (const server of herd.servers) server.start();
    await herd.clock.run(100);
    for (const { name, links } of herd.servers) {
      assert(links.live.length === herd.neighboursOf(name).length, `${name} lacks a link`);
    }
    return herd;
  }

  get servers(): MemoryServer[] {
    return [...this.#servers.values()];
  }

  server(name: string): MemoryServer {
    return this.#servers.get(name)!;
  }

  hostnameOf(name: string): string {
    return `${this.options.hostnames ?? "127.0.0."}${this.names.indexOf(name) + 1}`;
  }

  neighboursOf(name: string): string[] {
    return this.#edges.filter((edge) => edge.includes(name))
      .map(([one, other]) => one === name ? other : one);
  }

  /** Waits until every link has sent what it gathers. */
  async flooded(): Promise<void> {
    await this.clock.run(10 * linkGatherMs);
  }

  async stop(): Promise<void> {
    await Promise.all(this.servers.map((server) => server.stop()));
    await this.clock.settle();
  }

  /** Lets time pass until something has come about, ten minutes at the most. */
  async during<T>(something: Promise<T>): Promise<T> {
    let isDone = false;
    const done = () => void (isDone = true);
    something.then(done, done);
    await this.clock.settle();
    for (let step = 0; !isDone && step < 60_000; step++) await this.clock.run(10);
    assert(isDone, "nothing came about in ten minutes");
    return await something;
  }

  /** Says what a test wants to say in a server's place, over a connection to another. */
  async dial(from: string, to: string): Promise<Stranger> {
    const address = { hostname: this.hostnameOf(to), port };
    const transport = this.network.transport(this.hostnameOf(from));
    const connection = await transport.connect(address, new AbortController().signal);
    return new Stranger(new LineConnection(connection), { from, to });
  }
}

/** Somebody who speaks the link protocol by hand. */
export class Stranger {
  readonly link: LineConnection;
  readonly #names: { from: string; to: string };

  constructor(link: LineConnection, names: { from: string; to: string }) {
    this.link = link;
    this.#names = names;
  }

  async say(line: string): Promise<void> {
    await this.link.write(Uint8Array.from(bytesOf(`${line}\n`)));
  }

  /**
   * @returns the next line that is no heartbeat and no part of catch-up, or null at the end of file
   *   or a reset
   */
  async hear(): Promise<string | null> {
    try {
      let line = textOf(await this.link.line());
      while (/^(BEAT|DIGEST)/.test(line)) line = textOf(await this.link.line());
      return line;
    } catch {
      return null;
    }
  }

  /**
   * Makes the link as a neighbour does that dials.
   *
   * @returns the line that ends it: `WELCOME` as a rule, of which the proof was right and is left out
   */
  async prove(
    prover: Prover,
    { version = linkVersion, ...change }: Partial<Claim> = {},
  ): Promise<string | null> {
    const fromNonce = nonceOf(new Uint8Array(16));
    await this.link.write(helloLine({ version, ...this.#names, nonce: fromNonce }));
    const hello = parseHello(await this.link.line());
    if (hello === null) return null;
    const claim = { version, ...this.#names, fromNonce, toNonce: hello.nonce };
    await this.link.write(lineOf("PROOF", prover.prove({ ...claim, side: "dial", ...change })));
    const end = await this.hear();
    const theirs = version === 1 ? "" : ` ${prover.prove({ ...claim, side: "accept" })}`;
    return end === `WELCOME${theirs}` ? "WELCOME" : end;
  }
}
