/**
 * A server of the herd: it listens, talks to clients, keeps links with its neighbours, and stops in
 * good order.
 *
 * @module
 */

import { Block } from "../block.ts";
import type { Members } from "../links/herd_context.ts";
import type { EventLog } from "../log/event_log.ts";
import { Links } from "../links/links.ts";
import type { Prover } from "../links/proof.ts";
import { connectionsMax, slowClientMs, stopMs } from "../limits.ts";
import type { Memory } from "../store/open_memory.ts";
import type { Places } from "../places/places.ts";
import type { WireLog } from "../log/log_file.ts";
import type {
  Address,
  Clock,
  Connection,
  Listener,
  Random,
  Timer,
  Transport,
} from "../transport/transport.ts";
import { Forgetting } from "./forgetting.ts";
import { Saving, type SavingState } from "../store/saving.ts";
import type { ServerContext } from "./server_context.ts";
import { Session } from "./session.ts";
import { Turns } from "../pacing/turns.ts";

/** A place to listen at. */
export interface Endpoint {
  readonly transport: Transport;
  readonly address: Address;
}

/** What a server is made of. */
export interface ServerOptions extends Members {
  readonly name: string;
  /** Where it listens. */
  readonly address: Address;
  /** Where it listens besides; clients and links are the same to it everywhere. */
  readonly endpoints?: readonly Endpoint[];
  readonly prover: Prover;
  /** Whether links without a secret are taken from everywhere, not from loopback only. */
  readonly insecureLinks: boolean;
  readonly places: Places;
  readonly memory: Memory;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly random: Random;
  readonly events: EventLog;
  readonly wire: WireLog;
}

const sweepMs = 1_000;
/** After the system gave no connection (too many open files), in milliseconds. */
const acceptPauseMs = 100;

/** One server. */
export class Server {
  readonly #options: ServerOptions;
  readonly #context: ServerContext;
  readonly #links: Links;
  readonly #saving: Saving | null;
  readonly #forgetting: Forgetting | null;
  readonly #sessions = new Map<Session, Promise<void>>();
  readonly #listeners: Listener[] = [];
  #sweep: Timer | null = null;
  #isFull = false;

  constructor(options: ServerOptions) {
    this.#options = options;
    const { name, clock, events, wire, places, memory } = options;
    const { table, hashSeed, stored, forgetAfterS, maxClockAheadS } = memory;
    const saving = stored && new Saving({ ...stored, table, clock, events });
    this.#saving = saving;
    this.#forgetting = forgetAfterS === null
      ? null
      : new Forgetting(table, { clock, afterS: forgetAfterS });
    const onNews = saving ? { onNews: (number: number) => saving.mark(number) } : {};
    this.#links = new Links({ ...options, table, hashSeed, ...onNews });
    this.#context = {
      name,
      table,
      hashSeed,
      clock,
      events,
      wire,
      places,
      maxClockAheadS,
      turns: new Turns(clock),
      atPrefix: Block.of(new TextEncoder().encode(`AT ${name} `)),
      links: this.#links,
      saved: saving && stored!.sync ? () => saving.saved() : null,
    };
  }

  /**
   * Begins to listen and to dial the neighbours.
   *
   * @returns where it listens
   * @throws {AddressInUseError} when another program has a port
   * @throws {Error} when it cannot listen; then it listens nowhere
   */
  start(): Address {
    const { transport, address, endpoints = [] } = this.#options;
    try {
      const all = [{ transport, address }, ...endpoints];
      for (const { transport, address } of all) this.#listeners.push(transport.listen(address));
    } catch (error) {
      for (const listener of this.#listeners) listener.close();
      throw error;
    }
    for (const listener of this.#listeners) this.#acceptAll(listener);
    this.#links.start();
    this.#forgetting?.start();
    this.#scheduleSweep();
    return this.#listeners[0]!.address;
  }

  /** Has other neighbours, or others in the herd, from now on; see {@linkcode Links.change}. */
  change(members: Members): void {
    this.#links.change(members);
  }

  /** Names of the neighbours that records are sent to at this moment. */
  get liveLinks(): string[] {
    return this.#links.live;
  }

  /** How saving goes; null where nothing is saved. */
  get saving(): SavingState | null {
    return this.#saving;
  }

  async #acceptAll(listener: Listener): Promise<void> {
    const { clock, events } = this.#options;
    for (;;) {
      try {
        const connection = await listener.accept();
        if (connection === null) return;
        this.#admit(connection);
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error);
        events.error(`no connection was accepted: ${why}`);
        await new Promise<void>((resolve) => clock.after(acceptPauseMs, resolve));
      }
    }
  }

  #admit(connection: Connection): void {
    const isFull = this.#sessions.size >= connectionsMax;
    if (isFull && !this.#isFull) {
      this.#options.events.warn(`${connectionsMax} connections are open, no more are taken`);
    }
    this.#isFull = isFull;
    if (isFull) return connection.close();
    const session = new Session(this.#context, connection);
    this.#sessions.set(session, session.run().finally(() => this.#sessions.delete(session)));
  }

  /** Drops clients that do not read what they asked for. */
  #scheduleSweep(): void {
    this.#sweep = this.#options.clock.after(sweepMs, () => {
      for (const session of this.#sessions.keys()) {
        if (session.sweep(slowClientMs / sweepMs)) {
          this.#options.events.warn(`dropped ${session.peer}: it does not read its answers`);
        }
      }
      this.#scheduleSweep();
    });
  }

  /**
   * Stops: no new connections, answers that are due are sent, links are closed. Sessions that take
   * longer than their time are left where they are.
   */
  async stop(): Promise<void> {
    const { clock } = this.#options;
    for (const listener of this.#listeners) listener.close();
    this.#sweep?.cancel();
    for (const session of this.#sessions.keys()) session.stop();
    let timer: Timer | null = null;
    const late = new Promise<void>((resolve) => timer = clock.after(stopMs, resolve));
    const linksEnd = this.#links.stop();
    // Another program's lock is waited for, but no longer than for slow clients.
    const saved = this.#saving?.saved().catch(() => {});
    await Promise.race([Promise.all([linksEnd, saved, ...this.#sessions.values()]), late]);
    timer!.cancel();
    this.#forgetting?.stop();
    this.#saving?.close();
  }
}
