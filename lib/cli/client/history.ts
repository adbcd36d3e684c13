/**
 * The lines that somebody has typed, kept between runs of the client.
 *
 * @module
 */

import { historyLinesMax } from "../../limits.ts";

/** Where the environment says that such things are kept. */
export interface HistoryPlace {
  /** Looks a variable up, for instance `Deno.env.get`. */
  readonly env: (variable: string) => string | undefined;
  readonly os: typeof Deno.build.os;
}

/**
 * @returns the history's file, in the directory for state (XDG Base Directory Specification); null
 * where the environment names none
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const env = (variable: string) => variable === "HOME" ? "/home/jane" : undefined;
 * assertEquals(historyPath({ env, os: "linux" }), "/home/jane/.local/state/herd/history");
 * ```
 */
export function historyPath({ env, os }: HistoryPlace): string | null {
  const base = os === "windows" ? env("LOCALAPPDATA") : env("XDG_STATE_HOME");
  if (base) return `${base}/herd/history`;
  const home = env("HOME");
  return os !== "windows" && home ? `${home}/.local/state/herd/history` : null;
}

/** A file of lines, the newest last. Whatever goes wrong with it, there is only no history. */
export class History {
  /** The lines, the newest first and none twice, as a line editor wants them. */
  readonly lines: string[] = [];
  readonly #path: string | null;

  /** @param path the file; null: nothing is kept */
  constructor(path: string | null) {
    this.#path = path;
    if (path === null) return;
    try {
      const all = Deno.readTextFileSync(path).split("\n").filter((line) => line !== "");
      this.lines = [...new Set(all.reverse())].slice(0, historyLinesMax);
      if (all.length > 2 * historyLinesMax) this.#write([...this.lines].reverse(), false);
    } catch {
      // There is none yet, or it cannot be read.
    }
  }

  /** Keeps a line, for its owner only; never one that may hold a token or a secret. */
  add(line: string): void {
    if (line.trim() === "" || /^\s*AUTH\b/i.test(line)) return;
    this.#write([line], true);
  }

  #write(lines: readonly string[], append: boolean): void {
    if (this.#path === null) return;
    try {
      Deno.mkdirSync(this.#path.replace(/[/\\][^/\\]*$/, ""), { recursive: true, mode: 0o700 });
      const text = lines.map((line) => `${line}\n`).join("");
      Deno.writeTextFileSync(this.#path, text, { append, mode: 0o600 });
    } catch {
      // The disk may be full, or the directory somebody else's.
    }
  }
}
