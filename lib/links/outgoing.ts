/**
 * The link that this server dials to a neighbour, and sends records over: dial, prove, send; and
 * when it breaks, wait and dial again, forever.
 *
 * @module
 */

import { backoffMsMax, backoffMsMin, dialTimeoutMs, helloTimeoutMs } from "../limits.ts";
import type { Block } from "../block.ts";
import { wireLabel } from "../log/log_file.ts";
import { addressText } from "../transport/address.ts";
import type { Connection, Instant, Timer } from "../transport/transport.ts";
import { Backoff } from "../pacing/backoff.ts";
import {
  checkHello,
  heartbeatWord,
  helloLine,
  lineOf,
  LinkError,
  linkVersion,
  nonceOf,
  parseHello,
  wordsOf,
} from "./hello.ts";
import type { LinksContext, Neighbour } from "./links_context.ts";
import { answerAll, answerGroup, type Answering, parseBuckets, parseDigest } from "./catch_up.ts";
import { LineConnection } from "./line_connection.ts";
import type { LinkWriter, RecordSource } from "./link_writer.ts";
import { LiveLink } from "./live_link.ts";
import type { Marker } from "../locations/news.ts";
import { Outbox } from "../locations/outbox.ts";
import type { Slices } from "../pacing/slices.ts";
import { linkLog } from "./link_log.ts";

/** Where a link stands. */
export type OutgoingState =
  /** Before the first dial. */
  | { readonly kind: "idle" }
  /** A connection is being made. */
  | { readonly kind: "dialling"; readonly abort: AbortController }
  /** Both sides prove that they belong to the herd. */
  | { readonly kind: "proving"; readonly link: LineConnection }
  /** Records are sent. */
  | { readonly kind: "live"; readonly link: LineConnection; readonly writer: LinkWriter }
  /** The last try failed or the link broke; the timer ends the wait. */
  | { readonly kind: "waiting"; readonly timer: Timer; readonly wake: () => void }
  /** It will not be dialled again. */
  | { readonly kind: "stopped" };

const newline = 0x0a;

/** One neighbour's outgoing link. */
export class Outgoing implements Marker, RecordSource {
  readonly neighbour: Neighbour;
  readonly #herd: LinksContext;
  readonly #onLive: () => void;
  readonly #outbox = new Outbox();
  readonly #backoff: Backoff;
  readonly #label: Block;
  readonly #now: Instant = { seconds: 0, nanoseconds: 0 };
  #state: OutgoingState = { kind: "idle" };
  #lastTrouble = "";

  /**
   * @param herd what the server's links share
   * @param options.neighbour the server that it leads to
   * @param options.onLive is called when records can be sent
   */
  constructor(
    herd: LinksContext,
    { neighbour, onLive }: { readonly neighbour: Neighbour; readonly onLive: () => void },
  ) {
    this.#herd = herd;
    this.neighbour = neighbour;
    this.#onLive = onLive;
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

  /** Queues a record. While the link is down, that is left to catch-up. */
  mark(number: number): void {
    if (this.#state.kind !== "live") return;
    this.#outbox.mark(number);
    this.#state.writer.wake();
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
    const connection = await this.#dial();
    const link = new LineConnection(connection);
    linkLog(this.#herd, link, peerText(this.neighbour));
    try {
      if (this.#stopped) return;
      this.#state = { kind: "proving", link };
      const late = () => link.close(new LinkError("no answer to our hello"));
      const timer = this.#herd.clock.after(helloTimeoutMs, late);
      try {
        await this.#prove(link);
      } finally {
        timer.cancel();
      }
      await this.#live(link);
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
    } finally {
      timer.cancel();
    }
  }

  async #prove(link: LineConnection): Promise<void> {
    const { name: from, prover, random } = this.#herd;
    const to = this.neighbour.name;
    const fromNonce = nonceOf(random.bytes(16));
    await link.send(helloLine({ version: linkVersion, from, to, nonce: fromNonce }));
    const answer = await link.line();
    const hello = parseHello(answer);
    if (hello === null) throw new LinkError("it refused our hello");
    checkHello(hello, { from: to, to: from });
    const claim = { from, to, fromNonce, toNonce: hello.nonce };
    if (!prover.check({ ...claim, side: "accept" }, hello.proof ?? "")) {
      throw new LinkError("its proof of the secret is wrong (HERD_SECRET is the same everywhere?)");
    }
    await link.send(lineOf("PROOF", prover.prove({ ...claim, side: "dial" })));
    const [word] = wordsOf(await link.line());
    if (word !== "WELCOME") throw new LinkError("it refused our proof of the secret");
  }

  async #live(link: LineConnection): Promise<void> {
    if (this.#stopped) return;
    const { clock, events, table } = this.#herd;
    using live = new LiveLink(link, { clock, records: this });
    const answering = {
      digest: table.digest,
      say: (line: Uint8Array<ArrayBuffer>) => live.writer.say(line),
      mark: (number: number) => this.mark(number),
    };
    this.#outbox.clear();
    this.#state = { kind: "live", link, writer: live.writer };
    this.#backoff.reset();
    this.#lastTrouble = "";
    events.info(`link to ${this.neighbour.name} made`);
    this.#onLive();
    try {
      for (;;) this.#heed(await link.line(), live.slices, answering);
    } finally {
      events.info(`link to ${this.neighbour.name} lost`);
    }
  }

  /** Acts on a line from the neighbour, which asks for what it missed. */
  #heed(line: Uint8Array, slices: Slices, answering: Answering): void {
    const words = wordsOf(line);
    if (words[0] === "DIGEST") slices.add(answerAll(parseDigest(words), answering));
    else if (words[0] === "BUCKETS") {
      const { group, hashes } = parseBuckets(words);
      slices.add(answerGroup(group, hashes, answering));
    } else if (words[0] !== heartbeatWord) throw new LinkError("a line that no server sends");
  }

  nextBytes(): number {
    const { table } = this.#herd;
    // A record that was forgotten while it waited is not sent.
    while (this.#outbox.size > 0 && table.lineBytes(this.#outbox.peek()) === 0) this.#outbox.take();
    return this.#outbox.size === 0 ? 0 : table.lineBytes(this.#outbox.peek()) + 1;
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
    if (this.#stopped) return;
    const trouble = error instanceof Error ? error.message : String(error);
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

/** A neighbour as the log names it: who it is, and where it is dialled. */
function peerText({ name, host, port }: Neighbour): string {
  return `${name} ${addressText({ hostname: host, port })}`;
}
