/**
 * A server's side of a link, spoken by a test: written after lib/links/README.md and what goes over
 * the wire, not with the servers' own code.
 *
 * @module
 */

import { Client } from "../process/client.ts";

/** Who speaks on a link, and with which secret. */
export interface Parties {
  /** The server that the test plays. */
  readonly self: string;
  /** The real one. */
  readonly other: string;
  readonly secret?: string;
}

/** What a proof is of. */
export interface Claim {
  /** 2 when absent. */
  readonly version?: 1 | 2;
  readonly side: "dial" | "accept";
  /** The server that dialled, and its nonce. */
  readonly from: string;
  readonly fromNonce: string;
  /** The server that accepted, and its nonce. */
  readonly to: string;
  readonly toNonce: string;
}

const encoder = new TextEncoder();

/** @returns the proof of a claim, `-` without a secret */
export async function prove(secret: string | undefined, claim: Claim): Promise<string> {
  if (secret === undefined) return "-";
  const { version = 2, side, from, to, fromNonce, toNonce } = claim;
  const hmac = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", encoder.encode(secret), hmac, false, ["sign"]);
  const text = encoder.encode(`herd ${version} ${side} ${from} ${to} ${fromNonce} ${toNonce}`);
  return hex(new Uint8Array(await crypto.subtle.sign("HMAC", key, text)));
}

/** @returns 32 hexadecimal digits of chance */
export function newNonce(): string {
  return hex(crypto.getRandomValues(new Uint8Array(16)));
}

function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Reads a hello from `other` to `self`.
 *
 * @returns its nonce; there is nothing behind that
 */
export async function readHello(link: Client, { self, other }: Parties): Promise<string> {
  const line = await link.line() ?? "nothing";
  const hello = `HELLO 2 ${other} ${self} `;
  const nonce = line.slice(hello.length);
  if (!line.startsWith(hello) || !/^[0-9a-f]{32}$/.test(nonce)) {
    throw new Error(`no hello from ${other}: ${line}`);
  }
  return nonce;
}

/** Dials a server up to its hello; what is to be proven comes with it. */
export async function greet(port: number, parties: Parties) {
  const link = await Client.connect(port);
  const fromNonce = newNonce();
  await link.send(`HELLO 2 ${parties.self} ${parties.other} ${fromNonce}\n`);
  const toNonce = await readHello(link, parties);
  return { link, claim: { from: parties.self, to: parties.other, fromNonce, toNonce } };
}

/** Dials a server and proves: what is sent on the link from then on is taken. */
export async function dialLink(port: number, parties: Parties): Promise<Client> {
  const { link, claim } = await greet(port, parties);
  const answer = await link.say(`PROOF ${await prove(parties.secret, { ...claim, side: "dial" })}`);
  if (answer !== `WELCOME ${await prove(parties.secret, { ...claim, side: "accept" })}`) {
    throw new Error(`${parties.other} refused, or did not prove: ${answer}`);
  }
  return link;
}

/** Takes the link that a server dials, and proves: its records come over it. */
export async function acceptLink(listener: Deno.TcpListener, parties: Parties): Promise<Client> {
  const link = await Client.accept(listener);
  const { self: to, other: from, secret } = parties;
  const fromNonce = await readHello(link, parties);
  const claim = { from, to, fromNonce, toNonce: newNonce() };
  await link.send(`HELLO 2 ${to} ${from} ${claim.toNonce}\n`);
  const answer = await link.line();
  if (answer !== `PROOF ${await prove(secret, { ...claim, side: "dial" })}`) {
    throw new Error(`${from} did not prove: ${answer}`);
  }
  await link.send(`WELCOME ${await prove(secret, { ...claim, side: "accept" })}\n`);
  return link;
}

/** How often a link of the test's says something, in milliseconds. */
const beatMs = 500;

/**
 * Says something on a link now and then, as servers do, so that it is not taken for dead.
 *
 * @returns what ends it
 */
export function beat(link: Client): Disposable {
  // A link that was closed meanwhile is for the test to notice.
  const timer = setInterval(() => link.send("BEAT\n").catch(() => {}), beatMs);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/** Lines of a link that are no records: heartbeats and catching up. */
const otherWords = ["BEAT", "DIGEST", "DIFFER", "BUCKETS"];

/** @returns the next record on a link; what is neither that nor a line of the link is an error */
export async function nextRecord(link: Client): Promise<string> {
  for (;;) {
    const line = await link.line();
    const [word] = (line ?? "the end of the link").split(" ");
    if (word === "AT") return line!;
    if (line === null || !otherWords.includes(word!)) throw new Error(`not of a link: ${line}`);
  }
}

/**
 * Waits until links that were accepted are live at the other end, which takes its own time to see so;
 * what is reported before goes to a real server by catching up.
 *
 * @param links what was accepted
 * @param report reports one and the same client's location to the server that dialled
 */
export async function live(links: readonly Client[], report: () => Promise<string>): Promise<void> {
  const heard = new Set<Client>();
  const first = links.map(async (link) => {
    const record = await nextRecord(link);
    heard.add(link);
    return record;
  });
  let last = await report();
  while (heard.size < links.length) last = await report();
  await Promise.all(links.map(async (link, index) => {
    for (let record = await first[index]; record !== last;) record = await nextRecord(link);
  }));
}
