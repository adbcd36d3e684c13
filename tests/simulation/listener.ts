/**
 * A listening port of the simulated network.
 *
 * @module
 */

import type { Address, Connection, Listener } from "../../lib/transport/transport.ts";
import type { End } from "./end.ts";
import type { Process } from "./process.ts";

/** A program's listening port. */
export class SimulatedListener implements Listener {
  readonly #onClose: () => void;
  readonly #waiting: End[] = [];
  #accepting: ((connection: Connection | null) => void)[] = [];
  #closed = false;

  constructor(readonly address: Address, readonly process: Process, onClose: () => void) {
    this.#onClose = onClose;
  }

  /** Takes a new connection in. */
  arrive(end: End): void {
    const accepting = this.#accepting.shift();
    if (accepting === undefined) this.#waiting.push(end);
    else this.process.run(() => accepting(end));
  }

  accept(): Promise<Connection | null> {
    if (this.#closed) return Promise.resolve(null);
    const end = this.#waiting.shift();
    if (end !== undefined) return Promise.resolve(end);
    return new Promise((resolve) => this.#accepting.push(resolve));
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#onClose();
    for (const end of this.#waiting.splice(0)) end.close();
    for (const accepting of this.#accepting.splice(0)) {
      this.process.run(() => accepting(null));
    }
  }
}
