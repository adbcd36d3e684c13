/**
 * Lines out of pieces of bytes.
 *
 * @module
 */

import { newline } from "../protocol/ascii.ts";

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
  #pieces: Uint8Array[] = [];
  #bytes = 0;

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
      this.#keep(piece.subarray(start, end + 1));
      lines.push(...this.end());
    }
    this.#keep(piece.subarray(start));
    if (this.#bytes > this.#lineBytesMax) lines.push(...this.end());
    return lines;
  }

  /** @returns the last line, if there is one without an end */
  end(): Uint8Array[] {
    if (this.#bytes === 0) return [];
    const line = joined(this.#pieces);
    this.#pieces = [];
    this.#bytes = 0;
    return [line];
  }

  #keep(part: Uint8Array): void {
    if (part.length === 0) return;
    this.#pieces.push(part.slice());
    this.#bytes += part.length;
  }
}

/** @returns the pieces as one */
export function joined(pieces: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const piece of pieces) {
    whole.set(piece, offset);
    offset += piece.length;
  }
  return whole;
}
