/**
 * A GeoJSON FeatureCollection of Points (RFC 7946), read in pieces: only one feature at a time is
 * in memory.
 *
 * @module
 */

import { geoJsonNameBytesMax, placeBytesMax } from "../../limits.ts";
import { PendingBytes } from "../../protocol/pending_bytes.ts";
import { placeOfFeature } from "./geojson_feature.ts";
import type { Place } from "./place_records.ts";
import { PlacesFileError, type PlacesReader, shown } from "./places_file.ts";
import { member } from "../untrusted.ts";

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const blanks = " \t\n\r";
const decoder = new TextDecoder("utf-8", { fatal: true });

/** How deep the array of features and a feature in it are nested. */
const featuresDepth = 2;

/** Where in the text the reader is: `outline` is what is outside the array of features. */
type ReaderState = "outline" | "between" | "feature";

/**
 * Reads a FeatureCollection; {@linkcode placeOfFeature} says what a feature must be like.
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const names: string[] = [];
 * const reader = new GeoJsonReader((place) => names.push(place.name));
 * reader.push(new TextEncoder().encode(
 *   '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"name":"Suva"},' +
 *     '"geometry":{"type":"Point","coordinates":[178.44,-18.14]}}]}',
 * ));
 * reader.end();
 * assertEquals(names, ["Suva"]);
 * ```
 */
export class GeoJsonReader implements PlacesReader {
  readonly #add: (place: Place) => void;
  #state: ReaderState = "outline";
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** The text without its features. */
  readonly #outline = new PendingBytes();
  /** The current feature, as far as it came in earlier pieces. */
  readonly #feature = new PendingBytes();
  #count = 0;
  /** While `between`: what came last. */
  #last: "[" | "," | "feature" = "[";

  /** @param add gets each place in turn */
  constructor(add: (place: Place) => void) {
    this.#add = add;
  }

  push(bytes: Uint8Array): void {
    let begin = 0;
    for (let offset = 0; offset < bytes.length; offset += 1) {
      const byte = bytes[offset]!;
      if (this.#inString) {
        this.#string(byte);
      } else if (this.#state === "between") {
        if (this.#between(byte)) begin = offset;
      } else if (byte === quote) {
        this.#inString = true;
      } else if (byte === openBrace || byte === openBracket) {
        this.#depth += 1;
        if (byte === openBracket && this.#state === "outline" && this.#depth === featuresDepth) {
          if (this.#featuresBegin(bytes.subarray(begin, offset + 1))) this.#state = "between";
          begin = offset + 1;
        }
      } else if (byte === closeBrace || byte === closeBracket) {
        this.#depth -= 1;
        if (this.#state === "feature" && this.#depth === featuresDepth) {
          this.#read(bytes.subarray(begin, offset + 1));
        }
      }
    }
    this.#keep(bytes.subarray(begin));
  }

  end(): void {
    if (this.#state !== "outline") throw this.#wrong("the file ends before the array does");
    const collection = this.#parse(
      this.#outline.takeWith(new Uint8Array()),
      "the text around the features",
    );
    const type = member(collection, "type");
    if (type !== "FeatureCollection") {
      throw new PlacesFileError(`type: ${shown(type)}: must be "FeatureCollection", as in GeoJSON`);
    }
    const features = member(collection, "features");
    if (!Array.isArray(features)) {
      throw new PlacesFileError(`features: ${shown(features)}: must be an array of features`);
    }
  }

  #string(byte: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (byte === backslash) this.#escaped = true;
    else if (byte === quote) this.#inString = false;
  }

  /** @returns whether a feature, or the outline after the last one, begins with this byte */
  #between(byte: number): boolean {
    if (byte === openBrace && this.#last !== "feature") {
      this.#state = "feature";
      this.#depth += 1;
      return true;
    }
    if (byte === closeBracket && this.#last !== ",") {
      this.#state = "outline";
      this.#depth -= 1;
      return true;
    }
    const character = String.fromCharCode(byte);
    if (byte === comma && this.#last === "feature") this.#last = ",";
    else if (!blanks.includes(character)) {
      const right = this.#last === "feature" ? '"," or "]"' : "a feature, that is an object";
      throw this.#wrong(`${shown(character)}: must be ${right}`);
    }
    return false;
  }

  /** Keeps more of the outline. @returns whether the array that begins at its end is `features` */
  #featuresBegin(bytes: Uint8Array): boolean {
    const outline = this.#outline.takeWith(bytes);
    this.#keep(outline);
    const tail = String.fromCharCode(...outline.subarray(-geoJsonNameBytesMax));
    return /[{,]\s*"features"\s*:\s*\[$/.test(tail);
  }

  #read(bytes: Uint8Array): void {
    const where = `features[${this.#count}]`;
    this.#add(placeOfFeature(this.#parse(this.#feature.takeWith(bytes), where), where));
    this.#count += 1;
    this.#last = "feature";
    this.#state = "between";
  }

  #keep(bytes: Uint8Array): void {
    if (this.#state === "between") return;
    const pending = this.#state === "outline" ? this.#outline : this.#feature;
    pending.append(bytes);
    if (pending.length <= placeBytesMax) return;
    const what = this.#state === "outline" ? "the text around the features" : "this feature";
    throw this.#wrong(`${what} is longer than ${placeBytesMax} bytes`);
  }

  #parse(bytes: Uint8Array, where: string): unknown {
    try {
      return JSON.parse(decoder.decode(bytes));
    } catch (error) {
      const reason = error instanceof SyntaxError ? error.message : "not UTF-8";
      throw new PlacesFileError(`${where}: must be JSON: ${shown(reason)}`);
    }
  }

  #wrong(what: string): PlacesFileError {
    return new PlacesFileError(`features[${this.#count}]: ${what}`);
  }
}
