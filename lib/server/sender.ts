/**
 * The writing half of a client's connection: answers go out in order, one write at a time.
 *
 * @module
 */

import type { Connection } from "../transport/transport.ts";
import type { Answers } from "./answers.ts";

/** Sends a session's answers. */
export class Sender {
  readonly #connection: Connection;
  readonly #answers: Answers;
  #isSending = false;
  /** Answers are held back until their records are on disk. */
  #isSaving = false;
  #sent: Promise<void> = Promise.resolve();
  #sleepers: (() => void)[] = [];
  #writes = 0;
  #writesSeen = 0;
  #sweepsWithoutWrite = 0;

  /**
   * @param connection is written to by nobody else
   * @param answers what is due
   */
  constructor(connection: Connection, answers: Answers) {
    this.#connection = connection;
    this.#answers = answers;
    answers.onFilled = () => this.#sendFilled();
  }

  /**
   * Holds all answers back until what they acknowledge is on disk.
   *
   * @param saved resolved when it is
   */
  async hold(saved: Promise<void>): Promise<void> {
    this.#isSaving = true;
    await saved;
    this.#isSaving = false;
    this.wake();
  }

  /**
   * Sends what may be sent now.
   *
   * @throws {Error} when the connection is broken
   */
  send(): Promise<void> {
    if (!this.#isSending) this.#sent = this.#write();
    return this.#sent;
  }

  async #write(): Promise<void> {
    this.#isSending = true;
    try {
      for (let bytes = this.#next(); bytes !== null; bytes = this.#next()) {
        for (let sent = 0; sent < bytes.length; this.#writes++) {
          sent += await this.#connection.write(sent === 0 ? bytes : bytes.subarray(sent));
        }
        this.#answers.sent();
      }
    } finally {
      this.#isSending = false;
    }
  }

  #next(): Uint8Array<ArrayBuffer> | null {
    return this.#isSaving ? null : this.#answers.take();
  }

  /** An answer that was waited for is there: it is sent, and whoever waited for it goes on. */
  #sendFilled(): void {
    this.send().catch(() => this.#connection.close()).finally(() => this.wake());
  }

  /**
   * Sends every answer that is due, those included that are waited for.
   *
   * @throws {Error} when the connection is broken
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
