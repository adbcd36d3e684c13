/**
 * Lines out of pieces of bytes that somebody else has read, where speed does not matter; what a
 * connection reads for the protocol goes through `LineBuffer`.
 *
 * @module
 */

import { newline } from "../protocol/ascii.ts";
import { PendingBytes } from "../protocol/pending_bytes.ts";

/**
 * Cuts bytes into lines, however they come in pieces. A line keeps its end.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = (text: string) => new TextEncoder().encode(text);
 * const lines = new Lines({ lineBytesMax: 100 });
 * assertEquals(lines.push(bytes("one\ntw")), [bytes("one\n")]);
 * assertEquals(lines.push(bytes("o\n\nthree")), [bytes("two\n"), bytes("\n")]);
 * assertEquals(lines.end(), [bytes("three")]);
 * ```
 */
export class Lines {
  readonly #lineBytesMax: number;
  readonly #unfinished = new PendingBytes();

  /** @param options.lineBytesMax a longer line is returned in parts */
  constructor({ lineBytesMax }: { readonly lineBytesMax: number }) {
    this.#lineBytesMax = lineBytesMax;
  }

  /**
   * @param piece the bytes that come next; copied where they must wait
   * @returns the lines that they complete
   */
  push(piece: Uint8Array): Uint8Array[] {
    const lines: Uint8Array[] = [];
    let start = 0;
    for (let end; (end = piece.indexOf(newline, start)) !== -1; start = end + 1) {
      this.#unfinished.append(piece.subarray(start, end + 1));
      lines.push(...this.end());
    }
    this.#unfinished.append(piece.subarray(start));
    if (this.#unfinished.length > this.#lineBytesMax) lines.push(...this.end());
    return lines;
  }

  /** @returns the last line, if there is one without an end */
  end(): Uint8Array[] {
    return this.#unfinished.length === 0 ? [] : [this.#unfinished.take()];
  }
}
