/**
 * How a bound is told from other numbers: by its name, and by its size where a part of a layout may
 * bear such a name.
 *
 * @module
 */

import type { NamedNumber, SourceFile } from "./source_file.ts";

/** A name that says how much, how many or how long is allowed. */
const boundName =
  /^(?:max|min)[A-Z]|(?:Max|Min|Ms|S|Kept|AtOnce|Timeout|[pP]er(?:Second|Minute|Day))$/;

/** A name of either a part of a layout, which is small, or a bound. */
const sizeName = /(?:Bytes|Lines|Size|Count)$/;

/** From here on a size is a bound: no part of a layout is as large. */
const sizeMin = 1_000;

/** @returns whether a number is a bound: zero is a beginning, and bounds nothing */
export function isBound({ name, value }: NamedNumber): boolean {
  return value > 0 && (boundName.test(name) || sizeName.test(name) && value >= sizeMin);
}

/** @returns every bound that is written out elsewhere than in `lib/limits.ts` */
export function strayBounds(files: readonly SourceFile[]): string[] {
  return files
    .filter(({ path }) => path !== "lib/limits.ts")
    .flatMap(({ path, numbers }) =>
      numbers.filter(isBound).map(({ line, text }) => `${path}:${line} ${text}`)
    );
}
