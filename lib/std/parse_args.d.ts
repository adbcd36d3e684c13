/** Options of {@linkcode parseArgs}, by the names of the arguments without their dashes. */
export interface ParseOptions<
  B extends string = string,
  S extends string = string,
  C extends string = string,
  D extends Record<string, unknown> = Record<string, unknown>,
  DD extends boolean | undefined = boolean | undefined,
> {
  /** Whether what comes after `--` is given apart, under the key "--"; else it is added to `_`. */
  "--"?: DD;
  /** Other names of arguments. */
  alias?: Readonly<Record<string, string | readonly string[]>>;
  /** Arguments without a value; `true` stands for every one without a `=`. */
  boolean?: boolean | B | readonly B[];
  /** Values of arguments that are not given. */
  default?: D;
  /** Whether everything after the first argument that is no flag goes into `_`. */
  stopEarly?: boolean;
  /** Arguments whose value stays a string though it looks like a number; `_` may be one. */
  string?: S | readonly S[];
  /** Arguments that may be given several times and become a list. */
  collect?: C | readonly C[];
  /** Arguments that `--no-NAME` sets to false. */
  negatable?: string | readonly string[];
  /**
   * Is called with every argument that no option names, and with those that are no flags (then
   * without a key); one that it returns false for is left out.
   */
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}

/** The value of a string argument, which is not there when it was not given and has no default. */
type StringValue<K extends string, C extends string, D> = K extends C ? string[]
  : K extends keyof D ? string | D[K]
  : string | undefined;

/** What {@linkcode parseArgs} returns. */
export type Args<
  B extends string = never,
  S extends string = never,
  C extends string = never,
  D extends Record<string, unknown> = Record<never, never>,
  DD extends boolean | undefined = undefined,
> =
  & { [name: string]: unknown; _: "_" extends S ? string[] : Array<string | number> }
  & { [K in B]: boolean }
  & { [K in Exclude<S, "_">]: StringValue<K, C, D> }
  & { [K in Exclude<C, S>]: unknown[] }
  & (DD extends true ? { "--": string[] } : unknown);

/**
 * Reads command line arguments.
 *
 * @param args the arguments, for instance `Deno.args`
 * @returns the arguments by name, and under `_` those without
 */
export function parseArgs<
  const B extends string = never,
  const S extends string = never,
  const C extends string = never,
  const D extends Record<string, unknown> = Record<never, never>,
  const DD extends boolean | undefined = undefined,
>(args: readonly string[], options?: ParseOptions<B, S, C, D, DD>): Args<B, S, C, D, DD>;
