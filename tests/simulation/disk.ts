/**
 * A disk of the simulation: it outlives the programs that write to it, and holds what they have
 * appended, not what they were about to.
 *
 * @module
 */

import type { RecordFile, RecordStore } from "../../lib/store/record_store.ts";
import type { Random } from "../../lib/transport/transport.ts";

/** How often what was written reaches the platters without having been told to. */
const checkpoint = 0.2;

/** A machine's disk. */
export class Disk {
  /** Whether there is no room left: then nothing can be appended. */
  isFull = false;
  /** Whether another program has locked the file: then it can be neither opened nor written. */
  isLocked = false;
  /** Whether writing fails, what was written reaching the platters or not. */
  isBroken = false;
  /** Changes whenever what is on the disk does. */
  revision = 0;
  readonly #random: Random;
  #batches = new Map<number, Uint8Array>();
  #safe = new Map<number, Uint8Array>();

  /** @param random when the system writes by itself */
  constructor(random: Random) {
    this.#random = random;
  }

  /** @returns the file on this disk, as a program finds it that opens it with or without `sync` */
  file(options: { readonly sync: boolean }): RecordFile {
    return {
      path: "data/simulated.db",
      open: () =>
        new Promise((resolve) => {
          if (this.isLocked) throw new Error("database is locked");
          resolve(this.open(options));
        }),
      setAside: () => null,
    };
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
      if (forWriting && this.isLocked) throw new Error("database is locked");
      if (forWriting && this.isFull) throw new Error("database or disk is full");
    };
    return {
      batches: () => batches.values(),
      append: (lines) => {
        check(true);
        this.revision++;
        const isWritten = !this.isBroken || this.#random.fraction() < 0.5;
        const number = Math.max(0, ...batches.keys()) + 1;
        if (isWritten) batches.set(number, lines.slice());
        if (this.isBroken) throw new Error("disk I/O error");
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
        this.revision++;
        written();
        return old.length < most;
      },
      erase: () => {
        check(true);
        return true;
      },
      [Symbol.dispose]: () => isOpen = false,
    };
  }

  /** The machine loses its power: what had not reached the platters is lost. */
  powerOff(): void {
    this.#batches = new Map(this.#safe);
    this.revision++;
  }
}
