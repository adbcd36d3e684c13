/**
 * What is wrong with a file of places, in one line.
 *
 * @module
 */

import { ConfigurationError } from "../../topology/configuration_error.ts";

/** A file of places that cannot be used: where, what stands there, and what would be right. */
export class PlacesFileError extends ConfigurationError {
  override readonly name = "PlacesFileError";
}

/** Reads one format, pushed to it in pieces. */
export interface PlacesReader {
  /**
   * @param bytes the next of the file, in pieces of any length; they may be overwritten afterwards
   * @throws {PlacesFileError} at the first thing that is wrong
   */
  push(bytes: Uint8Array): void;
  /**
   * Says that this was the file.
   *
   * @throws {PlacesFileError} when it cannot end here
   */
  end(): void;
}

/** Bytes of one place in a file: a line of GeoNames, a feature of GeoJSON. */
export const placeBytesMax = 1024 * 1024;

/**
 * A value for an error's message: as JSON, in printable ASCII, not too long.
 *
 * @param value what stands in the file
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
  return text.length <= 80 ? text : `${text.slice(0, 77)}...`;
}
