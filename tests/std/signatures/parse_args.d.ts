// What parseArgs() of @std/cli 1.0.32 declares for the options in use. An argument that an option
// names is typed by that option, `_` too; and `_` is typed as a list of strings and numbers besides.

type Named<B extends string, S extends string> =
  & Record<string, unknown>
  & Record<B, boolean>
  & Partial<Record<S, string>>;

export interface ParseOptions<B extends string | undefined, S extends string | undefined> {
  "--"?: boolean;
  alias?: Partial<Record<string, string | ReadonlyArray<string>>>;
  boolean?: boolean | B | ReadonlyArray<Extract<B, string>>;
  collect?: string | readonly string[];
  default?: Record<string, unknown>;
  negatable?: string | readonly string[];
  stopEarly?: boolean;
  string?: S | ReadonlyArray<Extract<S, string>>;
  unknown?: (arg: string, key?: string, value?: unknown) => unknown;
}

export declare function parseArgs<
  B extends string | undefined = undefined,
  S extends string | undefined = undefined,
>(
  args: string[],
  options?: ParseOptions<B, S>,
): Named<Extract<B, string>, Extract<S, string>> & { _: Array<string | number> };
