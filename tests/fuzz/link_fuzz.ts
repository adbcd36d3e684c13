/**
 * Random lines for the link protocol, from one who knows the secret and from one who does not, as the
 * one who dials and as the one who is dialled.
 *
 * @module
 */

import { helloLine, linkVersion, nonceOf, parseHello } from "../../lib/links/hello.ts";
import { type Claim, type Prover, proverOf } from "../../lib/links/proof.ts";
import { silenceMs } from "../../lib/limits.ts";
import { bytesOf, textOf } from "../../lib/protocol/ascii.ts";
import type { Connection, Random } from "../../lib/transport/transport.ts";
import { MemoryNetwork } from "../memory_network.ts";
import { seededRandom } from "../seeded_random.ts";
import { MemoryServer } from "../server/memory_server.ts";

/** One conversation: how it begins, and what is said behind that. */
export interface LinkCase {
  /** Whether the test dials the server, or is dialled by it. */
  readonly side: "dial" | "accept";
  /** Whether the test knows the secret, and proves it. */
  readonly isProven: boolean;
  /** What it says then, or in the proof's place; one character a byte. */
  readonly text: string;
}

const location = "+34.068930-118.445127";
const otherWords = ["BEAT", "HELLO", "PROOF", "WELCOME", "IAMAT", "WHATSAT", "AT", "at", "", "\0"];
const origins = ["Bona", "Clark", "Jaquez", "Bona", "Mallory", "", "\xff"];

/** Makes lines for a link. */
class LinkGarbage {
  readonly #random: Random;
  #time = 0;

  constructor(random: Random) {
    this.#random = random;
  }

  below(end: number): number {
    return Math.floor(this.#random.fraction() * end);
  }

  #one<T>(of: readonly T[]): T {
    return of[this.below(of.length)]!;
  }

  /** @returns some lines, most of them as a server sends them */
  text(): string {
    let text = "";
    for (let left = 1 + this.below(30); left > 0; left--) text += this.#line();
    return text;
  }

  #line(): string {
    const line = this.#right();
    if (this.below(12) > 0) return `${line}\n`;
    const at = this.below(line.length + 1);
    const byte = String.fromCharCode(this.below(256));
    return `${line.slice(0, at)}${byte}${line.slice(at + this.below(3))}\n`;
  }

  #right(): string {
    const kind = this.below(20);
    if (kind < 10) return this.#record();
    if (kind < 12) return `DIGEST ${this.#hashes(2048)}`;
    if (kind < 14) return `BUCKETS ${this.below(260)} ${this.#hashes(512)}`;
    if (kind < 16) return `DIFFER ${this.#numbers()}`;
    if (kind < 19) return "BEAT";
    return [this.#one(otherWords), ...Array.from({ length: this.below(5) }, () => this.#word())]
      .join(" ");
  }

  #record(): string {
    const id = this.below(30) === 0 ? "long".repeat(this.below(20_000)) : `c${this.below(50)}`;
    const time = `${this.#time++}.${this.below(1_000_000_000)}`;
    return `AT ${this.#one(origins)} +0.000000001 ${id} ${location} ${time}`;
  }

  #hashes(bytes: number): string {
    const kind = this.below(4);
    const count = kind === 0 ? this.below(2 * bytes) : bytes;
    const byte = () => kind === 1 ? 0 : this.below(256);
    return btoa(Array.from({ length: count }, () => String.fromCharCode(byte())).join(""));
  }

  #numbers(): string {
    return Array.from({ length: this.below(20) }, () => this.below(258)).join(" ");
  }

  #word(): string {
    return this.#one([location, "5", "-1", "Bona", "Clark", "0".repeat(32), "-", "\x7f"]);
  }
}

/** @returns a case, the same for the same seed */
export function linkCase(seed: number): LinkCase {
  const garbage = new LinkGarbage(seededRandom(seed));
  return {
    side: garbage.below(2) === 0 ? "dial" : "accept",
    isProven: garbage.below(3) > 0,
    text: garbage.text(),
  };
}

/** The test's end: it reads everything, and sees what it is told. */
export class Peer {
  readonly connection: Connection;
  told = "";
  isOver = false;
  #onTold: () => void = () => {};

  constructor(connection: Connection) {
    this.connection = connection;
    this.#read();
  }

