/**
 * What the load generator sends: lines of clients that move, prebuilt, so that sending costs a few
 * stores of digits a line. Every line has a later time and another position than the one before of
 * its client: every one of them is news.
 *
 * @module
 */

/** What the lines are wrapped in, and how they are answered. */
export type Dialect =
  /** The herd's own: `IAMAT …` answered `AT …`. */
  | "iamat"
  /** The same line, which comes back as it went. */
  | "echo"
  /** Redis: `GEOADD herd longitude latitude id`, answered `:0` or `:1`. */
  | "geoadd"
  /** Redis: `PUBLISH herd` with the herd's `AT` line, answered `:2` for two subscribers. */
  | "publish";

/** With these an `AT` line of Clark has ninety bytes. */
const idBytes = 25;
const positionBytes = 21;
const timeBytes = 20;
/** The digits of a coordinate that change: up to eleven metres. */
const tailBytes = 2;
const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Bytes of `AT Clark +0.263873386 `, the name apart. */
const atBytes = "AT  +0.263873386 ".length;

/** @returns the client's ID, always as long */
export function clientId(number: number): string {
  return `c${String(number).padStart(8, "0")}.cs.ucla.example`;
}

const time = "1621464827.959498503";

/** Where a client is: every one has its own place within a degree, and moves there by metres. */
function positionOf(client: number): { latitude: string; longitude: string } {
  // Multiples of the golden ratio and its like in two dimensions lie evenly.
  const latitude = (33.5 + (client * 0.754877666246693) % 1).toFixed(6);
  const longitude = (118 + (client * 0.569840290998053) % 0.999).toFixed(6);
  return { latitude: `+${latitude}`, longitude: `-${longitude}` };
}

function lineOf(client: number, dialect: Dialect): string {
  const id = clientId(client);
  const { latitude, longitude } = positionOf(client);
  const position = latitude + longitude;
  if (dialect === "iamat" || dialect === "echo") return `IAMAT ${id} ${position} ${time}\n`;
  if (dialect === "geoadd") {
    const words = ["GEOADD", "moved", longitude, latitude, id];
    return `*5\r\n${words.map((word) => `$${word.length}\r\n${word}\r\n`).join("")}`;
  }
  const line = `AT Clark +0.263873386 ${id} ${position} ${time}`;
  return `*3\r\n$7\r\nPUBLISH\r\n$4\r\nherd\r\n$${line.length}\r\n${line}\r\n`;
}

/** How many bytes a line is answered with. */
export function answerBytes(dialect: Dialect, server: string): number {
  if (dialect === "echo") return lineOf(0, "echo").length;
  if (dialect === "iamat") {
    return atBytes + server.length + idBytes + 1 + positionBytes + 1 + timeBytes + 1;
  }
  return ":1\r\n".length;
}

/** Times that never come twice, as twenty digits; the last six count within a millisecond. */
export class Stamps {
  readonly digits = encoder.encode(time);
  /** Changes with every stamp: the digits that positions end in. */
  readonly #tail = new Uint8Array(tailBytes);
  #ms = 0;
  #count = 0;

