/**
 * What happened in a simulation: as a hash, to compare two runs by, and where it is wanted as text.
 *
 * @module
 */

import type { VirtualTime } from "./virtual_time.ts";

/** Takes note of what happens. */
export class Trace {
  /** What happened, a line each; empty where it is not kept. */
  readonly lines: string[] = [];
  readonly #time: VirtualTime;
  readonly #isKept: boolean;
  #hash = 0;
  #count = 0;

  /** @param options.isKept whether the text is kept, which costs time */
  constructor(time: VirtualTime, { isKept }: { readonly isKept: boolean }) {
    this.#time = time;
    this.#isKept = isKept;
  }

  /** Notes something that a reader wants to know. */
  note(text: string): void {
    for (let at = 0; at < text.length; at++) this.#mix(text.charCodeAt(at));
    this.number(this.#time.nowMs);
    this.tell(text);
  }

  /** Notes a number, which only counts for the hash. */
  number(value: number): void {
    this.#count++;
    this.#mix(value | 0);
    this.#mix((value % 1) * 2 ** 31 | 0);
  }

  /** Keeps a line for the reader only. */
  tell(text: string): void {
    if (this.#isKept) this.lines.push(`${(this.#time.nowMs / 1000).toFixed(6)} ${text}`);
  }

  /** Whether lines are kept. */
  get isKept(): boolean {
    return this.#isKept;
  }

  /** How much was noted, and its hash in hexadecimal digits. */
  get summary(): string {
    return `${this.#count}-${(this.#hash >>> 0).toString(16).padStart(8, "0")}`;
  }

  #mix(word: number): void {
    this.#hash = Math.imul(this.#hash ^ word, 0x5bd1e995);
    this.#hash ^= this.#hash >>> 15;
  }
}
