/**
 * When servers took records, by what their own logs say, to the microsecond.
 *
 * @module
 */

/** How far servers had written their logs at some moment. */
export class LogMark {
  /** The current file of each server, as it was then. */
  readonly #files = new Map<string, Deno.FileInfo | null>();
  readonly #logDir: string;
  readonly #names: readonly string[];

  /** @param herd whose logs, at this moment */
  constructor({ logDir, names }: { readonly logDir: string; readonly names: readonly string[] }) {
    this.#logDir = logDir;
    this.#names = names;
    for (const name of names) this.#files.set(name, infoOf(this.#path(name)));
  }

  #path(name: string): string {
    return `${this.#logDir}/${name}.log`;
  }

  /**
   * @param dueMs of every record, from when on it was due everywhere, in milliseconds since 1970
   * @returns how long the slowest took to the last server that got it from a neighbour, in
   *   milliseconds; 0 when none has come since the mark
   */
  async longestMs(dueMs: ReadonlyMap<string, number>): Promise<number> {
    const longest = await Promise.all(this.#names.map((name) => this.#longestOf(name, dueMs)));
    return Math.max(0, ...longest);
  }

  async #longestOf(name: string, dueMs: ReadonlyMap<string, number>): Promise<number> {
    const { size = 0, ino = null } = this.#files.get(name) ?? {};
    const path = this.#path(name);
    // The file was set aside meanwhile: it goes on in a new one.
    const isRotated = ino !== null && infoOf(path)?.ino !== ino;
    const parts = isRotated ? [[`${path}.1`, size], [path, 0]] as const : [[path, size]] as const;
    const taken = new Set<string>();
    let longest = 0;
    for (const [path, from] of parts) {
      for await (const line of linesOf(path, from)) {
        const entry = takenIn(line);
        // A record that comes a second time, by another link, was there already.
        if (entry === null || taken.has(entry.record)) continue;
        taken.add(entry.record);
        longest = Math.max(longest, entry.atMs - (dueMs.get(entry.record) ?? Infinity));
      }
    }
    return longest;
  }
}

/**
 * @param line a line of a log
 * @returns the record that it says has come from a neighbour, and when; null when it says another thing
 * @example
 * ```ts
 * const line = "2026-11-20T15:36:59.123456Z INFO in Bona 127.0.0.1:4000 AT Bona +0.1 kiwi +1+1 1.5";
 * takenIn(line); // { atMs: 1795189019123.456, record: "AT Bona +0.1 kiwi +1+1 1.5" }
 * ```
 */
export function takenIn(line: string): { readonly atMs: number; readonly record: string } | null {
  const [, second, fraction, record] = /^(\S{19})\.(\d{6})Z INFO in \S+ \S+ (AT .*)$/.exec(line) ??
    [];
  if (record === undefined) return null;
  return { atMs: Date.parse(`${second}Z`) + Number(fraction) / 1_000, record };
}

async function* linesOf(path: string, from: number): AsyncGenerator<string> {
  using file = await Deno.open(path);
  await file.seek(from, Deno.SeekMode.Start);
  const decoder = new TextDecoder();
  let rest = "";
  const buffer = new Uint8Array(1024 * 1024);
  for (let count = await file.read(buffer); count !== null; count = await file.read(buffer)) {
    const lines = (rest + decoder.decode(buffer.subarray(0, count), { stream: true })).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
}

function infoOf(path: string): Deno.FileInfo | null {
  try {
    return Deno.statSync(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}
