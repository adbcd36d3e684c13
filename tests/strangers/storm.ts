/**
 * Strangers, in a thread of their own, which hold nobody up but the server that they are sent to.
 *
 * @module
 */

/** What strangers do, to a server on this machine. */
export interface StormPlan {
  readonly port: number;
  /** Connections are reset at once, or held open in silence and dialled again when they are closed. */
  readonly kind: "reset" | "hold";
  /** How many are reset, or held. */
  readonly count: number;
}

/** Strangers who are at it until they are done or disposed of. */
export class Storm implements Disposable {
  /** Resolved when all have been reset, or are held for the first time. */
  readonly begun: Promise<void>;
  readonly #worker = new Worker(new URL("./storming.ts", import.meta.url), { type: "module" });

  constructor(plan: StormPlan) {
    this.begun = new Promise((resolve, reject) => {
      this.#worker.onmessage = () => resolve();
      this.#worker.onerror = ({ message }) => reject(new Error(message));
    });
    this.#worker.postMessage(plan);
  }

  [Symbol.dispose](): void {
    this.#worker.terminate();
  }
}
