/**
 * Feeds a reader of places three ways: whole, a byte at a time, and in pieces with bytes left over.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import type { Place } from "../../lib/places/gazetteer/place_records.ts";
import type { PlacesReader } from "../../lib/places/gazetteer/places_file.ts";

/** What came of a text: its places, or the error's message. */
export type Outcome = Place[] | string;

/**
 * @param create makes the reader
 * @param text what it reads
 * @returns what came of it, the same each way
 */
export function fed(
  create: (add: (place: Place) => void) => PlacesReader,
  text: string | Uint8Array,
): Outcome {
  const bytes = typeof text === "string" ? new TextEncoder().encode(text) : text;
  const outcomes = [bytes.length || 1, 1, 7].map((length) => read(create, { bytes, length }));
  for (const outcome of outcomes) assertEquals(outcome, outcomes[0]);
  return outcomes[0] ?? [];
}

function read(
  create: (add: (place: Place) => void) => PlacesReader,
  { bytes, length }: { bytes: Uint8Array; length: number },
): Outcome {
  const places: Place[] = [];
  const reader = create((place) => places.push(place));
  try {
    // One buffer for all pieces, as with a file: what a reader keeps, it must have copied.
    const buffer = new Uint8Array(length);
    for (let offset = 0; offset < bytes.length; offset += length) {
      const piece = bytes.subarray(offset, offset + length);
      buffer.set(piece);
      reader.push(buffer.subarray(0, piece.length));
    }
    reader.end();
    return places;
  } catch (error) {
    return (error as Error).message;
  }
}
