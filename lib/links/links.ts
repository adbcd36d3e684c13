/**
 * All links of a server: one dialled to each neighbour, one accepted from each, and the flooding
 * between them. A record that is news goes to every link but the one it came by; what is not news
 * stops here, so that flooding ends.
 *
 * @module
 */

import type { LineBuffer } from "../protocol/line_buffer.ts";
import type { Connection } from "../transport/transport.ts";
import { LinkError, parseHello } from "./hello.ts";
import type { HerdContext, Members, Neighbour } from "./herd_context.ts";
import { Incoming } from "./incoming.ts";
import { LineConnection } from "./line_connection.ts";
import { Outgoing } from "./outgoing.ts";

/** What came of a connection that began with a hello. */
export type LinkOutcome =
  /** It was a link, and has ended. */
  | "ended"
  /** The hello was none of a neighbour's: nothing was said, and nothing read behind it. */
  | "no neighbour"
  /** The hello was a neighbour's and was answered, but no right proof followed. */
  | "unproven";

/** The links of one server. */
export class Links {
  readonly #herd: { -readonly [Key in keyof HerdContext]: HerdContext[Key] };
  #outgoing: readonly Outgoing[];
  readonly #incoming = new Map<string, Incoming>();
  readonly #running = new Set<Promise<void>>();

  constructor(herd: HerdContext) {
    this.#herd = { ...herd };
    this.#outgoing = herd.neighbours.map((neighbour) => this.#outgoingTo(neighbour));
  }

  #outgoingTo(neighbour: Neighbour): Outgoing {
    const onLive = () => this.#incoming.get(neighbour.name)?.askAgain();
    return new Outgoing(this.#herd, { neighbour, onLive });
  }

  /** Begins to dial. */
  start(): void {
    for (const link of this.#outgoing) this.#run(link);
  }

  /**
   * Has others in the herd from now on: links to and from those that are no neighbours any more are
   * closed, new neighbours are dialled, and so is who is to be dialled elsewhere. Other links live on.
   */
  change({ neighbours, names }: Members): void {
    this.#herd.neighbours = neighbours;
    this.#herd.names = names;
    const stay = this.#outgoing.filter((link) =>
      neighbours.some((neighbour) => isSame(neighbour, link.neighbour))
    );
    for (const link of this.#outgoing) if (!stay.includes(link)) link.stop();
    for (const link of this.#incoming.values()) if (!this.#isNeighbour(link.from)) link.close();
    const added = neighbours
      .filter((neighbour) => !stay.some((link) => isSame(neighbour, link.neighbour)))
      .map((neighbour) => this.#outgoingTo(neighbour));
    this.#outgoing = [...stay, ...added];
    for (const link of added) this.#run(link);
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
    for (const link of this.#outgoing) link.stop();
    for (const link of this.#incoming.values()) link.close();
    await Promise.all(this.#running);
  }

  /**
   * Sends a record that is news to the neighbours, and has it saved.
   *
   * @param number the record's number in the table
   * @param from the neighbour that it came from, which knows it already
   */
  flood(number: number, from?: string): void {
    this.#herd.onNews?.(number);
    for (const link of this.#outgoing) {
      if (link.neighbour.name !== from) link.mark(number);
    }
  }

  /** Names of the neighbours that records are sent to at this moment. */
  get live(): string[] {
    return this.#outgoing.filter(({ state }) => state === "live").map((link) =>
      link.neighbour.name
    );
  }

  /**
   * Takes over a connection whose first line is meant as a hello, until it ends.
   *
   * @param connection the connection
   * @param lines what was read from it behind the hello
   * @param line the hello
   * @returns what came of it; why a link was refused is logged
   */
  async accept(connection: Connection, lines: LineBuffer, line: Uint8Array): Promise<LinkOutcome> {
    const { events } = this.#herd;
    const { hostname, port } = connection.remote;
    const peer = `${hostname}:${port}`;
    let greeted = false;
    let proven: Incoming | null = null;
    try {
      const hello = parseHello(line)!;
      const link = new Incoming(this.#herd, new LineConnection(connection, lines), hello);
      greeted = true;
      await link.run({
        proven: (incoming) => this.#welcome(proven = incoming),
        news: (number, from) => this.flood(number, from),
      });
      return "ended";
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      if (proven === null) events.warn(`refused a link from ${peer}: ${why}`);
      else if (error instanceof LinkError) events.warn(`link from ${nameOf(proven)} cut: ${why}`);
      return proven !== null ? "ended" : greeted ? "unproven" : "no neighbour";
    } finally {
      this.#forget(proven);
    }
  }

  /** Takes a proven link in, in place of an older one from the same neighbour. */
  #welcome(incoming: Incoming): void {
    const { from } = incoming;
    if (!this.#isNeighbour(from)) throw new LinkError("no neighbour any more");
    const older = this.#incoming.get(from) ?? null;
    older?.close();
    this.#forget(older);
    this.#incoming.set(from, incoming);
    this.#herd.events.info(`link from ${from} made`);
    this.#outgoing.find(({ neighbour }) => neighbour.name === from)?.wake();
  }

  #forget(incoming: Incoming | null): void {
    // One that was replaced is forgotten already.
    if (incoming === null || this.#incoming.get(incoming.from) !== incoming) return;
    this.#incoming.delete(incoming.from);
    this.#herd.events.info(`link from ${incoming.from} lost`);
  }
}

/** Whether two are dialled alike. */
function isSame(one: Neighbour, other: Neighbour): boolean {
  return one.name === other.name && one.host === other.host && one.port === other.port &&
    one.transport === other.transport;
}

function nameOf(incoming: Incoming): string {
  return incoming.from;
}
