/**
 * What programs of a simulation that talk to servers have in common: they write text, and cut what
 * comes back into answers.
 *
 * @module
 */

import { bytesOf, textOf } from "../../lib/protocol/ascii.ts";
import type { Connection, Transport } from "../../lib/transport/transport.ts";
import type { Machine, World } from "./machine.ts";

/** The server closed the connection in good order, and an answer is missing. */
export class MissingAnswer extends Error {
  override readonly name = "MissingAnswer";
}

/** Cuts what a server says into answers. */
export class AnswerReader {
  readonly #connection: Connection;
  readonly #buffer = new Uint8Array(16 * 1024);
  #text = "";
  #at = 0;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /**
   * @returns the first line of the next answer; a question's has more, up to an empty one
   * @throws {MissingAnswer} when the server has closed the connection
   * @throws {Error} when the connection broke
   */
  async next(kind: "report" | "question"): Promise<string> {
    const line = await this.#upTo("\n");
    if (kind === "question" && line.startsWith("AT ")) await this.#upTo("\n\n");
    return line;
  }

  async #upTo(end: string): Promise<string> {
    for (;;) {
      const at = this.#text.indexOf(end, this.#at);
      if (at >= 0) {
        const found = this.#text.slice(this.#at, at);
        this.#at = at + end.length;
        return found;
      }
      const count = await this.#connection.read(this.#buffer);
      if (count === null) throw new MissingAnswer("the server has closed the connection");
      this.#text = this.#text.slice(this.#at) + textOf(this.#buffer.subarray(0, count));
      this.#at = 0;
    }
  }
}

/** Writes all of a text. */
export async function writeAll(connection: Connection, text: string): Promise<void> {
  const bytes = Uint8Array.from(bytesOf(text));
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}

/** @returns what is resolved after so many milliseconds of the simulation */
export function sleep({ time }: World, ms: number): Promise<void> {
  return new Promise((resolve) => time.at(time.nowMs + ms, resolve));
}

/** How one connection is had. */
export interface VisitOptions {
  readonly world: World;
  readonly transport: Transport;
  readonly machine: Machine;
  /** How long the connection is made, and how long it lasts, at the most. */
  readonly patienceMs: number;
}

/**
 * Has one connection to a server, and closes it.
 *
 * @param talk what is done with it
 * @throws {Error} when the server cannot be reached, or when `talk` throws
 */
export async function visit(
  { world: { time, herd }, transport, machine: { plan }, patienceMs }: VisitOptions,
  talk: (connection: Connection) => Promise<void>,
): Promise<void> {
  const abort = new AbortController();
  const address = { hostname: plan.hostname, port: herd.portOf(plan.name) };
  const dialTimer = time.at(time.nowMs + patienceMs, () => abort.abort(new Error("no answer")));
  const connection = await transport.connect(address, abort.signal);
  dialTimer.cancel();
  const timer = time.at(time.nowMs + patienceMs, () => connection.close());
  try {
    await talk(connection);
  } finally {
    timer.cancel();
    connection.close();
  }
}
