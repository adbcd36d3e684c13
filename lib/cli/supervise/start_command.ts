/**
 * How this program starts another of itself.
 *
 * @module
 */

/** This program, as it was started. */
export interface Program {
  /** Whether it is a compiled executable, which needs no runtime (`Deno.build.standalone`). */
  readonly standalone: boolean;
  /** The executable or, from source, the runtime (`Deno.execPath()`). */
  readonly execPath: string;
  /** The URL of `main.ts`. */
  readonly mainModule: string;
  /** What the runtime is told from source: the permissions of a server. */
  readonly runFlags: readonly string[];
}

/** A program and its arguments. */
export interface StartCommand {
  readonly command: string;
  readonly args: readonly string[];
}

/**
 * @param args the arguments for `main.ts`
 * @returns what to run
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const program = { execPath: "deno", mainModule: "file:///main.ts", runFlags: ["--allow-net"] };
 * assertEquals(startCommand({ ...program, standalone: false }, ["Clark"]), {
 *   command: "deno",
 *   args: ["run", "--allow-net", "file:///main.ts", "Clark"],
 * });
 * ```
 */
export function startCommand(program: Program, args: readonly string[]): StartCommand {
  const { standalone, execPath: command, mainModule, runFlags } = program;
  return { command, args: standalone ? args : ["run", ...runFlags, mainModule, ...args] };
}
