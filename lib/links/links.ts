/**
 * All links of a server: one dialled to each neighbour, one accepted from each, and the flooding
 * between them. A record that is news goes to every link but the one it came by. Any other record goes
 * no further, so that flooding ends.
 *
 * @module
 */

import type { LineBuffer } from "../protocol/line_buffer.ts";
import { Faults } from "../log/faults.ts";
import { reasonOf } from "../log/reason.ts";
import { addressText } from "../transport/address.ts";
import type { Connection } from "../transport/transport.ts";
import type { Prover } from "./proof.ts";
import { LinkError, parseHello } from "./hello.ts";
import type { LinksContext, Members, Neighbour } from "./links_context.ts";
import { Incoming } from "./incoming.ts";
import { isTrouble, LineConnection } from "./line_connection.ts";
import { Slices } from "../pacing/slices.ts";
import { OperatorLink, operatorName } from "./operator_link.ts";
import { Outgoing } from "./outgoing.ts";

/** What a connection that began with a hello is. */
export type Admission =
  /** The hello was not a neighbour's: nothing was said, and nothing was read after it. */
  | { readonly kind: "no neighbour" }
  /** The hello was a neighbour's and was answered, but no valid proof followed. */
  | { readonly kind: "unproven" }
  /** A link, or the operator's connection: `run` ends with it, and never rejects. */
  | { readonly kind: "admitted"; readonly run: () => Promise<void> };

/** The links of one server. */
export class Links {
  readonly #herd: { -readonly [Key in keyof LinksContext]: LinksContext[Key] };
  readonly #faults: Faults;
  readonly #slices: Slices;
  #outgoing: readonly Outgoing[];
  readonly #incoming = new Map<string, Incoming>();
  readonly #running = new Set<Promise<void>>();

  constructor(herd: LinksContext) {
    this.#herd = { ...herd };
    this.#faults = new Faults(herd.events, herd.clock);
    this.#slices = new Slices(herd.clock);
    this.#outgoing = herd.neighbours.map((neighbour) => this.#outgoingTo(neighbour));
  }

  #outgoingTo(neighbour: Neighbour): Outgoing {
    const onLive = () => this.#incoming.get(neighbour.name)?.askAgain();
    const link = new Outgoing(this.#herd, { neighbour, onLive, faults: this.#faults });
    this.#herd.table.news.add(link);
    return link;
  }

