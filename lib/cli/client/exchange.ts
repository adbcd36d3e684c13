/**
 * Which lines of a client have been answered on a connection, and how.
 *
 * @module
 */

import { textOf } from "../../protocol/ascii.ts";

/**
 * Follows the lines that go out and come in. Answers come in the order of the lines: a line that
 * begins with "?", an AT line, or after a WHATSAT an AT line and JSON up to an empty line.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const bytes = (text: string) => new TextEncoder().encode(text);
 * const exchange = new Exchange();
 * exchange.sent(bytes("WHATSAT kiwi 10 5\n"));
 * exchange.sent(bytes("nonsense\n"));
 * for (const line of ["AT Clark …\n", "{}\n", "\n"]) exchange.received(bytes(line));
 * assertEquals(exchange.unanswered(), [bytes("nonsense\n")]);
 * exchange.received(bytes("? nonsense\n"));
 * assertEquals([exchange.dueCount, exchange.refusedCount], [0, 1]);
 * ```
 */
export class Exchange {
  /** Lines that wait for their answers, in order. A set: removing its first is cheap. */
  readonly #due = new Set<Uint8Array>();
  #inJson = false;
  #answered = 0;
  #refused = 0;

  /** Lines that wait for their answers. */
  get dueCount(): number {
    return this.#due.size;
  }

  /** Answers that have come, whole. */
  get answeredCount(): number {
    return this.#answered;
  }

  /** Those among the answers that begin with "?". */
  get refusedCount(): number {
    return this.#refused;
  }

  /** @returns the lines that wait for their answers, in order */
  unanswered(): Uint8Array[] {
    return [...this.#due];
  }

  /** @param line what the client has sent; the same object only once */
  sent(line: Uint8Array): void {
    this.#due.add(line);
  }

  /** @param line what the server has sent, with its end */
  received(line: Uint8Array): void {
    if (this.#inJson) {
      if (line.length > 1) return;
      this.#inJson = false;
      this.#answer();
    } else if (startsWith(line, "?")) {
      this.#refused++;
      this.#answer();
    } else if (startsWith(line, "AT ")) {
      const [asked] = this.#due;
      if (asked !== undefined && isWhatsat(asked)) this.#inJson = true;
      else this.#answer();
    }
  }

  #answer(): void {
    const [first] = this.#due;
    if (first !== undefined) this.#due.delete(first);
    this.#answered++;
  }
}

/** Whether a line's first field is WHATSAT. */
function isWhatsat(line: Uint8Array): boolean {
  return /^[ \t\r\n\f\v]*WHATSAT(?![^ \t\r\n\f\v])/.test(textOf(line));
}

function startsWith(line: Uint8Array, text: string): boolean {
  return textOf(line.subarray(0, text.length)) === text;
}
