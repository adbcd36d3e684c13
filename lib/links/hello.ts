/**
 * The lines in which two servers make a link. The dialler says `HELLO 2 Clark Bona NONCE`, the acceptor
 * answers `HELLO 2 Bona Clark NONCE`, the dialler sends `PROOF PROOF`, and the acceptor ends with
 * `WELCOME PROOF`. In version 1 the acceptor's proof was in its hello, and `WELCOME` was bare.
 *
 * @module
 */

import { linkWordsBytesMax } from "../limits.ts";
import { fieldsOf } from "../protocol/ascii.ts";

/** The version of the link protocol that this server speaks first. */
export const linkVersion = 2;

/** The versions that it speaks: 1 with a neighbour that has not been upgraded yet. */
export type LinkVersion = 1 | typeof linkVersion;

/** What a server says when it has nothing else to say. */
export const heartbeatWord = "BEAT";

/** A greeting: who speaks, to whom, in which version, and a nonce for the proofs. */
export interface Hello {
  readonly version: number;
  /** The server that speaks. */
  readonly from: string;
  /** The server it speaks to. */
  readonly to: string;
  /** 32 hexadecimal digits. */
  readonly nonce: string;
  /** In the acceptor's hello of version 1: its proof. */
  readonly proof?: string;
}

/** Something a peer did that ends the link; the message says what, for the log. */
export class LinkError extends Error {
  override readonly name = "LinkError";
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: false, ignoreBOM: true });

/**
 * @param words what the line says
 * @returns the line with its newline
 */
export function lineOf(...words: (string | number)[]): Uint8Array<ArrayBuffer> {
  return encoder.encode(`${words.join(" ")}\n`);
}

/**
 * @param line a line that is no record, without its newline
 * @returns its words
 * @throws {LinkError} when it is longer than any that a server sends: then it is not looked at
 */
export function wordsOf(line: Uint8Array): string[] {
  if (line.length > linkWordsBytesMax) {
    throw new LinkError(`a line of ${line.length} bytes that is no record`);
  }
  return fieldsOf(line, line.length).map((field) => decoder.decode(field));
}

/** A hello in a version that this server speaks. */
export interface KnownHello extends Hello {
  readonly version: LinkVersion;
}

/** @returns the hello as a line with its newline */
export function helloLine({ version, from, to, nonce, proof }: Hello): Uint8Array<ArrayBuffer> {
  const words = ["HELLO", version, from, to, nonce];
  return proof === undefined ? lineOf(...words) : lineOf(...words, proof);
}

/**
 * @param line any line, without its newline
 * @returns the greeting, or null when the line is not meant as one
 * @throws {LinkError} when it is meant as one and malformed, or longer than any
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const hello = { version: 2, from: "Clark", to: "Bona", nonce: "0123456789abcdef".repeat(2) };
 * assertEquals(parseHello(helloLine(hello)), hello);
 * ```
 */
export function parseHello(line: Uint8Array): Hello | null {
  const words = wordsOf(line);
  if (words[0] !== "HELLO") return null;
  const [, digits = "", from = "", to = "", nonce = "", proof] = words;
  if (!/^\d{1,9}$/.test(digits)) throw new LinkError("a hello without a version");
  const version = Number(digits);
  const isMalformed = !/^[0-9a-f]{32}$/.test(nonce) || words.length > (version === 1 ? 6 : 5);
  // A later version may say more behind its number: it is refused for its number.
  if (version <= linkVersion && isMalformed) throw new LinkError("a malformed hello");
  const hello = { version, from, to, nonce };
  return proof === undefined ? hello : { ...hello, proof };
}

/**
 * @param hello a greeting
 * @param expected the servers that it must name, and the version where only one is right
 * @throws {LinkError} when its version is another or it names others
 */
export function checkHello(
  hello: Hello,
  expected: { from?: string; to: string; version?: LinkVersion },
): asserts hello is KnownHello {
  const { version } = hello;
  if (version !== 1 && version !== linkVersion) {
    throw new LinkError(`link version ${version}, this server speaks 1 and ${linkVersion}`);
  }
  if (expected.version !== undefined && version !== expected.version) {
    throw new LinkError(`link version ${version} in answer to ${expected.version}`);
  }
  if (hello.to !== expected.to) {
    throw new LinkError(`a hello to "${hello.to}", this server is "${expected.to}"`);
  }
  if (expected.from !== undefined && hello.from !== expected.from) {
    throw new LinkError(`a hello from "${hello.from}" where "${expected.from}" should be`);
  }
}

/** @returns 32 hexadecimal digits of 16 random bytes */
export function nonceOf(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