  #end(link: Outgoing): void {
    this.#herd.table.news.remove(link);
    link.stop();
  }

  /** Starts dialling. */
  start(): void {
    for (const link of this.#outgoing) this.#run(link);
  }

  /**
   * Changes who is in the herd. Links to and from servers that are no longer neighbours are closed;
   * new neighbours, and those that have another address now, are dialled. Other links stay.
   */
  change({ neighbours, names, acceptLinks1 = false }: Members): void {
    this.#herd.neighbours = neighbours;
    this.#herd.names = names;
    this.#herd.acceptLinks1 = acceptLinks1;
    const stay = this.#outgoing.filter((link) =>
      neighbours.some((neighbour) => isSame(neighbour, link.neighbour))
    );
    for (const link of this.#outgoing) if (!stay.includes(link)) this.#end(link);
    for (const link of this.#incoming.values()) if (!this.#isNeighbour(link.from)) link.close();
    const added = neighbours
      .filter((neighbour) => !stay.some((link) => isSame(neighbour, link.neighbour)))
      .map((neighbour) => this.#outgoingTo(neighbour));
    this.#outgoing = [...stay, ...added];
    for (const link of added) this.#run(link);
  }

  /**
   * Proves and checks with other secrets from now on. Links that are made already live on. The table
   * gets the digests that go with them, in slices.
   */
  trust(prover: Prover): void {
    this.#herd.prover = prover;
    this.#slices.add(this.#herd.table.digests.resalt(prover.salts));
  }

  #run(link: Outgoing): void {
    const running = link.run().finally(() => this.#running.delete(running));
    this.#running.add(running);
  }

  #isNeighbour(name: string): boolean {
    return this.#herd.neighbours.some((neighbour) => neighbour.name === name);
  }

  /** Ends every link. */
  async stop(): Promise<void> {
    for (const link of this.#outgoing) this.#end(link);
    for (const link of this.#incoming.values()) link.close();
    this.#slices.stop();
    await Promise.all(this.#running);
  }

  /** The names of the neighbours that records are being sent to. */
  get live(): string[] {
    return this.#outgoing.filter(({ state }) => state === "live").map((link) =>
      link.neighbour.name
    );
  }

  /**
   * Decides whether a connection whose first line is meant as a hello is a link, and proves it.
   *
   * @param connection the connection
   * @param lines what was read from it after the hello
   * @param line the hello
   * @returns what it is; why a link was refused is logged
   */
  async admit(connection: Connection, lines: LineBuffer, line: Uint8Array): Promise<Admission> {
    const peer = addressText(connection.remote);
    let arriving: Incoming | OperatorLink;
    try {
      const hello = parseHello(line)!;
      const link = new LineConnection(connection, lines);
      arriving = hello.from === operatorName
        ? new OperatorLink(this.#herd, link, hello)
        : new Incoming(this.#herd, link, hello);
    } catch (error) {
      return this.#refuse("no neighbour", { peer, error });
    }
    try {
      await arriving.prove();
      if (arriving instanceof Incoming) this.#welcome(arriving);
    } catch (error) {
      return this.#refuse("unproven", { peer, error });
    }
    return { kind: "admitted", run: () => this.#runAdmitted(arriving, peer) };
  }

  async #runAdmitted(arriving: Incoming | OperatorLink, peer: string): Promise<void> {
    if (arriving instanceof Incoming) return await this.#receive(arriving);
    this.#herd.events.info(`operator at ${peer}`);
    try {
      await arriving.run();
    } catch (error) {
      if (!isTrouble(error)) this.#faults.report("an operator's connection", error);
    }
  }

  #refuse<Kind extends "no neighbour" | "unproven">(
    kind: Kind,
    { peer, error }: { peer: string; error: unknown },
  ): { kind: Kind } {
    if (!isTrouble(error)) this.#faults.report("a neighbour's hello", error);
    this.#herd.events.warn(`refused a link from ${peer}: ${reasonOf(error)}`);
    return { kind };
  }

  /** Takes what a neighbour sends until its link ends. */
  async #receive(incoming: Incoming): Promise<void> {
    const { from } = incoming;
    try {
      await incoming.run(() => this.#leadingTo(from));
    } catch (error) {
      if (!isTrouble(error)) this.#faults.report(`the link from ${from}`, error);
      if (error instanceof LinkError) {
        this.#herd.events.warn(`link from ${from} cut: ${reasonOf(error)}`);
      }
    } finally {
      this.#forget(incoming);
    }
  }

  /** @returns the link to a neighbour, or null if it is gone */
  #leadingTo(name: string): Outgoing | null {
    return this.#outgoing.find(({ neighbour }) => neighbour.name === name) ?? null;
  }

  /** Admits a proven link, in place of an older one from the same neighbour. */
  #welcome(incoming: Incoming): void {
    const { from } = incoming;
    if (!this.#isNeighbour(from)) throw new LinkError(`"${from}" is no longer a neighbour`);
    const older = this.#incoming.get(from) ?? null;
    older?.close();
    this.#forget(older);
    this.#incoming.set(from, incoming);
    const version = incoming.version === 1 ? ", in version 1" : "";
    this.#herd.events.info(`link from ${from} made${version}`);
    this.#leadingTo(from)?.wake();
  }

  #forget(incoming: Incoming | null): void {
    // A link that was replaced is already forgotten.
    if (incoming === null || this.#incoming.get(incoming.from) !== incoming) return;
    this.#incoming.delete(incoming.from);
    this.#herd.events.info(`link from ${incoming.from} lost`);
  }
}

/** Whether both are dialled in the same way. */
function isSame(one: Neighbour, other: Neighbour): boolean {
  return one.name === other.name && one.host === other.host && one.port === other.port &&
    one.transport === other.transport;
}
