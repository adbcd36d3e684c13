/**
 * The link that this server dials to a neighbour, and sends records over: dial, prove, send; and
 * when it breaks, wait and dial again, forever.
 *
 * @module
 */

import { backoffMsMax, backoffMsMin, busyBytes, dialTimeoutMs, helloTimeoutMs } from "../limits.ts";
import type { Block } from "../block.ts";
import type { Faults } from "../log/faults.ts";
import { wireLabel } from "../log/log_file.ts";
import { reasonOf } from "../log/reason.ts";
import { addressText } from "../transport/address.ts";
import type { Connection, Instant, Timer } from "../transport/transport.ts";
import { Backoff } from "../pacing/backoff.ts";
import { HelloRefused, introduce } from "./handshake.ts";
import { LinkError, type LinkVersion, linkVersion, nonceOf, wordsOf } from "./hello.ts";
import type { LinksContext, Neighbour } from "./links_context.ts";
import { CatchUpSender } from "./catch_up/catch_up_sender.ts";
import { ConnectionLost, isTrouble, LineConnection } from "./line_connection.ts";
import type { LinkWriter, RecordSource } from "./link_writer.ts";
import { LiveLink } from "./live_link.ts";
import type { NeighbourMarker } from "../locations/news.ts";
import { Outbox } from "../locations/outbox.ts";
import { othersTurn } from "../pacing/let_others.ts";
import { isHeartbeat, linkLog } from "./link_log.ts";

/** Where a link stands. */
export type OutgoingState =
  /** Before the first dial. */
  | { readonly kind: "idle" }
  /** A connection is being made. */
  | { readonly kind: "dialling"; readonly abort: AbortController }
  /** Both sides prove that they belong to the herd. */
  | { readonly kind: "proving"; readonly link: LineConnection }
  /** Records are sent. */
  | {
    readonly kind: "live";
    readonly link: LineConnection;
    readonly writer: LinkWriter;
    /** The neighbour's. */
    readonly version: LinkVersion;
  }
  /** The last try failed or the link broke; the timer ends the wait. */
  | { readonly kind: "waiting"; readonly timer: Timer; readonly wake: () => void }
  /** It will not be dialled again. */
  | { readonly kind: "stopped" };

const newline = 0x0a;

/** What an {@linkcode Outgoing} is made with. */
export interface OutgoingOptions {
  readonly neighbour: Neighbour;
  readonly onLive: () => void;
  readonly faults: Faults;
}

/** One neighbour's outgoing link. */
export class Outgoing implements NeighbourMarker, RecordSource {
  readonly neighbour: Neighbour;
  readonly #herd: LinksContext;
  readonly #onLive: () => void;
  readonly #faults: Faults;
  readonly #outbox = new Outbox();
  readonly #backoff: Backoff;
  readonly #label: Block;
  readonly #now: Instant = { seconds: 0, nanoseconds: 0 };
  #state: OutgoingState = { kind: "idle" };
  /** What is said in the next hello: 1 right after a hello of a later version was refused. */
  #version: LinkVersion = linkVersion;
  #lastTrouble = "";

