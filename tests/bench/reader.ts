/**
 * A neighbour that the suite plays itself: takes the link that a server dials, and tells when a
 * client's record comes over it.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import {
  heartbeatWord,
  helloLine,
  lineOf,
  linkVersion,
  parseHello,
} from "../../lib/links/hello.ts";

const beatMs = 500;
/** The longest that is looked for. */
const overlapBytes = 64;

/** The reading end of a link. */
export class Reader implements Disposable {
  readonly port: number;
  readonly #name: string;
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #live = Promise.withResolvers<void>();
  #conn: Deno.Conn | null = null;
  #timer: ReturnType<typeof setInterval> | undefined;
  #wanted: { readonly text: string; readonly found: () => void } | null = null;

  /** @param name the server that it passes for */
  constructor(name: string) {
    this.#name = name;
    this.port = this.#listener.addr.port;
    this.#accept().catch((error) => {
      if (!(error instanceof Deno.errors.BadResource)) throw error;
    });
  }

  /** Settled when the link is live. */
  get live(): Promise<void> {
    return this.#live.promise;
  }

  /** Waits until this text comes over the link. @returns when that was, by `performance.now()` */
  sees(text: string): Promise<number> {
    return new Promise((resolve) => {
      this.#wanted = { text, found: () => resolve(performance.now()) };
    });
  }

  /** Takes links until one becomes live: the suite looks whether somebody listens, too. */
  async #accept(): Promise<void> {
    for await (const conn of this.#listener) {
      const buffer = new Uint8Array(1024 * 1024);
      const count = await conn.read(buffer);
      const hello = count === null ? null : parseHello(buffer.subarray(0, count - 1));
      if (hello === null) continue;
      this.#conn = conn;
      const nonce = "0".repeat(32);
      const names = { from: this.#name, to: hello.from };
      await conn.write(helloLine({ version: linkVersion, ...names, nonce }));
      await conn.read(buffer);
      await conn.write(lineOf("WELCOME", "-"));
      this.#timer = setInterval(() => conn.write(lineOf(heartbeatWord)).catch(() => {}), beatMs);
      this.#live.resolve();
      await this.#read(conn, buffer);
    }
  }

  async #read(conn: Deno.Conn, buffer: Uint8Array): Promise<void> {
    // What came last stays in front: the text may come in two pieces.
    let kept = 0;
    for (;;) {
      const count = await conn.read(buffer.subarray(kept));
      if (count === null) return;
      const bytes = Buffer.from(buffer.buffer, 0, kept + count);
      if (this.#wanted !== null && bytes.includes(this.#wanted.text)) {
        const { found } = this.#wanted;
        this.#wanted = null;
        found();
      }
      const length = kept + count;
      kept = Math.min(overlapBytes, length);
      buffer.copyWithin(0, length - kept, length);
    }
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#listener.close();
    this.#conn?.close();
  }
}
