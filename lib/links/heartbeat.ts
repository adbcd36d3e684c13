/**
 * Both sides of a link say something at least every second. A side that hears nothing for three and a
 * half seconds takes the other for dead: a server that was stopped, a cable that was pulled.
 *
 * @module
 */

import { heartbeatMs, silenceMs } from "../limits.ts";
import type { Clock, Timer } from "../transport/transport.ts";

/** What a heartbeat needs of a link. */
export interface Beating {
  /** Sends a heartbeat, unless something else was sent lately. */
  beat(): void;
  /** Ends the link: nothing was heard for too long. */
  silent(): void;
}

/** Watches one link. */
export class Heartbeat {
  readonly #link: Beating;
  readonly #clock: Clock;
  #heardMs: number;
  #tickMs: number;
  #timer: Timer;

  constructor(link: Beating, clock: Clock) {
    this.#link = link;
    this.#clock = clock;
    this.#heardMs = this.#tickMs = clock.steadyMs();
    this.#timer = clock.after(heartbeatMs, () => this.#tick());
  }

  /** Says that something was heard. */
  heard(): void {
    this.#heardMs = this.#clock.steadyMs();
  }

  #tick(): void {
    const now = this.#clock.steadyMs();
    // This process itself was stopped for a while: it has not read yet what came meanwhile.
    if (now - this.#tickMs > 2 * heartbeatMs) this.#heardMs = now;
    this.#tickMs = now;
    if (now - this.#heardMs > silenceMs) return this.#link.silent();
    this.#timer = this.#clock.after(heartbeatMs, () => this.#tick());
    this.#link.beat();
  }

  /** Ends the watch. */
  stop(): void {
    this.#timer.cancel();
  }
}