  /**
   * @param herd what the server's links share
   * @param options.neighbour the server that it leads to
   * @param options.onLive is called when records can be sent
   * @param options.faults takes what should never be thrown
   */
  constructor(herd: LinksContext, { neighbour, onLive, faults }: OutgoingOptions) {
    this.#herd = herd;
    this.neighbour = neighbour;
    this.#onLive = onLive;
    this.#faults = faults;
    this.#label = wireLabel("out", peerText(neighbour));
    this.#backoff = new Backoff({
      msMin: backoffMsMin,
      msMax: backoffMsMax,
      fraction: () => herd.random.fraction(),
    });
  }

  /** Where the link stands. */
  get state(): OutgoingState["kind"] {
    return this.#state.kind;
  }

  /**
   * The version of the link protocol that the neighbour speaks, while the link is live; null
   * otherwise. What only later versions know is sent to nobody else.
   */
  get version(): LinkVersion | null {
    return this.#state.kind === "live" ? this.#state.version : null;
  }

  /** Puts a record among those to send. While the link is down that is left to the catch-up. */
  mark(number: number): void {
    if (this.#state.kind !== "live") return;
    this.#outbox.mark(number);
    this.#state.writer.wake();
  }

  /** Takes a record from among those to send: the neighbour has just sent it to this server. */
  unmark(number: number): void {
    this.#outbox.unmark(number);
  }

  /** Dials again and again, until {@linkcode stop}. */
  async run(): Promise<void> {
    while (this.#state.kind !== "stopped") {
      try {
        await this.#once();
      } catch (error) {
        this.#tell(error);
      }
      await this.#wait();
    }
  }

  /** Cuts a wait short: the neighbour is there, since it has just dialled us. */
  wake(): void {
    this.#backoff.reset();
    if (this.#state.kind === "waiting") this.#state.wake();
  }

  /** Ends the link for good. */
  stop(): void {
    const state = this.#state;
    this.#state = { kind: "stopped" };
    if (state.kind === "dialling") state.abort.abort(new LinkError("stopping"));
    if (state.kind === "proving" || state.kind === "live") state.link.close();
    if (state.kind === "waiting") state.wake();
  }

  /** One connection, from dial to end. */
  async #once(): Promise<void> {
    const version = this.#version;
    // Whatever comes of it, the newest version is tried next.
    this.#version = linkVersion;
    const connection = await this.#dial();
    const link = new LineConnection(connection);
    const note = linkLog(this.#herd, link, peerText(this.neighbour));
    try {
      if (this.#stopped) return;
      this.#state = { kind: "proving", link };
      const late = () => link.close(new LinkError("no answer to our hello"));
      const timer = this.#herd.clock.after(helloTimeoutMs, late);
      try {
        await this.#prove(link, version);
      } finally {
        timer.cancel();
      }
      await this.#live(link, { version, note });
    } finally {
      link.close();
    }
  }

  get #stopped(): boolean {
    return this.#state.kind === "stopped";
  }

  async #dial(): Promise<Connection> {
    const abort = new AbortController();
    this.#state = { kind: "dialling", abort };
    const timer = this.#herd.clock.after(
      dialTimeoutMs,
      () => abort.abort(new LinkError("no answer")),
    );
    try {
      const { host, port, transport = this.#herd.transport } = this.neighbour;
      return await transport.connect({ hostname: host, port }, abort.signal);
    } catch (error) {
      throw new ConnectionLost(error);
    } finally {
      timer.cancel();
    }
  }

  async #prove(link: LineConnection, version: LinkVersion): Promise<void> {
    const { name: from, prover, random } = this.#herd;
    const nonce = nonceOf(random.bytes(16));
    try {
      await introduce(link, { version, from, to: this.neighbour.name, nonce, prover });
    } catch (error) {
      if (error instanceof HelloRefused && version !== 1) this.#version = 1;
      throw error;
    }
  }

  async #live(
    link: LineConnection,
    { version, note }: { version: LinkVersion; note: (text: string) => void },
  ): Promise<void> {
    if (this.#stopped) return;
    const { clock, events, table } = this.#herd;
    using live = new LiveLink(link, { clock, records: this });
    const catchUp = new CatchUpSender(live, { table, mark: (number) => this.mark(number), note });
    this.#outbox.clear();
    this.#state = { kind: "live", link, writer: live.writer, version };
    this.#backoff.reset();
    this.#lastTrouble = "";
    const { name } = this.neighbour;
    events.info(`link to ${name} made${this.version === 1 ? ", in version 1" : ""}`);
    this.#onLive();
    try {
      for (let bytes = 0; await link.more();) {
        bytes += link.lines.complete - link.lines.start;
        for (let line = link.next(); line !== null; line = link.next()) heed(line, catchUp);
        // A neighbour that asks and asks does not keep clients from their turn.
        if (bytes > busyBytes) {
          bytes = 0;
          await othersTurn(clock);
        }
      }
      throw new LinkError("closed by the neighbour");
    } finally {
      events.info(`link to ${name} lost`);
    }
  }

  nextBytes(): number {
    const { table } = this.#herd;
    while (this.#outbox.size > 0 && !this.#canSend(this.#outbox.peek())) this.#outbox.take();
    return this.#outbox.size === 0 ? 0 : table.lineBytes(this.#outbox.peek()) + 1;
  }

  /** A record that was forgotten meanwhile is not sent; nor is a tombstone in version 1. */
  #canSend(number: number): boolean {
    const { table } = this.#herd;
    if (table.lineBytes(number) === 0) return false;
    return this.version !== 1 || !table.isTombstone(number);
  }

  fill(buffer: Block, at: number): number {
    const { table, clock, wire } = this.#herd;
    if (this.#outbox.size === 0) return at;
    clock.now(this.#now);
    wire.at(this.#now);
    for (let bytes = this.nextBytes(); bytes > 0; bytes = this.nextBytes()) {
      if (at + bytes > buffer.size) return at;
      const number = this.#outbox.take();
      const end = table.copyLine(number, buffer, at);
      if (table.isPlain(number)) {
        wire.plainLine(this.#label, buffer.view, at, end);
      } else wire.line(this.#label, buffer.bytes, at, end);
      buffer.bytes[end] = newline;
      at = end + 1;
    }
    return at;
  }

  /** Logs why there is no link, and again only when the reason changes. */
  #tell(error: unknown): void {
    // A hello of version 2 that was refused is no trouble yet: one of version 1 comes next.
    if (this.#stopped || this.#version === 1) return;
    if (!isTrouble(error)) this.#faults.report(`the link to ${this.neighbour.name}`, error);
    const trouble = reasonOf(error);
    if (trouble === this.#lastTrouble) return;
    this.#lastTrouble = trouble;
    this.#herd.events.warn(`no link to ${this.neighbour.name}: ${trouble}`);
  }

  #wait(): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = this.#herd.clock.after(this.#backoff.nextMs(), resolve);
      const wake = () => {
        timer.cancel();
        resolve();
      };
      this.#state = { kind: "waiting", timer, wake };
    });
  }
}

/** Acts on a line of the neighbour's: it asks for what it missed. */
function heed(line: Uint8Array, catchUp: CatchUpSender): void {
  if (isHeartbeat(line)) return;
  const words = wordsOf(line);
  if (words[0] === "DIGEST") catchUp.compare(words);
  else if (words[0] === "BUCKETS") catchUp.send(words);
  else throw new LinkError("a line that no server sends");
}

/** A neighbour as the log names it: who it is, and where it is dialled. */
function peerText({ name, host, port }: Neighbour): string {
  return `${name} ${addressText({ hostname: host, port })}`;
}
