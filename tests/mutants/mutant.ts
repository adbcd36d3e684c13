/**
 * A mutant: the program with one place broken on purpose, which some check must notice.
 *
 * @module
 */

/** What must notice it. */
export type Killer =
  /** Simulated herds, in the order of their seeds. */
  | { readonly by: "simulator" }
  /** A test, by its file and a part of its name. */
  | { readonly by: "test"; readonly file: string; readonly name: string };

/** One place, broken. */
export interface Mutant {
  /** What is broken, in a few words; no two mutants have the same. */
  readonly name: string;
  /** Where, from the top of the project. */
  readonly file: string;
  /** What stands there, exactly once. */
  readonly find: string;
  /** What stands there in the mutant. */
  readonly replace: string;
  /** What the herd would do wrong. */
  readonly why: string;
  readonly killer: Killer;
}

/** The list has rotted: a mutant's place is not there any more, or there twice. */
export class RottenMutantError extends Error {
  override readonly name = "RottenMutantError";
}

/** Killed by simulated herds. */
export const simulator: Killer = { by: "simulator" };

/** Killed by the tests of a file whose names have this in them. */
export function test(file: string, name: string): Killer {
  return { by: "test", file, name };
}

/**
 * @param mutant what is to be broken
 * @param source the file as it is
 * @returns the file as the mutant has it
 * @throws {RottenMutantError} when the place is not there exactly once
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * const mutant = { name: "", file: "", find: "<", replace: "<=", why: "", killer: simulator };
 * assertEquals(mutated(mutant, "one < two"), "one <= two");
 * ```
 */
export function mutated(mutant: Mutant, source: string): string {
  const { name, file, find, replace } = mutant;
  const [before, after, ...more] = source.split(find);
  if (after === undefined) throw new RottenMutantError(`${name}: ${file} has no ${find}`);
  if (more.length > 0) throw new RottenMutantError(`${name}: ${file} has more than one ${find}`);
  return before + replace + after;
}
