/** Options of {@linkcode parseArgs}, by the names of the arguments without their dashes. */
export interface ParseOptions<B extends string, S extends string> {
  /** Other names of arguments. */
  alias?: Readonly<Record<string, string | readonly string[]>>;
  /** Arguments that may be given several times and become a list. */
  collect?: readonly string[];
  /** Arguments without a value. */
  boolean?: readonly B[];
  /** Arguments whose value stays a string though it looks like a number; `_` may be one. */
  string?: readonly S[];
  /**
   * Is called with every argument that no option names, and with those that are no flags (then
   * without a key); one that it returns false for is left out.
   */
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}

/** What {@linkcode parseArgs} returns. */
export type Args<B extends string, S extends string> =
  & { [name: string]: unknown; _: Array<string | number> }
  & { [K in B]: boolean }
  & { [K in Exclude<S, "_">]?: string };

/**
 * Reads command line arguments.
 *
 * @param args the arguments, for instance `Deno.args`
 * @returns the arguments by name, and under `_` those without
 */
export function parseArgs<const B extends string = never, const S extends string = never>(
  args: string[],
  options?: ParseOptions<B, S>,
): Args<B, S>;
