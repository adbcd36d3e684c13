/**
 * Who may stay connected. There is always room for one more: when all connections are taken, the one
 * goes that has said no command for longest since it was made, and if there is none, the one that has
 * been idle longest. Neighbours that proved themselves stay.
 *
 * @module
 */

import { sweepMs } from "../limits.ts";
import type { Clock } from "../transport/transport.ts";
import type { DropReason, Gauges } from "./gauges.ts";
import { Recency, RecencyList } from "./recency_list.ts";

/** How many connections there may be, and how long they may be quiet. */
export interface ConnectionBounds {
  /** Connections open at once, clients and neighbours together. */
  readonly connections: number;
  /** A connection that has said no command yet is dropped after so many milliseconds. */
  readonly silentMs: number;
  /** One that has is dropped after so many milliseconds without another. */
  readonly idleMs: number;
}

/** What can be closed. */
export interface Closable {
  close(): void;
}

/** One connection, as {@linkcode Connections} sees it. */
export class Seat extends Recency {
  readonly connection: Closable;
  isLink = false;

  constructor(connection: Closable) {
    super();
    this.connection = connection;
  }
}

/** What connections are counted and dropped with. */
export interface ConnectionsOptions extends ConnectionBounds {
  readonly gauges: Gauges;
  readonly clock: Pick<Clock, "steadyMs">;
}

/** The connections of one server. */
export class Connections {
  readonly #options: ConnectionsOptions;
  readonly #silent = new RecencyList<Seat>();
  readonly #talking = new RecencyList<Seat>();
  #links = 0;
  /** Read once a sweep: who talks is moved once in that time, not with each of its lines. */
  #nowMs: number;

  constructor(options: ConnectionsOptions) {
    this.#options = options;
    this.#nowMs = options.clock.steadyMs();
  }

  /** How many there are: those that said no command yet, those that did, and links. */
  get counts(): { readonly silent: number; readonly talking: number; readonly links: number } {
    return { silent: this.#silent.size, talking: this.#talking.size, links: this.#links };
  }

  /**
   * Takes a connection in; another makes room for it when there is none.
   *
   * @param connection it is closed when it is dropped
   * @returns its seat; {@linkcode leave} gives it up
   */
  add(connection: Closable): Seat {
    const { gauges, connections, clock } = this.#options;
    while (this.#size >= connections && this.makeRoom());
    gauges.accepted++;
    const seat = new Seat(connection);
    this.#silent.touch(seat, clock.steadyMs());
    return seat;
  }

  get #size(): number {
    return this.#silent.size + this.#talking.size + this.#links;
  }

  /**
   * Drops the connection that is missed least.
   *
   * @returns whether there was one that may be dropped
   */
  makeRoom(): boolean {
    const seat = this.#silent.first ?? this.#talking.first;
    if (seat === null) return false;
    this.drop(seat, "full");
    return true;
  }

  /** Notes that a connection has said a command just now. Called with each read: almost free. */
  spoke(seat: Seat): void {
    if (seat.list === this.#talking && seat.sinceMs === this.#nowMs) return;
    if (seat.list !== null) this.#talking.touch(seat, this.#nowMs);
  }

  /** Notes that a connection is a proven neighbour's, which is never dropped. */
  linked(seat: Seat): void {
    if (seat.list === null) return;
    seat.list.remove(seat);
    seat.isLink = true;
    this.#links++;
  }

  /** Gives a seat up, since its connection is closed. One that was dropped has done so. */
  leave(seat: Seat): void {
    seat.list?.remove(seat);
    if (seat.isLink) this.#links--;
    seat.isLink = false;
  }

  /** Closes a connection. */
  drop(seat: Seat, reason: DropReason): void {
    this.leave(seat);
    this.#options.gauges.dropped[reason]++;
    seat.connection.close();
  }

  /** Drops those that were quiet for too long; called about once a second. */
  sweep(): void {
    const { clock, silentMs, idleMs } = this.#options;
    this.#nowMs = clock.steadyMs();
    this.#dropQuiet(this.#silent, silentMs, "silent");
    // A command is taken to be as old as the sweep before it.
    this.#dropQuiet(this.#talking, idleMs + sweepMs, "idle");
  }

  #dropQuiet(list: RecencyList<Seat>, quietMs: number, reason: DropReason): void {
    for (let seat = list.first; seat !== null; seat = list.first) {
      if (this.#nowMs - seat.sinceMs < quietMs) return;
      this.drop(seat, reason);
    }
  }
}
