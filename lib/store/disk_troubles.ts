/**
 * What is said of a disk that fails: each kind of failure once a minute, however often it is met, and
 * that it is over. Everything is counted.
 *
 * @module
 */

import { diskTroubleMs } from "../limits.ts";
import type { EventLog } from "../log/event_log.ts";
import type { Clock } from "../transport/transport.ts";
import { diskFailure, messageOf } from "./disk_failure.ts";

/** Where it is said, and what a failure means to clients. */
export interface DiskTroublesOptions {
  readonly clock: Clock;
  readonly events: EventLog;
  /** Whether answers wait for the disk. */
  readonly sync: boolean;
}

/** Failures of a disk. */
export class DiskTroubles {
  /** Tries that failed, since the server started. */
  failures = 0;
  /** Reports that were not acknowledged, since the server started: their connections were closed. */
  unacknowledged = 0;
  readonly #options: DiskTroublesOptions;
  /** When each kind was said last. */
  readonly #said = new Map<string, number>();
  #isOpen = false;

  constructor(options: DiskTroublesOptions) {
    this.#options = options;
  }

  /** A try has failed. */
  failed(error: unknown): void {
    this.failures++;
    const consequence = this.#options.sync
      ? "no report is answered until it is saved"
      : "records are NOT saved, only remembered";
    this.#say(diskFailure(error), `${consequence}: ${messageOf(error)}`);
  }

  /** So many answers were given up. */
  gaveUp(count: number): void {
    this.unacknowledged += count;
    this.#say(
      "gave up",
      `connections are closed without an answer, since their reports are not saved: ` +
        `${this.unacknowledged} so far`,
    );
  }

  /** Everything is saved. */
  recovered(): void {
    if (this.#isOpen) this.#options.events.warn("records are saved again");
    this.#isOpen = false;
  }

  #say(kind: string, message: string): void {
    const nowMs = this.#options.clock.steadyMs();
    if (nowMs - (this.#said.get(kind) ?? -Infinity) < diskTroubleMs) return;
    this.#said.set(kind, nowMs);
    this.#isOpen = true;
    this.#options.events.error(message);
  }
}
