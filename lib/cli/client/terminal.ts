/**
 * What a client reads from and writes to.
 *
 * @module
 */

/** Standard input, output and error, or a test's. */
export interface Terminal {
  /** Standard input. */
  readonly input: AsyncIterable<Uint8Array>;
  /** Whether people type the input and read the output. */
  readonly isInteractive: boolean;
  /** Whether the output is read by people: then it holds no control characters of a server's. */
  readonly isShown: boolean;
  /** Whether the output is coloured. */
  readonly isColoured: boolean;
  /**
   * Writes all the bytes to standard output.
   *
   * @throws {Deno.errors.BrokenPipe} when nobody reads it any more
   */
  write(bytes: Uint8Array): Promise<void>;
  /** Writes a line to standard error. */
  say(line: string): void;
}

/** @returns the terminal, or the pipes, that the process was started with */
export function processTerminal(): Terminal {
  const isShown = Deno.stdout.isTerminal();
  return {
    input: { [Symbol.asyncIterator]: () => Deno.stdin.readable[Symbol.asyncIterator]() },
    isInteractive: isShown && Deno.stdin.isTerminal(),
    isShown,
    isColoured: isShown && !Deno.noColor,
    async write(bytes) {
      for (let rest = bytes; rest.length > 0;) {
        rest = rest.subarray(await Deno.stdout.write(rest));
      }
    },
    say: (line) => console.error(line),
  };
}
