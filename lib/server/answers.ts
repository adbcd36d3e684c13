/**
 * The answers that one connection is due, in the order of its commands. Most are known at once and
 * share one block; one that waits for places holds back those behind it until it is filled in.
 *
 * @module
 */

import { Block } from "../block.ts";
import { answerBlockBytesKept, answerBlockBytesMin } from "../limits.ts";
import type { BufferBudget } from "./buffer_budget.ts";

/** A place in the order, kept for an answer that is not known yet. */
export interface Slot {
  /** Fills the answer in. */
  fill(answer: Uint8Array<ArrayBuffer>): void;
}

/** Bytes that are known, or not yet. */
interface Part {
  bytes: Uint8Array<ArrayBuffer> | null;
  /** How many commands it answers. */
  readonly commands: number;
}

const nothing = new Block(0);

/** Answers in order. */
export class Answers {
  /** Where the next answer is written, from {@linkcode length} on. */
  block: Block = nothing;
  /** Bytes in the block. */
  length = 0;
  /** Called when an answer that was waited for is there. */
  onFilled: () => void = () => {};
  #commands = 0;
  #earlier: Part[] = [];
  #earlierCommands = 0;
  #earlierBytes = 0;
  #lent = nothing;
  #taken = nothing.bytes;
  #budget: BufferBudget | null;
  /** What was taken from the budget. */
  #counted = 0;

  /** @param budget where the bytes are counted that wait, and those of blocks */
  constructor(budget: BufferBudget) {
    this.#budget = budget;
  }

  /** Counts bytes that are used more, or less. */
  #count(bytes: number): void {
    if (this.#budget === null) return;
    this.#counted += bytes;
    this.#budget.force(bytes);
  }

  /** Gives back what is counted, and counts no more; at the end. */
  leaveBudget(): void {
    this.#count(-this.#counted);
    this.#budget = null;
  }

  /** Gives up the memory that is kept for the next answers, when there are none just now. */
  rest(): void {
    if (this.length > 0 || this.block === nothing) return;
    this.#count(-this.block.size);
    this.block = nothing;
    this.#taken = nothing.bytes;
  }

  /**
   * Makes room in the block for one answer.
   *
   * @param bytes how much
   */
  room(bytes: number): void {
    if (this.block.size - this.length >= bytes) return;
    const size = Math.max(answerBlockBytesMin, this.block.size * 2, this.length + bytes);
    const block = new Block(size);
    this.#count(size - this.block.size);
    block.bytes.set(this.block.bytes.subarray(0, this.length));
    this.block = block;
  }

  /**
   * Says that an answer was written to the block.
   *
   * @param end one past its last byte
   */
  wrote(end: number): void {
    this.length = end;
    this.#commands++;
  }

  /** Keeps the next place in the order for an answer that comes later. */
  reserve(): Slot {
    this.#setAside();
    const part: Part = { bytes: null, commands: 1 };
    this.#earlier.push(part);
    this.#earlierCommands++;
    return {
      fill: (answer) => {
        part.bytes = answer;
        this.#count(answer.length);
        this.#earlierBytes += answer.length;
        this.onFilled();
      },
    };
  }

  /** Puts what the block holds among the earlier parts. */
  #setAside(): void {
    if (this.length === 0) return;
    const bytes = this.block.bytes.slice(0, this.length);
    this.#earlier.push({ bytes, commands: this.#commands });
    this.#earlierCommands += this.#commands;
    this.#earlierBytes += this.length;
    this.#count(this.length);
    this.length = this.#commands = 0;
  }

  /** How many commands wait behind an answer that is not known yet, that one included. */
  get unanswered(): number {
    return this.#earlier.length === 0 ? 0 : this.#earlierCommands + this.#commands;
  }

  /** Bytes that wait to be sent. */
  get bytes(): number {
    return this.#earlierBytes + this.length;
  }

  /** Whether every command has its answer and every answer was taken. */
  get done(): boolean {
    return this.#earlier.length === 0 && this.length === 0;
  }

  /**
   * @returns what may be sent now, which leaves; null when nothing may. Each answer that was waited
   *   for comes by itself, so that it leaves in one write
   */
  take(): Uint8Array<ArrayBuffer> | null {
    const first = this.#earlier[0];
    if (first === undefined) return this.#takeBlock();
    if (first.bytes === null) return null;
    this.#earlier.shift();
    this.#earlierCommands -= first.commands;
    this.#earlierBytes -= first.bytes.length;
    this.#count(-first.bytes.length);
    return first.bytes;
  }

  #takeBlock(): Uint8Array<ArrayBuffer> | null {
    if (this.length === 0) return null;
    const { bytes } = this.block;
    // A client that reports again and again is answered with as many bytes: one view does for all.
    if (this.#taken.length !== this.length || this.#taken.buffer !== bytes.buffer) {
      this.#taken = bytes.subarray(0, this.length);
    }
    this.#lent = this.block;
    this.block = nothing;
    this.length = this.#commands = 0;
    return this.#taken;
  }

  /**
   * Says that what {@linkcode take} gave last is sent: its memory is used again, unless the traffic
   * that it grew with has passed.
   */
  sent(): void {
    if (this.#lent.size <= answerBlockBytesKept && this.block === nothing) this.block = this.#lent;
    else {
      this.#count(-this.#lent.size);
      // The view would keep the memory that is given up.
      this.#taken = nothing.bytes;
    }
    this.#lent = nothing;
  }
}