  /** Makes the next one. */
  next(): void {
    const now = Date.now();
    if (now > this.#ms) {
      this.#ms = now;
      this.#count = 0;
      const seconds = Math.floor(now / 1000);
      writeDigits(this.digits, 0, 10, seconds);
      writeDigits(this.digits, 11, 3, now - seconds * 1000);
    }
    writeDigits(this.digits, 14, 6, this.#count++);
    writeDigits(this.#tail, 0, tailBytes, (this.#count + now) % 100);
  }

  /** Writes the stamp where a line has its time, and moves its client. */
  write(line: Uint8Array, { timeAt, latitudeAt, longitudeAt }: Places): void {
    const { digits } = this;
    const tail = this.#tail;
    if (timeAt >= 0) { for (let at = 0; at < timeBytes; at++) line[timeAt + at] = digits[at]!; }
    for (let at = 0; at < tailBytes; at++) {
      line[latitudeAt + at] = tail[at]!;
      line[longitudeAt + at] = tail[at]!;
    }
  }
}

function writeDigits(target: Uint8Array, at: number, count: number, value: number): void {
  for (let to = at + count - 1; to >= at; to--) {
    const rest = (value / 10) | 0;
    target[to] = 48 + (value - rest * 10);
    value = rest;
  }
}

/** Where in a line what changes stands; offsets of the last two digits of the coordinates. */
interface Places {
  timeAt: number;
  latitudeAt: number;
  longitudeAt: number;
}

/** What one connection sends: lines of its clients in turn, `inFlight` to a block. */
export class Blocks {
  readonly #bytes: Uint8Array<ArrayBuffer>;
  readonly #blocks: Uint8Array<ArrayBuffer>[] = [];
  readonly #lineBytes: number;
  readonly #places: Places;
  readonly #stamps: Stamps;
  readonly #inFlight: number;
  #next = 0;

  constructor(options: {
    readonly dialect: Dialect;
    readonly inFlight: number;
    readonly firstClient: number;
    readonly clients: number;
    readonly stamps: Stamps;
  }) {
    const { dialect, inFlight, firstClient, clients, stamps } = options;
    this.#stamps = stamps;
    this.#inFlight = inFlight;
    const count = Math.ceil(clients / inFlight) * inFlight;
    const first = lineOf(firstClient, dialect);
    const { latitude, longitude } = positionOf(firstClient);
    this.#lineBytes = first.length;
    this.#places = {
      timeAt: first.indexOf(time),
      latitudeAt: first.indexOf(latitude) + latitude.length - tailBytes,
      longitudeAt: first.indexOf(longitude) + longitude.length - tailBytes,
    };
    this.#bytes = new Uint8Array(count * first.length);
    for (let index = 0; index < count; index++) {
      // The last block is filled up with the connection's first clients.
      const line = lineOf(firstClient + index % clients, dialect);
      encoder.encodeInto(line, this.#bytes.subarray(index * first.length));
    }
    const blockBytes = inFlight * first.length;
    for (let at = 0; at < this.#bytes.length; at += blockBytes) {
      this.#blocks.push(this.#bytes.subarray(at, at + blockBytes));
    }
  }

  /** @returns the next block to send, good until all others have had their turn */
  next(): Uint8Array<ArrayBuffer> {
    const block = this.#blocks[this.#next]!;
    this.#next = this.#next + 1 === this.#blocks.length ? 0 : this.#next + 1;
    this.#stamps.next();
    const { timeAt, latitudeAt, longitudeAt } = this.#places;
    const places = { timeAt, latitudeAt, longitudeAt };
    for (let line = 0; line < this.#inFlight; line++) {
      this.#stamps.write(block, places);
      if (timeAt >= 0) places.timeAt += this.#lineBytes;
      places.latitudeAt += this.#lineBytes;
      places.longitudeAt += this.#lineBytes;
    }
    return block;
  }
}

/** A message that did not go to both subscribers is a wrong answer, too. */
function isOfRedis(told: string, dialect: Dialect): boolean {
  if (dialect === "geoadd") return /^(:[01]\r\n)+$/.test(told);
  return dialect === "publish" && /^(:2\r\n)+$/.test(told);
}

/**
 * Holds an answer against what was sent, byte by byte but for the time difference, which must be
 * plausible.
 *
 * @param sent the block that was sent
 * @param answer all that came back for it
 * @throws {Error} when a line is not the answer to its line
 */
export function checkAnswer(
  sent: Uint8Array,
  answer: Uint8Array,
  { dialect, server }: { dialect: Dialect; server: string },
): void {
  const asked = decoder.decode(sent);
  const told = decoder.decode(answer);
  if (dialect === "echo" ? told === asked : isOfRedis(told, dialect)) return;
  const lines = told.split("\n");
  const wrong = asked.trimEnd().split("\n").findIndex((line, at) => {
    const [, name, difference = "", ...rest] = lines[at]!.split(" ");
    const isNear = /^[+-]\d\.\d{9}$/.test(difference) && Number(difference) > -0.01;
    return name !== server || !isNear || rest.join(" ") !== line.slice("IAMAT ".length);
  });
  if (wrong < 0) return;
  throw new Error(`to ${asked.split("\n")[wrong]} the answer was ${lines[wrong]}`);
}
