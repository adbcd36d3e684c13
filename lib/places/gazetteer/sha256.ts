/**
 * SHA-256 of a few bytes (FIPS 180-4), at once: the runtime's own answers with a promise.
 *
 * @module
 */

const blockBytes = 64;
const rounds = 64;

/** The first 32 bits of the fractional parts of a root of the first primes. */
function fractions(root: number, count: number): Uint32Array {
  const words: number[] = [];
  for (let number = 2; words.length < count; number++) {
    if (isPrime(number)) words.push((number ** (1 / root) % 1) * 2 ** 32);
  }
  return Uint32Array.from(words, Math.floor);
}

function isPrime(number: number): boolean {
  for (let factor = 2; factor * factor <= number; factor++) if (number % factor === 0) return false;
  return true;
}

const constants = fractions(3, rounds);
const initial = fractions(2, 8);
const schedule = new Int32Array(rounds);

/**
 * @param bytes what to hash; not for secrets
 * @returns 32 bytes
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals([...sha256(new Uint8Array()).subarray(0, 4)], [0xe3, 0xb0, 0xc4, 0x42]);
 * ```
 */
export function sha256(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const padded = new Uint8Array(Math.ceil((bytes.length + 9) / blockBytes) * blockBytes);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  view.setBigUint64(padded.length - 8, BigInt(bytes.length) * 8n);
  const state = new Int32Array(initial);
  for (let at = 0; at < padded.length; at += blockBytes) compress(state, view, at);
  const hash = new DataView(new ArrayBuffer(32));
  for (let word = 0; word < 8; word++) hash.setInt32(4 * word, state[word]!);
  return new Uint8Array(hash.buffer);
}

function compress(state: Int32Array, view: DataView, at: number): void {
  for (let t = 0; t < 16; t++) schedule[t] = view.getInt32(at + 4 * t);
  for (let t = 16; t < rounds; t++) {
    const [early, late] = [schedule[t - 15]!, schedule[t - 2]!];
    const sigma0 = rotated(early, 7) ^ rotated(early, 18) ^ (early >>> 3);
    const sigma1 = rotated(late, 17) ^ rotated(late, 19) ^ (late >>> 10);
    schedule[t] = schedule[t - 16]! + sigma0 + schedule[t - 7]! + sigma1;
  }
  let a = state[0]!, b = state[1]!, c = state[2]!, d = state[3]!;
  let e = state[4]!, f = state[5]!, g = state[6]!, h = state[7]!;
  for (let t = 0; t < rounds; t++) {
    const sum1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25);
    const first = (h + sum1 + ((e & f) ^ (~e & g)) + constants[t]! + schedule[t]!) | 0;
    const sum0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22);
    const second = (sum0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + first) | 0;
    d = c;
    c = b;
    b = a;
    a = (first + second) | 0;
  }
  state[0]! += a;
  state[1]! += b;
  state[2]! += c;
  state[3]! += d;
  state[4]! += e;
  state[5]! += f;
  state[6]! += g;
  state[7]! += h;
}

function rotated(word: number, bits: number): number {
  return (word >>> bits) | (word << (32 - bits));
}
