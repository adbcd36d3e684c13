/**
 * What the readers of places files have in common: their interface and their errors.
 *
 * @module
 */

import { placesQuoteCharactersMax } from "../../limits.ts";
import { ConfigurationError } from "../../topology/configuration_error.ts";

/** A file of places that cannot be used: where, what is there, and what would be right. */
export class PlacesFileError extends ConfigurationError {
  override readonly name = "PlacesFileError";
}

/** A reader of one format, which gets the file in pieces. */
export interface PlacesReader {
  /**
   * @param bytes the next piece of the file, of any length; it may be overwritten afterwards
   * @throws {PlacesFileError} at the first error
   */
  push(bytes: Uint8Array): void;
  /**
   * Says that the file ends here.
   *
   * @throws {PlacesFileError} when it is cut short
   */
  end(): void;
}

/**
 * A value for an error's message: as JSON, in printable ASCII, not too long.
 *
 * @param value what the file has
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(shown("a\n\u0085"), '"a\\n\\u0085"');
 * assertEquals(shown(undefined), "nothing");
 * ```
 */
export function shown(value: unknown): string {
  const text = (JSON.stringify(value) ?? "nothing").replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  if (text.length <= placesQuoteCharactersMax) return text;
  return `${text.slice(0, placesQuoteCharactersMax - 3)}...`;
}
