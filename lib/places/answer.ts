/**
 * Answers that the herd makes itself: in the shape of Google's legacy Nearby Search, printed as
 * Google prints it (Places API, Legacy: "Nearby Search response").
 *
 * @module
 */

import { Block, copyWords } from "../block.ts";
import { escapedBytes, escapeTo } from "../log/escape.ts";
import type { Answer, AnswerAtHand, Status } from "./places.ts";
import { type Json, printStyleA } from "./style_a.ts";

/** One entry of `results`. */
export type Result = { readonly [key: string]: Json | undefined };

/** Why there is no answer. */
export interface Trouble {
  /** The `error_message` for the client. */
  readonly message: string;
  /** The same for the log, with whatever helps the operator. The key is in neither. */
  readonly trouble: string;
}

const encoder = new TextEncoder();

/**
 * The answer with these places; `ZERO_RESULTS` when there are none.
 *
 * @param results the places, in the order in which the client gets them
 * @param attributions what Google wants shown with them, as HTML
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * assertEquals(
 *   new TextDecoder().decode(placesAnswer([]).json),
 *   `{
 *    "html_attributions" : [],
 *    "results" : [],
 *    "status" : "ZERO_RESULTS"
 * }`,
 * );
 * ```
 */
export function placesAnswer(
  results: readonly Result[],
  attributions: readonly string[] = [],
): Answer {
  const status = results.length === 0 ? "ZERO_RESULTS" : "OK";
  return {
    status,
    count: results.length,
    json: print({ html_attributions: attributions, results, status }),
  };
}

/** The answer that there are no places, without asking anybody. */
export const noPlaces: AnswerAtHand = atHand(placesAnswer([]).json);

function atHand(json: Uint8Array): AnswerAtHand {
  const text = Block.of(json);
  const shown = new Block(json.length * escapedBytes);
  const shownBytes = escapeTo(json, 0, json.length, shown, 0);
  return {
    bytes: text.size,
    shownBytesMax: shownBytes,
    writeTo: (target, at) => copyWords(text.view, 0, text.size, target.view, at),
    writeShownTo: (target, at) => copyWords(shown.view, 0, shownBytes, target.view, at),
  };
}

/**
 * The answer that says why there is none.
 *
 * @param status Google's word for what went wrong
 * @param reason what went wrong, in words
 */
export function troubleAnswer(
  status: Exclude<Status, "OK" | "ZERO_RESULTS">,
  reason: Trouble,
): Answer {
  const json = print({
    error_message: reason.message,
    html_attributions: [],
    results: [],
    status,
  });
  return { status, count: 0, json, trouble: reason.trouble };
}

function print(value: Json): Uint8Array {
  return encoder.encode(printStyleA(value));
}
