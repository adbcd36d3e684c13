/**
 * The operator's file of places, read in slices between which the server serves its clients.
 *
 * @module
 */

import { placeBytesMax, placesReadBytes } from "../../limits.ts";
import { PendingBytes } from "../../protocol/pending_bytes.ts";
import type { Clock } from "../../transport/transport.ts";
import { GeoJsonReader } from "./geojson.ts";
import { GeoNamesReader } from "./geonames.ts";
import type { Place } from "./place_records.ts";
import { PlaceTable } from "./place_table.ts";
import { PlacesFileError, type PlacesReader } from "./places_file.ts";

const byteOrderMark = [0xef, 0xbb, 0xbf];
const openBrace = 0x7b;
const blanks = [0x20, 0x09, 0x0a, 0x0d];

/** A file of places, and the clock that lets others have their turn between two slices of it. */
export interface PlacesFile {
  readonly path: string;
  readonly clock: Pick<Clock, "soon">;
}

/**
 * Reads a file of places, GeoJSON when it begins with `{`, else a GeoNames dump.
 *
 * @param file which, and how
 * @returns its places
 * @throws {PlacesFileError} when it cannot be read, is wrong, or has no place in it; the message
 * begins with the path
 */
export async function readPlacesFile({ path, clock }: PlacesFile): Promise<PlaceTable> {
  try {
    using file = await Deno.open(path);
    return await readPlaces(slices(file, clock), clock);
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    const reason = error instanceof PlacesFileError
      ? error.message
      : `cannot be read: ${error.message}`;
    throw new PlacesFileError(`${path}: ${reason}`, { cause: error });
  }
}

/**
 * Reads places from the bytes of a file.
 *
 * @param pieces the bytes; each piece is processed before the next is asked for
 * @param clock lets others have their turn while the places are indexed
 * @returns the places
 * @throws {PlacesFileError} at the first error
 */
export async function readPlaces(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  clock: PlacesFile["clock"],
): Promise<PlaceTable> {
  const table = new PlaceTable();
  const reader = new SniffingReader((place) => table.add(place));
  for await (const piece of pieces) reader.push(piece);
  reader.end();
  if (table.size === 0) throw new PlacesFileError("has no places in it");
  for (const _ of table.index()) await turn(clock);
  return table;
}

async function* slices(file: Deno.FsFile, clock: PlacesFile["clock"]): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(placesReadBytes);
  for (;;) {
    const count = await file.read(buffer);
    if (count === null) return;
    yield buffer.subarray(0, count);
    // Otherwise reads that are ready at once would follow one another for hundreds of milliseconds.
    await turn(clock);
  }
}

function turn(clock: PlacesFile["clock"]): Promise<void> {
  return new Promise((resolve) => clock.soon(resolve));
}

/** A reader that tells the format by the first bytes, and leaves the rest to that format's. */
class SniffingReader implements PlacesReader {
  readonly #add: (place: Place) => void;
  /** What has come while the format is not known. */
  readonly #beginning = new PendingBytes();
  #reader: PlacesReader | undefined;

  constructor(add: (place: Place) => void) {
    this.#add = add;
  }

  push(bytes: Uint8Array): void {
    if (this.#reader) return this.#reader.push(bytes);
    const beginning = this.#beginning.takeWith(bytes);
    const text = withoutByteOrderMark(beginning);
    const first = text.find((byte) => !blanks.includes(byte));
    const tooEarly = beginning.length < byteOrderMark.length || first === undefined;
    if (tooEarly && beginning.length < placeBytesMax) return this.#beginning.append(beginning);
    this.#reader = first === openBrace
      ? new GeoJsonReader(this.#add)
      : new GeoNamesReader(this.#add);
    this.#reader.push(text);
  }

  end(): void {
    this.#reader?.end();
  }
}

function withoutByteOrderMark(bytes: Uint8Array): Uint8Array {
  return byteOrderMark.every((byte, index) => bytes[index] === byte) ? bytes.subarray(3) : bytes;
}
