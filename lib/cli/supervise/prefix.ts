/**
 * Which server a line of output is of.
 *
 * @module
 */

import { lineBytesMax } from "../../limits.ts";
import { newline } from "../../protocol/ascii.ts";
import { joined } from "../../protocol/pending_bytes.ts";
import { Lines } from "../lines.ts";

const lineEnd = Uint8Array.of(newline);

/** Foreground colours of a terminal that stand out (ECMA-48, SGR): green, yellow and so on. */
const colours = [32, 33, 34, 35, 36, 31];

/**
 * @param names the servers
 * @param coloured whether each gets a colour of its own
 * @returns what stands before the lines of each, all of one width
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([...prefixes(["Bona", "Campbell"], false)], [
 *   ["Bona", "Bona     | "],
 *   ["Campbell", "Campbell | "],
 * ]);
 * ```
 */
export function prefixes(names: readonly string[], coloured: boolean): Map<string, string> {
  const width = Math.max(...names.map((name) => name.length));
  return new Map(names.map((name, index) => {
    const text = `${name.padEnd(width)} | `;
    return [name, coloured ? `\x1b[${colours[index % colours.length]}m${text}\x1b[39m` : text];
  }));
}

/** Puts a prefix before every line of a stream of bytes. */
export class PrefixedLines {
  readonly #prefix: Uint8Array;
  readonly #lines = new Lines({ lineBytesMax });

  constructor(prefix: string) {
    this.#prefix = new TextEncoder().encode(prefix);
  }

  /** @returns the lines that the piece completes, with their prefix */
  push(piece: Uint8Array): Uint8Array {
    return this.#prefixed(this.#lines.push(piece));
  }

  /** @returns the last line, if it has no end, with its prefix and an end */
  end(): Uint8Array {
    return this.#prefixed(this.#lines.end());
  }

  #prefixed(lines: readonly Uint8Array[]): Uint8Array {
    return joined(lines.flatMap((line) => {
      const ended = line.at(-1) === newline;
      return ended ? [this.#prefix, line] : [this.#prefix, line, lineEnd];
    }));
  }
}
