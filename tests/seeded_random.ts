/**
 * Chance that comes out the same every time.
 *
 * @module
 */

import type { Random } from "../lib/transport/transport.ts";

/**
 * @param seed 32 bits
 * @returns chance that is the same for the same seed (a Weyl sequence through MurmurHash3's finalizer)
 */
export function seededRandom(seed: number): Random {
  let state = seed | 0;
  const next = () => {
    state = (state + 0x9e3779b9) | 0;
    let word = Math.imul(state ^ (state >>> 16), 0x85ebca6b);
    word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
    return (word ^ (word >>> 16)) >>> 0;
  };
  return {
    fraction: () => next() / 2 ** 32,
    bytes: (count) => Uint8Array.from({ length: count }, () => next() & 0xff),
  };
}
