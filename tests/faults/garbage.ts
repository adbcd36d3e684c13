/**
 * Garbage for a server, and what it must answer: random lines biased towards nearly valid commands, and
 * a model of the protocol on plain strings that says what each is worth. As a program it sends as many
 * bytes as it is told to a server of its own:
 *
 *     deno run -A tests/faults/garbage.ts 10000000
 *
 * @module
 */

import type { Client } from "../process/client.ts";
import { RunningHerd } from "../process/running_herd.ts";
import { residentBytes } from "../process/system_processes.ts";

/** How far a client's clock may be ahead where herd.json says nothing of it, in milliseconds. */
const clockAheadMs = 86_400_000;

/** A source of whole numbers below `end`, the same for the same seed. */
type Below = (end: number) => number;

/** @returns a generator of chance ("mulberry32") */
function seeded(seed: number): Below {
  let state = seed;
  return (end) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor(((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296 * end);
  };
}

const words = ["IAMAT", "WHATSAT", "AT", "HELLO", "PROOF", "BEAT", "DIGEST", "iamat", "?", ""];
const places = ["+34.068930-118.445127", "-0-0", "+90+180", "+91-0", "+1.2-3.", "34-118", "+1-181"];
const times = [
  "1621464827.959498503",
  "0",
  "5.",
  ".5",
  "1e9",
  "99999999999999999999.1",
  "7.000000001",
];
const radii = ["0", "10", "50", "50.0001", "51", "-1", "0.001", "1e1", "10.", ""];
const bounds = ["0", "0", "0", "1", "20", "21", "-1", "5.0", ""];
const spaces = [" ", " ", " ", " ", "  ", "\t", "\v", "\f", "\r", " \t ", "\u00a0", ""];

/** Lines as strings with a character a byte, without their ends. */
export class Garbage {
  readonly #below: Below;
  #count = 0;

  constructor(seed: number) {
    this.#below = seeded(seed);
  }

  /** @returns the next line */
  line(): string {
    this.#count++;
    const kind = this.#below(10);
    if (kind === 0) return this.#noise(this.#below(200));
    const command = kind < 6 ? this.#report() : kind < 9 ? this.#question() : this.#anything();
    return this.#below(3) === 0 ? this.#mutate(command) : command;
  }

  #one(of: readonly string[]): string {
    return of[this.#below(of.length)]!;
  }

  #space(): string {
    return this.#one(spaces);
  }

  #id(): string {
    return `client${this.#below(200)}`;
  }

  #time(): string {
    return this.#below(2) === 0 ? `${this.#count}.${this.#below(1_000_000_000)}` : this.#one(times);
  }

  #report(): string {
    return this.#joined(["IAMAT", this.#id(), this.#one(places), this.#time()]);
  }

  #question(): string {
    return this.#joined(["WHATSAT", this.#id(), this.#one(radii), this.#one(bounds)]);
  }

  #anything(): string {
    const all = [...words, ...places, ...times, ...radii, ...bounds];
    return this.#joined([
      this.#one(words),
      ...Array.from({ length: this.#below(6) }, () => this.#one(all)),
    ]);
  }

  #joined(fields: readonly string[]): string {
    if (this.#below(2) === 0) return fields.join(" ");
    return this.#space() + fields.map((field) => field + this.#space()).join("");
  }

  #noise(length: number): string {
    return Array.from({ length }, () => this.#byte()).join("");
  }

  /** Any byte but the newline, which would end the line. */
  #byte(): string {
    const byte = this.#below(255);
    return String.fromCharCode(byte < 0x0a ? byte : byte + 1);
  }

  /** Puts a byte in, takes one out, or changes one. */
  #mutate(line: string): string {
    const at = this.#below(line.length + 1);
    const kind = this.#below(3);
    const byte = kind === 0 ? "" : this.#byte();
    return line.slice(0, at) + byte + line.slice(kind === 1 ? at : at + 1);
  }
}

/** The time stamp in nanoseconds. */
function nanoseconds(time: string): bigint {
  const [seconds = "", fraction = ""] = time.split(".");
  return BigInt(seconds) * 1_000_000_000n + BigInt(fraction.slice(0, 9).padEnd(9, "0"));
}

function isLocation(field: string): boolean {
  const angles = field.match(/^([+-]\d{1,2}(?:\.\d*)?)([+-]\d{1,3}(?:\.\d*)?)$/);
  return angles !== null && Math.abs(Number(angles[1])) <= 90 && Math.abs(Number(angles[2])) <= 180;
}

/** What a server knows, as far as one client's lines tell. */
export class Model {
  /** By client: the newest time, and the AT lines that it may have. */
  readonly #records = new Map<string, { time: bigint; lines: Set<string> }>();
  readonly #clockAheadMs: number;

  /** @param clockAheadMs how far a client's clock may be ahead, in milliseconds */
  constructor(clockAheadMs = Infinity) {
    this.#clockAheadMs = clockAheadMs;
  }

