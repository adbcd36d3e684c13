/**
 * The name that was meant by a misspelled one.
 *
 * @module
 */

/**
 * Finds the known name that a misspelled one is nearest to, by the number of characters to insert,
 * remove, replace or swap with the next; case does not count. One in three may be wrong.
 *
 * @param name what was written
 * @param known what could have been meant
 * @returns the nearest known name, the first of several, or undefined when none is near
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(nearestName("Cambell", ["Clark", "Campbell"]), "Campbell");
 * assertEquals(nearestName("Smith", ["Clark", "Campbell"]), undefined);
 * ```
 */
export function nearestName(name: string, known: Iterable<string>): string | undefined {
  let nearest: string | undefined;
  let least = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of known) {
    // Lengths that differ by more are too far apart: no long text is compared letter by letter.
    if (Math.abs(candidate.length - name.length) >= least) continue;
    const distance = editDistance(name.toLowerCase(), candidate.toLowerCase());
    if (distance < least) [nearest, least] = [candidate, distance];
  }
  return nearest;
}

/**
 * A hint for an error message.
 *
 * @param name what was written
 * @param known what could have been meant
 * @returns `did you mean "Campbell"?`, or what there is when no name is near
 */
export function nameHint(name: string, known: Iterable<string>): string {
  const names = [...known];
  const nearest = nearestName(name, names);
  if (nearest !== undefined) return `did you mean ${JSON.stringify(nearest)}?`;
  if (names.length === 0) return "there is none";
  return `there ${names.length === 1 ? "is" : "are"} ${
    names.map((known) => JSON.stringify(known)).join(", ")
  }`;
}

/** Optimal string alignment distance: Levenshtein's, with swaps of neighbouring characters. */
function editDistance(one: string, other: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, j) => j);
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1];
      let distance = Math.min(
        at(last, j) + 1,
        at(row, j - 1) + 1,
        at(last, j - 1) + (same ? 0 : 1),
      );
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) {
        distance = Math.min(distance, at(beforeLast, j - 2) + 1);
      }
      row.push(distance);
    }
    [beforeLast, last] = [last, row];
  }
  return at(last, other.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Infinity;
}
