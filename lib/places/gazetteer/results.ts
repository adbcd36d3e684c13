/**
 * Places that were found as an answer in the shape of Google's legacy Nearby Search, printed as Google
 * prints it. What a place looks like in an answer is made when it is first found, and kept within a
 * bound: an answer is a copy of such pieces.
 *
 * @module
 */

import { Block, copyWords } from "../../block.ts";
import { placesReadyBytesMax } from "../../limits.ts";
import { escapedBytes, escapeTo } from "../../log/escape.ts";
import type { AnswerAtHand } from "../places.ts";
import { placeIdDigits } from "./place_id.ts";
import type { PlaceTable } from "./place_table.ts";

/** What is the same in every answer. */
interface Frame {
  readonly head: Uint8Array;
  /** Before each text of a place, and behind the last. */
  readonly lat: Block;
  readonly lng: Block;
  readonly name: Block;
  readonly id: Block;
  readonly types: Block;
  readonly vicinity: Block;
  readonly end: Block;
  /** Between two places: how many bytes of `end` the last one does without. */
  readonly commaBytes: number;
  readonly foot: Uint8Array;
}

/** The frame on the wire, and as the log shows it. */
const wire = frame((bytes) => bytes);
const shown = frame(shownBytes);

function frame(form: (bytes: Uint8Array) => Uint8Array): Frame {
  const encoder = new TextEncoder();
  const bytes = (text: string) => form(encoder.encode(text));
  const block = (text: string) => Block.of(bytes(text));
  return {
    head: bytes('{\n   "html_attributions" : [],\n   "results" : [\n'),
    lat: block(
      '      {\n         "geometry" : {\n            "location" : {\n               "lat" : ',
    ),
    lng: block(',\n               "lng" : '),
    name: block('\n            }\n         },\n         "name" : '),
    id: block(',\n         "place_id" : "herd.'),
    types: block('",\n         "types" : '),
    vicinity: block(',\n         "vicinity" : '),
    end: block("\n      },\n"),
    commaBytes: bytes(",\n").length,
    foot: bytes('\n   ],\n   "status" : "OK"\n}'),
  };
}

function shownBytes(bytes: Uint8Array): Uint8Array {
  const target = new Block(bytes.length * escapedBytes);
  return target.bytes.slice(0, escapeTo(bytes, 0, bytes.length, target, 0));
}

/** A place as it is copied into answers, on the wire and in the log, a comma behind it. */
interface Piece {
  readonly wire: Uint8Array;
  readonly shown: Uint8Array;
}

/** What a piece costs beside its bytes: two blocks and their place in a map. */
const pieceBytes = 600;

/** The places that a table found last, as an answer. One object for all questions. */
export class Results implements AnswerAtHand {
  readonly #table: PlaceTable;
  /** How many there are. */
  count = 0;
  bytes = 0;
  shownBytesMax = 0;
  /** The pieces of the answer. */
  readonly #pieces: Piece[] = [];
  /** The pieces made so far, by the numbers of their places. */
  readonly #ready = new Map<number, Piece>();
  /** About how many bytes the pieces take, up to {@linkcode placesReadyBytesMax}. */
  readyBytes = 0;

  /** @param table is asked before */
  constructor(table: PlaceTable) {
    this.#table = table;
  }

  /**
   * @param count how many places the table found, at least one
   * @returns the answer, good until the table is asked again
   */
  of(count: number): this {
    this.count = count;
    this.bytes = wire.head.length - wire.commaBytes + wire.foot.length;
    this.shownBytesMax = shown.head.length - shown.commaBytes + shown.foot.length;
    for (let at = 0; at < count; at++) {
      const number = this.#table.found(at);
      const piece = this.#ready.get(number) ?? this.#make(number);
      this.#pieces[at] = piece;
      this.bytes += piece.wire.length;
      this.shownBytesMax += piece.shown.length;
    }
    return this;
  }

  writeTo({ bytes }: Block, at: number): number {
    bytes.set(wire.head, at);
    at += wire.head.length;
    for (let place = 0; place < this.count; place++) {
      const piece = this.#pieces[place]!.wire;
      bytes.set(piece, at);
      at += piece.length;
    }
    at -= wire.commaBytes;
    bytes.set(wire.foot, at);
    return at + wire.foot.length;
  }

  writeShownTo({ bytes }: Block, at: number): number {
    bytes.set(shown.head, at);
    at += shown.head.length;
    for (let place = 0; place < this.count; place++) {
      const piece = this.#pieces[place]!.shown;
      bytes.set(piece, at);
      at += piece.length;
    }
    at -= shown.commaBytes;
    bytes.set(shown.foot, at);
    return at + shown.foot.length;
  }

  #make(number: number): Piece {
    const wireBytes = this.#write(number, wire);
    const { isPlain } = this.#table.record(number);
    const piece = {
      wire: wireBytes,
      shown: isPlain ? this.#write(number, shown) : shownBytes(wireBytes),
    };
    const bytes = piece.wire.length + piece.shown.length + pieceBytes;
    if (this.readyBytes + bytes > placesReadyBytesMax) {
      this.#ready.clear();
      this.readyBytes = 0;
    }
    if (bytes > placesReadyBytesMax) return piece;
    this.#ready.set(number, piece);
    this.readyBytes += bytes;
    return piece;
  }

  /** @returns the place in the frame; its texts need no escape */
  #write(number: number, frame: Frame): Uint8Array {
    const { block, id, lat, lng, name, types, vicinity, end } = this.#table.record(number);
    const idEnd = id + placeIdDigits;
    const parts: readonly [Block, from: number, to: number][] = [
      [frame.lat, lat, lng],
      [frame.lng, lng, name],
      [frame.name, name, types],
      [frame.id, id, idEnd],
      [frame.types, types, vicinity],
      [frame.vicinity, vicinity, end],
    ];
    const size = parts.reduce((sum, [before, from, to]) => sum + before.size + to - from, 0);
    const target = new Block(size + frame.end.size);
    let at = 0;
    for (const [before, from, to] of parts) {
      at = copyWords(before.view, 0, before.size, target.view, at);
      at = copyWords(block.view, from, to, target.view, at);
    }
    copyWords(frame.end.view, 0, frame.end.size, target.view, at);
    return target.bytes;
  }
}
