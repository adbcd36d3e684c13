/**
 * A GeoNames dump, read in pieces: one place a line, nineteen columns with a tab between them, no
 * line of headings (geonames.org: "readme.txt" of the export).
 *
 * @module
 */

import { placeBytesMax } from "../../limits.ts";
import { PendingBytes } from "../../protocol/pending_bytes.ts";
import { typesOfFeature } from "./geonames_types.ts";
import type { Place } from "./place_records.ts";
import { PlacesFileError, type PlacesReader, shown } from "./places_file.ts";

const columnsCount = 19;
const columns = {
  name: 1,
  latitude: 4,
  longitude: 5,
  featureClass: 6,
  featureCode: 7,
  country: 8,
  admin1: 10,
} as const;

const newline = 0x0a;
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Reads a dump. A place's types come from its feature class and code, its vicinity is the code of
 * its first-order division and the country's: `CA, US`. Blank lines are skipped.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const line = "2198148\tSuva\tSuva\t\t-18.14161\t178.44149\tP\tPPLC\tFJ\t\tC\t\t\t\t77366\t\t7\t" +
 *   "Pacific/Fiji\t2019-09-05\n";
 * const places: unknown[] = [];
 * const reader = new GeoNamesReader((place) => places.push(place));
 * reader.push(new TextEncoder().encode(line));
 * reader.end();
 * assertEquals(places[0], {
 *   name: "Suva",
 *   latitude: -18.14161,
 *   longitude: 178.44149,
 *   types: ["locality", "political"],
 *   vicinity: "C, FJ",
 * });
 * ```
 */
export class GeoNamesReader implements PlacesReader {
  readonly #add: (place: Place) => void;
  /** The beginning of a line whose end has not come. */
  readonly #unfinished = new PendingBytes();
  #linesRead = 0;

  /** @param add gets each place in turn */
  constructor(add: (place: Place) => void) {
    this.#add = add;
  }

  push(bytes: Uint8Array): void {
    const linesEnd = bytes.lastIndexOf(newline) + 1;
    if (linesEnd > 0) this.#lines(this.#unfinished.takeWith(bytes.subarray(0, linesEnd)));
    this.#unfinished.append(bytes.subarray(linesEnd));
    if (this.#unfinished.length > placeBytesMax) {
      throw this.#wrong(`is longer than ${placeBytesMax} bytes: must be one of a GeoNames dump`);
    }
  }

  end(): void {
    if (this.#unfinished.length > 0) this.#lines(this.#unfinished.takeWith(Uint8Array.of(newline)));
  }

  /** Reads whole lines, each with its newline. */
  #lines(bytes: Uint8Array): void {
    for (const line of this.#decode(bytes).split("\n").slice(0, -1)) {
      this.#line(line);
      this.#linesRead += 1;
    }
  }

  #decode(bytes: Uint8Array): string {
    try {
      return decoder.decode(bytes);
    } catch {
      for (let begin = 0; begin < bytes.length; this.#linesRead += 1) {
        const end = bytes.indexOf(newline, begin) + 1;
        if (!isUtf8(bytes.subarray(begin, end))) break;
        begin = end;
      }
      throw this.#wrong("is not UTF-8: must be, as GeoNames publishes it");
    }
  }

  #line(line: string): void {
    if (line.trim() === "") return;
    const cells = line.split("\t");
    if (cells.length !== columnsCount) {
      const has = `has ${cells.length} columns, begins with ${shown(line.slice(0, 40))}`;
      throw this.#wrong(`${has}: must have ${columnsCount} columns with tabs between them`);
    }
    const name = cells[columns.name]!;
    if (name.trim() === "") throw this.#wrong(`column 2, name: ${shown(name)}: must not be empty`);
    this.#add({
      name,
      latitude: this.#degrees(cells, "latitude", 90),
      longitude: this.#degrees(cells, "longitude", 180),
      types: typesOfFeature(cells[columns.featureClass]!, cells[columns.featureCode]!),
      vicinity: vicinity(cells[columns.admin1]!, cells[columns.country]!),
    });
  }

  #degrees(cells: readonly string[], column: "latitude" | "longitude", most: number): number {
    const cell = cells[columns[column]]!;
    const degrees = /^[+-]?\d+(\.\d+)?$/.test(cell) ? Number(cell) : NaN;
    if (Math.abs(degrees) <= most) return degrees;
    const where = `column ${columns[column] + 1}, ${column}`;
    throw this.#wrong(`${where}: ${shown(cell)}: must be degrees from -${most} to ${most}`);
  }

  #wrong(what: string): PlacesFileError {
    return new PlacesFileError(`line ${this.#linesRead + 1}: ${what}`);
  }
}

/** Division `00` is GeoNames' word for none. */
function vicinity(admin1: string, country: string): string {
  return [admin1 === "00" ? "" : admin1, country].filter((code) => code !== "").join(", ");
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    decoder.decode(bytes);
    return true;
  } catch {
    return false;
  }
}
