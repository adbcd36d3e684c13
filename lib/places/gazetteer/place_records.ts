/**
 * Places as an answer shows them, in little memory: of each its position, its ID, and the five texts
 * that are not the same in every answer, ready to be copied.
 *
 * @module
 */

import { Block } from "../../block.ts";
import { placesChunkBytes, placesTypesKept } from "../../limits.ts";
import { isShownAsItIs } from "../../log/escape.ts";
import { printStyleA } from "../style_a.ts";
import { placeIdDigits } from "./place_id.ts";

/** A place of the gazetteer. */
export interface Place {
  readonly name: string;
  /** Degrees north, -90 to 90. */
  readonly latitude: number;
  /** Degrees east, -180 to 180. */
  readonly longitude: number;
  /** Google's words for what it is. */
  readonly types: readonly string[];
  /** Where it is, in a few words. */
  readonly vicinity: string;
}

/** Where what is in a record begins, in bytes from its own beginning. */
const latitudeAt = 0;
const longitudeAt = 8;
const nameBytesAt = 16;
const typesBytesAt = 20;
const vicinityBytesAt = 24;
const latBytesAt = 28;
const lngBytesAt = 29;
const isPlainAt = 30;
const hasIdAt = 31;
const idAt = 32;
const textsAt = idAt + placeIdDigits;

/** Records begin at multiples of this, so that four bytes can tell where one of many begins. */
const stepBytes = 8;
const chunkSteps = placesChunkBytes / stepBytes;

/** How deep `types` of a result are indented in an answer. */
const typesIndent = " ".repeat(9);

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** One place's record; the same object for every place, see {@linkcode PlaceRecords.at}. */
export interface PlaceRecord {
  /** What the bytes are in. */
  block: Block;
  /** Where its ID is, {@linkcode placeIdDigits} bytes, and behind it the texts in this order. */
  id: number;
  /** Where each text is. */
  lat: number;
  lng: number;
  name: number;
  types: number;
  vicinity: number;
  /** One past the last text. */
  end: number;
  /** Whether the log shows the texts as they are. */
  isPlain: boolean;
}

/** The places of a gazetteer, numbered in the order in which they were added. */
export class PlaceRecords {
  readonly #chunks: Block[] = [];
  /** Where the next record begins in the last chunk. */
  #end = placesChunkBytes;
  /** Where each record begins: the chunk, and the step in it. */
  #starts = new Uint32Array(1024);
  #size = 0;
  readonly #typesTexts = new Map<string, string>();
  readonly #record: PlaceRecord = {
    block: new Block(0),
    id: 0,
    lat: 0,
    lng: 0,
    name: 0,
    types: 0,
    vicinity: 0,
    end: 0,
    isPlain: true,
  };

  /** How many places there are. */
  get size(): number {
    return this.#size;
  }

  /** How many lists of types have their text kept, up to {@linkcode placesTypesKept}. */
  get typesKept(): number {
    return this.#typesTexts.size;
  }

  /** @param place copied */
  add(place: Place): void {
    const texts = this.#texts(place);
    const text = texts.join("");
    // A UTF-16 unit is at most three bytes of UTF-8.
    const { block, start } = this.#begin(textsAt + 3 * text.length);
    const { bytes, view } = block;
    const { written } = encoder.encodeInto(text, bytes.subarray(start + textsAt));
    const isAscii = written === text.length;
    const length = (at: number) => isAscii ? texts[at]!.length : utf8Bytes(texts[at]!);
    view.setFloat64(start + latitudeAt, place.latitude, true);
    view.setFloat64(start + longitudeAt, place.longitude, true);
    view.setUint32(start + nameBytesAt, length(2), true);
    view.setUint32(start + typesBytesAt, length(3), true);
    view.setUint32(start + vicinityBytesAt, length(4), true);
    bytes[start + latBytesAt] = texts[0]!.length;
    bytes[start + lngBytesAt] = texts[1]!.length;
    bytes[start + isPlainAt] = isShownAsItIs(text) ? 1 : 0;
    const end = start + textsAt + written;
    this.#end = end + (stepBytes - end % stepBytes) % stepBytes;
  }

  #texts({ name, latitude, longitude, types, vicinity }: Place): string[] {
    return [
      printStyleA(latitude),
      printStyleA(longitude),
      printStyleA(name),
      this.#typesText(types),
      printStyleA(vicinity),
    ];
  }

  #typesText(types: readonly string[]): string {
    const key = JSON.stringify(types);
    const kept = this.#typesTexts.get(key);
    if (kept !== undefined) return kept;
    const text = printStyleA(types, typesIndent);
    if (this.#typesTexts.size < placesTypesKept) this.#typesTexts.set(key, text);
    return text;
  }

  /** Takes the next number, and finds room. */
  #begin(bytes: number): { block: Block; start: number } {
    if (this.#end + bytes > placesChunkBytes) {
      this.#chunks.push(new Block(Math.max(placesChunkBytes, bytes)));
      this.#end = 0;
    }
    if (this.#size === this.#starts.length) {
      const starts = new Uint32Array(2 * this.#size);
      starts.set(this.#starts);
      this.#starts = starts;
    }
    const chunk = this.#chunks.length - 1;
    this.#starts[this.#size++] = chunk * chunkSteps + this.#end / stepBytes;
    return { block: this.#chunks[chunk]!, start: this.#end };
  }

  #block(number: number): Block {
    return this.#chunks[Math.floor(this.#starts[number]! / chunkSteps)]!;
  }

  #start(number: number): number {
    return this.#starts[number]! % chunkSteps * stepBytes;
  }

  /** @returns degrees north */
  latitude(number: number): number {
    return this.#block(number).view.getFloat64(this.#start(number) + latitudeAt, true);
  }

  /** @returns degrees east */
  longitude(number: number): number {
    return this.#block(number).view.getFloat64(this.#start(number) + longitudeAt, true);
  }

  /** @returns whether the place's ID was set */
  hasId(number: number): boolean {
    return this.#block(number).bytes[this.#start(number) + hasIdAt] === 1;
  }

  /** @param id {@linkcode placeIdDigits} characters */
  setId(number: number, id: string): void {
    const { bytes } = this.#block(number);
    const start = this.#start(number);
    encoder.encodeInto(id, bytes.subarray(start + idAt, start + textsAt));
    bytes[start + hasIdAt] = 1;
  }

  /** @returns the place's name */
  name(number: number): string {
    const { block, name, types } = this.at(number);
    return JSON.parse(decoder.decode(block.bytes.subarray(name, types)));
  }

  /** @returns what is known of a place; good until the next call */
  at(number: number): PlaceRecord {
    const record = this.#record;
    const block = this.#block(number);
    const start = this.#start(number);
    const { bytes, view } = block;
    record.block = block;
    record.id = start + idAt;
    record.lat = start + textsAt;
    record.lng = record.lat + bytes[start + latBytesAt]!;
    record.name = record.lng + bytes[start + lngBytesAt]!;
    record.types = record.name + view.getUint32(start + nameBytesAt, true);
    record.vicinity = record.types + view.getUint32(start + typesBytesAt, true);
    record.end = record.vicinity + view.getUint32(start + vicinityBytesAt, true);
    record.isPlain = bytes[start + isPlainAt] === 1;
    return record;
  }
}

/** @returns how many bytes of UTF-8 a text without lone surrogates is */
function utf8Bytes(text: string): number {
  let bytes = text.length;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    // Each half of a surrogate pair is two bytes of the character's four.
    if (unit >= 0x80) bytes += unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 1 : 2;
  }
  return bytes;
}
