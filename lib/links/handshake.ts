/**
 * The handshake of a link: both sides prove the herd's secret, the dialler first. Anybody can dial,
 * so the acceptor gives its proof only to a dialler that has given its own: whoever merely says
 * hello gets nothing to try guesses of the secret on. (In version 1 the acceptor proved first.)
 *
 * @module
 */

import { helloTimeoutMs } from "../limits.ts";
import {
  checkHello,
  helloLine,
  type KnownHello,
  lineOf,
  LinkError,
  type LinkVersion,
  nonceOf,
  parseHello,
  wordsOf,
} from "./hello.ts";
import type { LineConnection } from "./line_connection.ts";
import type { LinksContext } from "./links_context.ts";
import type { Prover } from "./proof.ts";

const ask = "HERD_SECRET is the same everywhere?";

/** The acceptor takes no hello like ours: its version, or what it knows of the herd, is another. */
export class HelloRefused extends LinkError {
  constructor() {
    super("it refused our hello");
  }
}

/** What the dialler says of itself. */
export interface Introduction {
  readonly version: LinkVersion;
  /** This server. */
  readonly from: string;
  /** The one that was dialled. */
  readonly to: string;
  /** 32 hexadecimal digits of chance. */
  readonly nonce: string;
  readonly prover: Prover;
}

/**
 * The dialler's side. When it resolves, both sides are proven.
 *
 * @param link the connection, on which nothing was said yet
 * @throws {HelloRefused} when the other side answers the hello as an invalid command
 * @throws {LinkError} when the other side does not prove that it is who was dialled
 */
export async function introduce(
  link: LineConnection,
  { version, from, to, nonce: fromNonce, prover }: Introduction,
): Promise<void> {
  await link.send(helloLine({ version, from, to, nonce: fromNonce }));
  const hello = parseHello(await link.line());
  if (hello === null) throw new HelloRefused();
  checkHello(hello, { version, from: to, to: from });
  const claim = { version, from, to, fromNonce, toNonce: hello.nonce };
  const checkTheirs = (proof = "") => {
    if (prover.check({ ...claim, side: "accept" }, proof)) return;
    throw new LinkError(`its proof of the secret is wrong (${ask})`);
  };
  if (version === 1) checkTheirs(hello.proof);
  await link.send(lineOf("PROOF", prover.prove({ ...claim, side: "dial" })));
  const [word, proof] = wordsOf(await link.line());
  if (word !== "WELCOME") throw new LinkError(`it refused our proof of the secret (${ask})`);
  if (version !== 1) checkTheirs(proof);
}

/** What the acceptor answers. */
export interface Reception {
  /** The dialler's hello, between the right servers. */
  readonly hello: KnownHello;
  /** 32 hexadecimal digits of chance. */
  readonly nonce: string;
  readonly prover: Prover;
}

/**
 * The acceptor's side. When it resolves, both sides are proven.
 *
 * @param link the connection, on which the hello was the first line
 * @throws {LinkError} when the dialler does not prove the secret
 */
export async function receive(
  link: LineConnection,
  { hello: { version, from, to, nonce: fromNonce }, nonce: toNonce, prover }: Reception,
): Promise<void> {
  const claim = { version, from, to, fromNonce, toNonce };
  const ours = prover.prove({ ...claim, side: "accept" });
  const hello = { version, from: to, to: from, nonce: toNonce };
  await link.send(helloLine(version === 1 ? { ...hello, proof: ours } : hello));
  const [word, told = "", ...rest] = wordsOf(await link.line());
  if (word !== "PROOF" || rest.length > 0) throw new LinkError("no proof after the hello");
  if (!prover.check({ ...claim, side: "dial" }, told)) {
    throw new LinkError("a wrong proof of the secret");
  }
  await link.send(version === 1 ? lineOf("WELCOME") : lineOf("WELCOME", ours));
}

/**
 * The acceptor's side, within the time that a handshake may take.
 *
 * @param herd proves, and has time and chance
 * @param link the connection, which is closed when the time is over
 * @param hello the dialler's
 * @throws {LinkError} when the dialler does not prove the secret
 * @throws {Error} when the connection breaks
 */
export async function receiveInTime(
  { prover, random, clock }: Pick<LinksContext, "prover" | "random" | "clock">,
  link: LineConnection,
  hello: KnownHello,
): Promise<void> {
  const late = () => link.close(new LinkError("no proof in time"));
  const timer = clock.after(helloTimeoutMs, late);
  try {
    await receive(link, { hello, nonce: nonceOf(random.bytes(16)), prover });
  } finally {
    timer.cancel();
  }
}
