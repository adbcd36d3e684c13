/**
 * The link that a neighbour dialled, over which its records come: check its proof, then take its
 * records, and pass on those that are news.
 *
 * @module
 */

import { askAgainMs, busyBytes, catchUpMs } from "../limits.ts";
import type { Block } from "../block.ts";
import { scanAt } from "../protocol/at.ts";
import { RecordFields } from "../protocol/record.ts";
import type { NeighbourMarker } from "../locations/news.ts";
import { wireLabel } from "../log/log_file.ts";
import { addressText } from "../transport/address.ts";
import { othersTurn } from "../pacing/let_others.ts";
import type { Instant, Timer } from "../transport/transport.ts";
import { receiveInTime } from "./handshake.ts";
import {
  checkHello,
  type Hello,
  type KnownHello,
  LinkError,
  type LinkVersion,
  wordsOf,
} from "./hello.ts";
import { CatchUpReceiver } from "./catch_up/catch_up_receiver.ts";
import type { LinksContext } from "./links_context.ts";
import { isHeartbeat, linkLog } from "./link_log.ts";
import type { LineConnection } from "./line_connection.ts";
import { LiveLink } from "./live_link.ts";

/** A link from one neighbour. */
export class Incoming {
  /** The neighbour's name. */
  readonly from: string;
  readonly #herd: LinksContext;
  readonly #link: LineConnection;
  readonly #hello: KnownHello;
  readonly #fields: RecordFields;
  readonly #now: Instant = { seconds: 0, nanoseconds: 0 };
  #names: readonly string[] = [];
  #origins: readonly Uint8Array[] = [];
  readonly #label: Block;
  #askAgain = () => {};

  /**
   * @param herd what the server's links share
   * @param link the connection, whose first line was the hello
   * @param hello that hello
   * @throws {LinkError} when the hello is not from a neighbour to this server
   */
  constructor(herd: LinksContext, link: LineConnection, hello: Hello) {
    checkHello(hello, { to: herd.name });
    if (!herd.neighbours.some(({ name }) => name === hello.from)) {
      throw new LinkError(`"${hello.from}" is no neighbour of ${herd.name}`);
    }
    const { remote } = link.connection;
    if (!herd.prover.hasSecret && !herd.insecureLinks && !isLoopback(remote.hostname)) {
      throw new LinkError("links from other machines need HERD_SECRET");
    }
    if (hello.version === 1 && herd.prover.hasSecret && !herd.acceptLinks1) {
      throw new LinkError(
        `link version 1 would have ${herd.name} prove the secret first: upgrade ${hello.from}, ` +
          'or have "acceptLinks1": true in herd.json until it is',
      );
    }
    this.#herd = herd;
    this.#link = link;
    this.#hello = hello;
    this.from = hello.from;
    this.#fields = new RecordFields(herd.hashSeed);
    const peer = `${this.from} ${addressText(remote)}`;
    this.#label = wireLabel("in", peer);
    linkLog(herd, link, peer);
  }

  /** The version of the link protocol that the neighbour speaks. */
  get version(): LinkVersion {
    return this.#hello.version;
  }

  /**
   * Takes records until the link ends. {@linkcode prove} comes first.
   *
   * @param back gives the marker that leads back to the neighbour, which knows the records already
   * @throws {LinkError} when the neighbour breaks the protocol
   * @throws {Error} when the connection breaks
   */
  async run(back: () => NeighbourMarker | null): Promise<void> {
    const { clock, random, table } = this.#herd;
    using live = new LiveLink(this.#link, { clock });
    const receiver = new CatchUpReceiver(live, table);
    let timer: Timer | null = null;
    const catchUp = () => {
      receiver.ask();
      timer = clock.after(catchUpMs * (0.5 + random.fraction()), catchUp);
    };
    this.#askAgain = () => {
      timer?.cancel();
      timer = clock.after(askAgainMs, catchUp);
    };
    catchUp();
    try {
      while (await this.#link.more()) {
        const bytes = this.#link.lines.complete - this.#link.lines.start;
        this.#takeLines(back(), receiver);
        if (bytes > busyBytes) await othersTurn(clock);
      }
    } finally {
      this.#askAgain = () => {};
      (timer as Timer | null)?.cancel();
    }
  }

  /**
   * Soon asks the neighbour once more for what was missed. It has just dropped an older link from
   * this server, perhaps left behind by a process that died. What it learned over that link it did
   * not send to us, since it came from us.
   */
  askAgain(): void {
    this.#askAgain();
  }

  /** Ends the link. */
  close(): void {
    this.#link.close();
  }

  /**
   * Has the neighbour prove the secret, and proves it to the neighbour.
   *
   * @throws {LinkError} when the neighbour does not prove that it is one
   * @throws {Error} when the connection breaks
   */
  async prove(): Promise<void> {
    await receiveInTime(this.#herd, this.#link, this.#hello);
  }

  /** Takes all lines that are complete. */
  #takeLines(back: NeighbourMarker | null, catchUp: CatchUpReceiver): void {
    const { lines } = this.#link;
    const { clock, wire, table, names } = this.#herd;
    if (names !== this.#names) this.#learnOrigins(names);
    clock.now(this.#now);
    wire.at(this.#now);
    while (lines.start < lines.complete) {
      const { block: { bytes, view }, start } = lines;
      const nameEnd = scanAt(bytes, start, this.#fields);
      if (nameEnd < 0) {
        const line = lines.take()!;
        this.#link.onLineIn(line);
        heed(line, catchUp);
        continue;
      }
      const end = this.#fields.lineEnd;
      lines.taken(end);
      if (this.#fields.isPlain) wire.plainLine(this.#label, view, start, end);
      else wire.line(this.#label, bytes, start, end);
      this.#checkOrigin(bytes, start + 3, nameEnd);
      table.merge({ bytes, view, start, end, fields: this.#fields }, back);
    }
  }

  #learnOrigins(names: readonly string[]): void {
    const encoder = new TextEncoder();
    this.#names = names;
    this.#origins = names.map((name) => encoder.encode(name));
  }

  #checkOrigin(bytes: Uint8Array, start: number, end: number): void {
    for (const name of this.#origins) if (isAt(name, bytes, start, end)) return;
    throw new LinkError("a record whose origin is no server of the herd");
  }
}

/** Acts on a line that is no record. */
function heed(line: Uint8Array, catchUp: CatchUpReceiver): void {
  if (isHeartbeat(line)) return;
  const words = wordsOf(line);
  if (words[0] === "DIFFER") catchUp.tell(words);
  else if (words[0] === "AT") throw new LinkError("a malformed record");
  else throw new LinkError("a line that no server sends");
}

function isAt(name: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (name.length !== end - start) return false;
  for (let at = 0; at < name.length; at++) if (name[at] !== bytes[start + at]) return false;
  return true;
}

/**
 * @param hostname an address
 * @returns whether it is one of this machine's own (RFC 1122, 3.2.1.3; RFC 4291, 2.5.3)
 */
export function isLoopback(hostname: string): boolean {
  return hostname === "::1" || /^(::ffff:)?127\.\d+\.\d+\.\d+$/i.test(hostname);
}