  async #read(): Promise<void> {
    const into = new Uint8Array(64 * 1024);
    try {
      for (let count; (count = await this.connection.read(into)) !== null;) {
        this.told += textOf(into.subarray(0, count));
        this.#onTold();
      }
    } catch {
      // The server has cut the link.
    }
    this.isOver = true;
    this.#onTold();
  }

  /** Waits for a line of this form; null when the connection ends without. */
  async hears(form: RegExp): Promise<string | null> {
    for (;;) {
      const line = this.told.split("\n").slice(0, -1).find((line) => form.test(line));
      if (line !== undefined || this.isOver) return line ?? null;
      await new Promise<void>((resolve) => this.#onTold = resolve);
    }
  }

  async say(text: string): Promise<void> {
    const bytes = bytesOf(text) as Uint8Array<ArrayBuffer>;
    try {
      for (let at = 0; at < bytes.length;) {
        at += await this.connection.write(bytes.subarray(at));
      }
    } catch {
      // The server has cut the link.
    }
  }
}

/** Says who it is, and proves it if it is to. */
export async function introduce(
  peer: Peer,
  { side, isProven }: LinkCase,
  prover: Prover,
): Promise<void> {
  const nonce = nonceOf(new Uint8Array(16));
  const names = { from: "Bona", to: "Clark" };
  if (side === "dial") {
    await peer.say(textOf(helloLine({ version: linkVersion, ...names, nonce })));
    const hello = parseHello(bytesOf(await peer.hears(/^HELLO/) ?? ""));
    if (hello === null || !isProven) return;
    const claim: Claim = {
      version: linkVersion,
      ...names,
      side,
      fromNonce: nonce,
      toNonce: hello.nonce,
    };
    await peer.say(`PROOF ${prover.prove(claim)}\n`);
    await peer.hears(/^WELCOME/);
    return;
  }
  const hello = parseHello(bytesOf(await peer.hears(/^HELLO/) ?? ""));
  if (hello === null || !isProven) return;
  const nonces = { fromNonce: hello.nonce, toNonce: nonce };
  const claim: Claim = { version: linkVersion, side, from: "Clark", to: "Bona", ...nonces };
  await peer.say(textOf(helloLine({ version: linkVersion, ...names, nonce })));
  if (await peer.hears(/^PROOF/) !== null) await peer.say(`WELCOME ${prover.prove(claim)}\n`);
}

/** The herd's secret in these conversations. */
export const secret = "a secret of the herd";

/**
 * Has a case said to a server in memory.
 *
 * @param link what is said
 * @param seed how it is cut into pieces
 * @throws {Error} when the server takes or tells what it must not, or does not go on
 */
export async function checkLink(link: LinkCase, seed: number): Promise<void> {
  const random = seededRandom(seed);
  const bufferBytes = link.text.length > 5_000 || random.fraction() < 0.5 ? 16_384 : 50;
  const network = new MemoryNetwork({ bufferBytes, random });
  const prover = await proverOf(secret);
  const bona = network.transport("127.0.0.2").listen({ hostname: "127.0.0.2", port: 12_104 });
  const server = await MemoryServer.start({ network, neighbours: ["Bona"], secret });
  await server.ask(`IAMAT kept +1-1 5\n`);
  const connection = link.side === "dial"
    ? (await server.silentClient()).connection
    : (await bona.accept())!;
  const peer = new Peer(connection);
  const talk = introduce(peer, link, prover).then(() => peer.say(link.text));
  await server.clock.run(silenceMs / 2);
  await server.clock.run(2 * silenceMs);
  peer.connection.close();
  await talk;
  await server.clock.settle();
  assertSound(server, link, peer);
  const answer = await server.ask("WHATSAT kept 0 0\n");
  if (!answer.startsWith("AT Clark ")) throw new Error(`afterwards it answers ${answer}`);
  const stopped = server.server.stop();
  bona.close();
  await server.clock.run(2_000);
  await stopped;
}

/** What must be so, whatever was said. */
function assertSound(
  { table, events }: MemoryServer,
  { isProven, text }: LinkCase,
  peer: Peer,
): void {
  if (!peer.isOver) throw new Error("a link that is silent is still there");
  const records = text.split("\n").filter((line) => line.startsWith("AT ")).length;
  if (table.size > 1 + (isProven ? records : 0)) throw new Error(`${table.size} records`);
  if (!isProven && /^AT /m.test(peer.told)) throw new Error(`a stranger was told ${peer.told}`);
  for (let number = 0; number < table.end; number++) {
    const line = textOf(table.line(number));
    const isRight = /^AT (Bona|Clark|Jaquez) [+-]\d+\.\d{9} [^\s]+ [+-][\d.]+[+-][\d.]+ [\d.]+$/;
    if (!isRight.test(line)) throw new Error(`the table has ${JSON.stringify(line)}`);
  }
  const errors = events.of(/^ERROR/);
  if (errors.length > 0) throw new Error(errors.join("\n"));
}
