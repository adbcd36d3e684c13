/**
 * The writing half of a client's connection: answers go out in order, one write at a time.
 *
 * @module
 */

import type { Connection } from "../transport/transport.ts";
import type { Answers } from "./answers.ts";

/** The other side is gone, or this side closed the connection: nobody's fault, and nobody is told. */
export class GoneError extends Error {
  override readonly name = "GoneError";
}

const nothingSent = Promise.resolve();

/** Sends a session's answers. */
export class Sender {
  readonly #connection: Connection;
  readonly #answers: Answers;
  readonly #saved: (() => Promise<void>) | null;
  /** Reports whose answers are due, or on their way, and that may not be on disk yet. */
  #reports = 0;
  #isSending = false;
  #sent = nothingSent;
  #sleepers: (() => void)[] = [];
  #writes = 0;
  #writesSeen = 0;
  #sweepsWithoutWrite = 0;

  /**
   * @param connection is written to by nobody else
   * @param answers what is due
   * @param saved resolved when every report taken so far is on disk, rejected when it will not be in
   *   time; null where answers do not wait for it
   */
  constructor(connection: Connection, answers: Answers, saved: (() => Promise<void>) | null) {
    this.#connection = connection;
    this.#answers = answers;
    this.#saved = saved;
    answers.onFilled = () => this.#sendFilled();
  }

  /** Says that a report's answer is due: nothing more is sent until the report is on disk. */
  holdForReport(): void {
    if (this.#saved !== null) this.#reports++;
  }

  /**
   * Sends what may be sent now.
   *
   * @throws {UnsavedError} when reports are not on disk in time: their answers are never sent
   * @throws {GoneError} when the connection is broken
   */
  send(): Promise<void> {
    if (!this.#isSending) this.#sent = this.#write();
    return this.#sent;
  }

  async #write(): Promise<void> {
    this.#isSending = true;
    try {
      for (let bytes = this.#answers.take(); bytes !== null; bytes = this.#answers.take()) {
        if (this.#saved !== null && this.#reports > 0) await this.#waitForDisk(this.#saved);
        for (let sent = 0; sent < bytes.length; this.#writes++) {
          try {
            sent += await this.#connection.write(sent === 0 ? bytes : bytes.subarray(sent));
          } catch (error) {
            throw new GoneError("cannot write", { cause: error });
          }
        }
        this.#answers.sent();
      }
    } finally {
      this.#isSending = false;
    }
  }

  /** Whatever has answers sent, a filled-in one behind them too: those to reports wait. */
  async #waitForDisk(saved: () => Promise<void>): Promise<void> {
    const reports = this.#reports;
    await saved();
    this.#reports -= reports;
  }

  /** An answer that was waited for is there: it is sent, and whoever waited for it goes on. */
  #sendFilled(): void {
    this.send().catch(() => this.#connection.close()).finally(() => this.wake());
  }

  /**
   * Sends every answer that is due, those included that are waited for.
   *
   * @throws {GoneError} when the connection is broken
   */
  async sendAll(): Promise<void> {
    // What was taken from the answers may still be on its way.
    while (this.#isSending || !this.#answers.done) {
      await this.send();
      if (!this.#isSending && !this.#answers.done) await this.sleep();
    }
  }

  /** Waits for the next {@linkcode wake}, or for an answer that is filled in. */
  sleep(): Promise<void> {
    return new Promise((resolve) => this.#sleepers.push(resolve));
  }

  /** Ends every {@linkcode sleep}. */
  wake(): void {
    for (const resolve of this.#sleepers.splice(0)) resolve();
  }

  /** Whether nothing was sent since the last {@linkcode isStuck}. */
  get isIdle(): boolean {
    return !this.#isSending && this.#writes === this.#writesSeen;
  }

  /**
   * Says whether the client reads at all; called once a second.
   *
   * @param secondsMax how long it may read nothing while answers wait for it
   * @returns whether it has read nothing for longer
   */
  isStuck(secondsMax: number): boolean {
    const isStill = this.#isSending && this.#writes === this.#writesSeen;
    this.#sweepsWithoutWrite = isStill ? this.#sweepsWithoutWrite + 1 : 0;
    this.#writesSeen = this.#writes;
    return this.#sweepsWithoutWrite > secondsMax;
  }
}
