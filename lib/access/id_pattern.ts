/**
 * Which client IDs somebody may report or read: an ID, or with `*` at its end all IDs that begin with
 * what stands before it. IDs with a common prefix are a group that way.
 *
 * @module
 */

import { idBytesMax, idPatternsMax } from "../limits.ts";
import type { Span } from "../protocol/ascii.ts";

const star = "*".charCodeAt(0);
const encoder = new TextEncoder();

/** One pattern, in bytes. */
interface Pattern {
  readonly bytes: Uint8Array;
  /** Whether what comes behind the bytes is left open. */
  readonly isPrefix: boolean;
}

/**
 * A set of IDs.
 *
 * @example
 * ```ts
 * import { assert, assertFalse } from "@std/assert";
 * const family = new IdPatterns(["family/*", "dog"]);
 * assert(family.includes("family/jane") && family.includes("dog"));
 * assertFalse(family.includes("dog2") || family.includes("family"));
 * ```
 */
export class IdPatterns {
  /** As they were given. */
  readonly texts: readonly string[];
  readonly #patterns: readonly Pattern[];

  /** @param texts IDs, or prefixes with `*` behind them; see {@linkcode patternTrouble} */
  constructor(texts: readonly string[]) {
    this.texts = texts;
    this.#patterns = texts.map((text) => {
      const bytes = encoder.encode(text);
      return bytes.at(-1) === star
        ? { bytes: bytes.subarray(0, -1), isPrefix: true }
        : { bytes, isPrefix: false };
    });
  }

  /** The one ID that they name, or null when they name none, several, or a prefix. */
  get only(): string | null {
    const [first, second] = this.#patterns;
    return first !== undefined && second === undefined && !first.isPrefix ? this.texts[0]! : null;
  }

  /** @returns whether the ID is among them */
  includes(id: string): boolean {
    const bytes = encoder.encode(id);
    return this.has({ bytes, start: 0, end: bytes.length });
  }

  /** @returns whether the ID in these bytes is among them */
  has({ bytes, start, end }: Span): boolean {
    return this.#patterns.some(({ bytes: begin, isPrefix }) => {
      const length = end - start;
      if (isPrefix ? length < begin.length : length !== begin.length) return false;
      for (let at = 0; at < begin.length; at++) if (bytes[start + at] !== begin[at]) return false;
      return true;
    });
  }

  /**
   * @param others other patterns
   * @returns whether every ID of theirs is one of these
   */
  covers(others: IdPatterns): boolean {
    return others.#patterns.every((other) =>
      this.#patterns.some(({ bytes, isPrefix }) => {
        if (!isPrefix) return !other.isPrefix && isEqual(bytes, other.bytes);
        return isEqual(bytes, other.bytes.subarray(0, bytes.length));
      })
    );
  }
}

/**
 * @param texts what is to be a list of IDs
 * @returns what is wrong with it and what would be right, or null
 */
export function patternTrouble(texts: readonly string[]): string | null {
  if (texts.length > idPatternsMax) return `should be at most ${idPatternsMax} IDs`;
  for (const text of texts) {
    const shown = JSON.stringify(text.slice(0, 60));
    if (text === "") {
      return "should be an ID, or a prefix with * behind it; an empty one is neither";
    }
    if (!text.isWellFormed()) return `${shown} should be Unicode`;
    if (/[ \t\n\v\f\r]/.test(text)) return `${shown} should have no white space: no ID has`;
    if (encoder.encode(text).length > idBytesMax) {
      return `${shown} should have at most ${idBytesMax} bytes`;
    }
  }
  return null;
}

function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, at) => byte === other[at]);
}
