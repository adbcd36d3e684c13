/**
 * A disk of the simulation: it outlives the programs that write to it, and holds what they have
 * appended, not what they were about to.
 *
 * @module
 */

import type { RecordStore } from "../../lib/store/store.ts";
import type { Random } from "../../lib/transport/transport.ts";

/** How often what was written reaches the platters without having been told to. */
const checkpoint = 0.2;

/** A machine's disk. */
export class Disk {
  /** Whether there is no room left: then nothing can be appended. */
  isFull = false;
  readonly #random: Random;
  #batches = new Map<number, Uint8Array>();
  #safe = new Map<number, Uint8Array>();

  /** @param random when the system writes by itself */
  constructor(random: Random) {
    this.#random = random;
  }

  /**
   * @param options.sync whether everything waits for the platters
   * @returns the store of a program that was just started
   */
  open({ sync }: { readonly sync: boolean }): RecordStore {
    let isOpen = true;
    const batches = this.#batches;
    const written = () => {
      if (sync || this.#random.fraction() < checkpoint) this.#safe = new Map(batches);
    };
    const check = (forWriting: boolean) => {
      if (!isOpen) throw new Error("the store is closed");
      if (forWriting && this.isFull) throw new Error("database or disk is full");
    };
    return {
      batches: () => batches.values(),
      append: (lines) => {
        check(true);
        const number = Math.max(0, ...batches.keys()) + 1;
        batches.set(number, lines.slice());
        written();
        return number;
      },
      get last() {
        check(false);
        return Math.max(0, ...batches.keys());
      },
      dropBatches: (last, most) => {
        check(true);
        const old = [...batches.keys()].filter((number) => number <= last).slice(0, most);
        for (const number of old) batches.delete(number);
        written();
        return old.length < most;
      },
      [Symbol.dispose]: () => isOpen = false,
    };
  }

  /** The machine loses its power: what had not reached the platters is lost. */
  powerOff(): void {
    this.#batches = new Map(this.#safe);
  }
}
