/**
 * The lines with which two servers make a link. The dialler says `HELLO 1 Clark Jaquez NONCE`, the
 * acceptor answers `HELLO 1 Jaquez Clark NONCE PROOF`, the dialler sends `PROOF PROOF`, and the
 * acceptor ends with `WELCOME`.
 *
 * @module
 */

import { helloBytesMax, linkFieldsMax } from "../limits.ts";
import { fieldsOf } from "../protocol/ascii.ts";

/** The version of the link protocol that this server speaks. */
export const linkVersion = 1;

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
  /** In the acceptor's hello: its proof. */
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
 * @param line a line, without its newline
 * @returns its words, {@linkcode linkFieldsMax} at the most
 */
export function wordsOf(line: Uint8Array): string[] {
  return fieldsOf(line, linkFieldsMax).map((field) => decoder.decode(field));
}

/** @returns the hello as a line with its newline */
export function helloLine({ version, from, to, nonce, proof }: Hello): Uint8Array<ArrayBuffer> {
  const words = ["HELLO", version, from, to, nonce];
  return proof === undefined ? lineOf(...words) : lineOf(...words, proof);
}

/**
 * @param line any line, without its newline
 * @returns the greeting, or null if the line is not meant as one
 * @throws {LinkError} when it is meant as one but malformed
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const hello = { version: 1, from: "Clark", to: "Bona", nonce: "0123456789abcdef".repeat(2) };
 * assertEquals(parseHello(helloLine(hello)), hello);
 * ```
 */
export function parseHello(line: Uint8Array): Hello | null {
  if (line.length > helloBytesMax) throw new LinkError("a hello without an end");
  const [word, version = "", from = "", to = "", nonce = "", proof, ...rest] = wordsOf(line);
  if (word !== "HELLO") return null;
  if (!/^\d{1,9}$/.test(version)) throw new LinkError("a hello without a version");
  // A later version may say more after its number: it is refused because of the number.
  if (Number(version) === linkVersion && (!/^[0-9a-f]{32}$/.test(nonce) || rest.length > 0)) {
    throw new LinkError("a malformed hello");
  }
  const hello = { version: Number(version), from, to, nonce };
  return proof === undefined ? hello : { ...hello, proof };
}

/**
 * @param hello a greeting
 * @param expected the servers that it must name
 * @throws {LinkError} when it is of another version or names other servers
 */
export function checkHello(hello: Hello, expected: { from?: string; to: string }): void {
  if (hello.version !== linkVersion) {
    throw new LinkError(`link version ${hello.version}, this server speaks ${linkVersion}`);
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
