/**
 * Durations as ISO 8601 writes them, `P30D` or `PT12H`. Years and months are not taken: they are
 * not always of the same length.
 *
 * @module
 */

/** What a duration should look like, for error messages. */
export const durationWanted =
  'a duration in weeks, days, hours, minutes or seconds, such as "P30D" or "PT12H"';

/** The form of a duration, which a duration of 0 has, too. */
export const durationForm =
  /^P(?=.)(?:(\d+)W|(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:[.,]\d+)?)S)?)?)$/;
const unitSeconds = [604_800, 86_400, 3_600, 60, 1];

/**
 * @param text a duration
 * @returns its seconds, more than 0; or null when it is none
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * assertEquals(durationSeconds("P1DT12H"), 129_600);
 * assertEquals(durationSeconds("P1M"), null);
 * ```
 */
export function durationSeconds(text: string): number | null {
  const parts = durationForm.exec(text)?.slice(1);
  if (parts === undefined) return null;
  const seconds = parts.reduce(
    (sum, part, at) => sum + Number((part ?? "0").replace(",", ".")) * unitSeconds[at]!,
    0,
  );
  return seconds > 0 ? seconds : null;
}