  /**
   * Fails unless an answer is right.
   *
   * @param line what was sent
   * @param answer its first line
   * @returns whether JSON follows
   */
  check(line: string, answer: string): boolean {
    const fields = line.split(/[ \t\r\f\v]+/).filter((field) => field !== "");
    const [word, id = "", third = "", fourth = "", ...more] = fields;
    const isShort = id.length <= 1_024 && third.length <= 64 && fourth.length <= 64;
    if (more.length === 0 && fields.length === 4 && isShort) {
      if (word === "IAMAT" && isLocation(third) && this.#isTime(fourth)) {
        this.#report(answer, { id, location: third, time: fourth });
        return false;
      }
      const isQuestion = /^\d+(\.\d+)?$/.test(third) && Number(third) <= 50 &&
        /^\d+$/.test(fourth) && Number(fourth) <= 20;
      const record = this.#records.get(id);
      if (word === "WHATSAT" && isQuestion && record !== undefined) {
        if (!record.lines.has(answer)) fail(line, answer);
        return true;
      }
    }
    if (answer !== `? ${line.replace(/\r$/, "")}`) fail(line, answer);
    return false;
  }

  #isTime(field: string): boolean {
    return /^\d+(\.\d+)?$/.test(field) && Number(field) * 1000 < Date.now() + this.#clockAheadMs;
  }

  #report(answer: string, report: { id: string; location: string; time: string }): void {
    const { id, location, time } = report;
    const [at, server, difference = "", ...copy] = answer.split(" ");
    const isRight = at === "AT" && server === "Clark" && /^[+-]\d+\.\d{9}$/.test(difference) &&
      copy.join(" ") === `${id} ${location} ${time}`;
    if (!isRight) fail(JSON.stringify(report), answer);
    const record = this.#records.get(id);
    const now = nanoseconds(time);
    if (record === undefined || now > record.time) {
      this.#records.set(id, { time: now, lines: new Set([answer]) });
    } else if (now === record.time) record.lines.add(answer);
  }
}

function fail(line: string, answer: string): never {
  throw new Error(`${JSON.stringify(line)} was answered ${JSON.stringify(answer)}`);
}

/** What came of it. */
export interface GarbageReport {
  readonly lines: number;
  readonly bytes: number;
  readonly answerBytes: number;
  /** Growth of the server's memory from a fifth of the bytes on; null where nobody tells. */
  readonly grownBytes: number | null;
}

/** Lines that are sent before their answers are read. */
const batchLines = 500;

/**
 * Sends garbage to a server, and checks the answer to every line.
 *
 * @param herd has the server Clark running
 * @param bytes how much; it ends with the line that is beyond it
 * @param seed for the same garbage again
 * @throws {Error} when an answer is missing or wrong
 */
export async function sendGarbage(
  herd: RunningHerd,
  { bytes, seed }: { readonly bytes: number; readonly seed: number },
): Promise<GarbageReport> {
  const { pid } = herd.program("Clark");
  const garbage = new Garbage(seed);
  const model = new Model(clockAheadMs);
  let warmBytes: number | null = null;
  const sum = { lines: 0, bytes: 0, answerBytes: 0 };
  while (sum.bytes < bytes) {
    // Each batch on a connection of its own; what comes first on it is no hello, and the last line,
    // which goes without its newline, is not blank.
    const lines = ["first", ...Array.from({ length: batchLines }, () => garbage.line()), "last"];
    const text = lines.join("\n");
    using client = await herd.connect("Clark");
    const [answerBytes] = await Promise.all([
      checkAnswers(client, lines, model),
      sendInPieces(client, latin1(text)),
    ]);
    sum.answerBytes += answerBytes;
    sum.lines += lines.length;
    sum.bytes += text.length;
    if (warmBytes === null && sum.bytes > bytes / 5) warmBytes = await residentBytes(pid);
  }
  const endBytes = await residentBytes(pid);
  return {
    ...sum,
    grownBytes: endBytes === null || warmBytes === null ? null : endBytes - warmBytes,
  };
}

/** Sends in three pieces cut anywhere, the last line without its newline, then the end of file. */
async function sendInPieces(client: Client, bytes: Uint8Array): Promise<void> {
  const third = Math.floor(bytes.length / 3);
  for (const start of [0, third, 2 * third]) {
    await client.send(bytes.subarray(start, start === 2 * third ? undefined : start + third));
  }
  await client.halfClose();
}

/** @returns how many bytes the answers were */
async function checkAnswers(client: Client, lines: readonly string[], model: Model) {
  const answers = text(await client.restBytes());
  const answerLines = answers.split("\n");
  let at = 0;
  for (const line of lines) {
    const answer = answerLines[at++] ?? fail(line, "nothing");
    if (!model.check(line, answer)) continue;
    const end = answerLines.indexOf("", at);
    JSON.parse(answerLines.slice(at, end).join("\n"));
    at = end + 1;
  }
  if (at !== answerLines.length - 1 || answerLines[at] !== "") {
    throw new Error(`more than was asked for: ${answerLines.slice(at)}`);
  }
  return answers.length;
}

function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0));
}

function text(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += 8192) {
    pieces.push(String.fromCharCode(...bytes.subarray(at, at + 8192)));
  }
  return pieces.join("");
}

if (import.meta.main) {
  const bytes = Number(Deno.args[0] ?? 10_000_000);
  const seed = Number(Deno.args[1] ?? Date.now());
  await using herd = await RunningHerd.start({ servers: ["Clark"] });
  const begun = performance.now();
  const report = await sendGarbage(herd, { bytes, seed });
  const tookS = (performance.now() - begun) / 1000;
  const grown = report.grownBytes === null ? "?" : (report.grownBytes / 1024 / 1024).toFixed(1);
  console.log(
    `seed ${seed}: ${report.bytes} bytes in ${report.lines} lines, each answered ` +
      `(${report.answerBytes} bytes) in ${tookS.toFixed(1)} s; memory grew by ${grown} MiB`,
  );
}
