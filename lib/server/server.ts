/**
 * A server of the herd: it listens, talks to clients, keeps links with its neighbours, and stops in
 * good order.
 *
 * @module
 */

import type { EventLog } from "../log/event_log.ts";
import { Faults } from "../log/faults.ts";
import {
  acceptPauseMs,
  bufferBytesMax,
  connectionsMax,
  firstReadBytes,
  idleClientMs,
  readBytesMax,
  readBytesMin,
  silentClientMs,
  slowClientMs,
  stopMs,
  sweepMs,
} from "../limits.ts";
import type { Memory } from "../store/open_memory.ts";
import type { Places } from "../places/places.ts";
import type { WireLog } from "../log/log_file.ts";
import type {
  Address,
  Clock,
  Connection,
  Listener,
  Timer,
  Transport,
} from "../transport/transport.ts";
import { TooManyFilesError } from "../transport/transport.ts";
import { BlockPool } from "../protocol/block_pool.ts";
import type { LineBufferOptions } from "../protocol/line_buffer.ts";
import { BufferBudget } from "./buffer_budget.ts";
import { type ConnectionBounds, Connections } from "./connections.ts";
import { edgeCounters } from "./edge_counters.ts";
import { EdgeLog } from "./edge_log.ts";
import { Forgetting } from "./forgetting.ts";
import { Gauges } from "./gauges.ts";
import { Saving, type SavingState } from "../store/saving.ts";
import type { TokenCheck } from "./permit.ts";
import { Reports } from "./reports.ts";
import type { ServerContext, ServerLinks } from "./server_context.ts";
import { Session } from "./session.ts";
import { othersTurn } from "../pacing/let_others.ts";
import { Turns } from "../pacing/turns.ts";

/** A place to listen at. */
export interface Endpoint {
  readonly transport: Transport;
  readonly address: Address;
}

/** What a server is made of. */
export interface ServerOptions {
  readonly name: string;
  /** Where it listens. */
  readonly address: Address;
  /** Where it listens besides; clients and links are the same to it everywhere. */
  readonly endpoints?: readonly Endpoint[];
  readonly links: ServerLinks;
  readonly places: Places;
  readonly memory: Memory;
  /** Checks clients' tokens; null: whoever can connect may report and ask. */
  readonly tokens: TokenCheck | null;
  /** Where herd.json sets other bounds than lib/limits.ts. */
  readonly bounds?: Partial<ConnectionBounds>;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly events: EventLog;
  readonly wire: WireLog;
}

/** One server. */
export class Server {
  readonly #options: ServerOptions;
  readonly #context: ServerContext;
  readonly #saving: Saving | null;
  readonly #forgetting: Forgetting;
  readonly #connections: Connections;
  readonly #edgeLog: EdgeLog;
  readonly #sessions = new Map<Session, Promise<void>>();
  readonly #listeners: Listener[] = [];
  #sweep: Timer | null = null;
  /** What is counted about who connects. */
  readonly gauges = new Gauges();

  constructor(options: ServerOptions) {
    this.#options = options;
    const { name, clock, events, wire, places, links, memory } = options;
    const { table, hashSeed, stored, forgetAfterS, maxClockAheadS } = memory;
    const saving = stored && new Saving({ ...stored, table, clock, events });
    this.#saving = saving;
    this.#forgetting = new Forgetting(table, { clock, afterS: forgetAfterS });
    if (saving !== null) table.news.add(saving);
    const bounds = {
      connections: connectionsMax,
      silentMs: silentClientMs,
      idleMs: idleClientMs,
      ...options.bounds,
    };
    this.#connections = new Connections({ ...bounds, gauges: this.gauges, clock });
    const counted = { gauges: this.gauges, table, bounds, maxClockAheadS };
    this.#edgeLog = new EdgeLog(edgeCounters(counted), { events, clock });
    const buffers = new BufferBudget(bufferBytesMax);
    this.#context = {
      table,
      hashSeed,
      clock,
      events,
      wire,
      places,
      links,
      connections: this.#connections,
      gauges: this.gauges,
      tokens: options.tokens,
      buffers,
      reading: reading(buffers),
      faults: new Faults(events, clock),
      reports: new Reports({ name, table, hashSeed, maxClockAheadS, wire, gauges: this.gauges }),
      turns: new Turns(clock),
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
    this.#options.links.start();
    this.#forgetting.start();
    this.#scheduleSweep();
    return this.#listeners[0]!.address;
  }

  /** How saving goes; null where nothing is saved. */
  get saving(): SavingState | null {
    return this.#saving;
  }

  /** Resolves when all that was taken so far is on disk, where that comes before an answer. */
  async saved(): Promise<void> {
    await this.#context.saved?.();
  }

  async #acceptAll(listener: Listener): Promise<void> {
    for (;;) {
      try {
        const connection = await listener.accept();
        if (connection === null) return;
        this.#admit(connection);
      } catch (error) {
        await this.#acceptLater(error);
      }
    }
  }

  /** Waits until there may be a connection again. */
  async #acceptLater(error: unknown): Promise<void> {
    const { clock } = this.#options;
    const isFull = error instanceof TooManyFilesError;
    // What is dropped gives its file back within a turn.
    if (isFull && this.#connections.makeRoom()) return await othersTurn(clock);
    if (isFull) this.gauges.unaccepted++;
    else this.#context.faults.report("accepting connections", error);
    await new Promise<void>((resolve) => clock.after(acceptPauseMs, resolve));
  }

  #admit(connection: Connection): void {
    const session = new Session(this.#context, connection);
    // It never rejects. A `finally` would keep more for every connection.
    this.#sessions.set(session, session.run().then(() => void this.#sessions.delete(session)));
  }

  /** Drops clients that do not read what they asked for, and those that say nothing. */
  #scheduleSweep(): void {
    this.#sweep = this.#options.clock.after(sweepMs, () => {
      for (const session of this.#sessions.keys()) {
        if (session.sweep(slowClientMs / sweepMs)) {
          this.#options.events.warn(`dropped ${session.peer}: it does not read its answers`);
        }
      }
      this.#connections.sweep();
      this.#edgeLog.sweep();
      this.#scheduleSweep();
    });
  }

  /**
   * Stops: no new connections, answers that are due are sent, links are closed. Sessions that take
   * longer than their time are left where they are.
   */
  async stop(): Promise<void> {
    const { clock, links } = this.#options;
    for (const listener of this.#listeners) listener.close();
    this.#sweep?.cancel();
    for (const session of this.#sessions.keys()) session.stop();
    let timer: Timer | null = null;
    const late = new Promise<void>((resolve) => timer = clock.after(stopMs, resolve));
    const linksEnd = links.stop();
    // Another program's lock is waited for, but no longer than for slow clients.
    const saved = this.#saving?.saved().catch(() => {});
    await Promise.race([Promise.all([linksEnd, saved, ...this.#sessions.values()]), late]);
    timer!.cancel();
    this.#forgetting.stop();
    this.#saving?.close();
  }
}

/** How every session of a server reads, within one budget and out of one pool. */
function reading(budget: BufferBudget): LineBufferOptions {
  const pool = new BlockPool(firstReadBytes);
  return { bytesMin: readBytesMin, bytesMax: readBytesMax, budget, pool };
}
