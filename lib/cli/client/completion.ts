/**
 * Completion of the word that is being typed.
 *
 * @module
 */

/** What can be completed. */
export interface CompletionOptions {
  /** The servers of the herd. */
  readonly servers: readonly string[];
  /** The lines that were typed before; the clients in them are offered again. */
  readonly history: readonly string[];
}

/** The words that a line may begin with: commands, and what the client itself understands. */
export const firstWords = ["IAMAT", "WHATSAT", "connect", "help", "quit"] as const;

/**
 * @param line the line up to the cursor
 * @returns what the last word can become, and that word: as `node:readline` asks for it
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const options = { servers: ["Bona", "Clark"], history: ["IAMAT kiwi +34-118 now"] };
 * assertEquals(completion("what", options), [["WHATSAT "], "what"]);
 * assertEquals(completion("connect C", options), [["Clark "], "C"]);
 * assertEquals(completion("WHATSAT k", options), [["kiwi "], "k"]);
 * ```
 */
export function completion(
  line: string,
  { servers, history }: CompletionOptions,
): [matches: string[], word: string] {
  const [first = "", second, ...more] = line.trimStart().split(/\s+/);
  if (second === undefined) return [matching(first, firstWords), first];
  if (more.length > 0) return [[], more.at(-1) ?? ""];
  if (first === "connect") return [matching(second, servers), second];
  const ids = history.flatMap((line) => /^\s*(?:IAMAT|WHATSAT)\s+(\S+)/.exec(line)?.[1] ?? []);
  return [/^(?:IAMAT|WHATSAT)$/.test(first) ? matching(second, new Set(ids)) : [], second];
}

function matching(word: string, known: Iterable<string>): string[] {
  const lower = word.toLowerCase();
  return [...known].filter((each) => each.toLowerCase().startsWith(lower)).map((each) =>
    `${each} `
  );
}
