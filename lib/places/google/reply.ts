/**
 * What came from Google over HTTP, and what both of its APIs have in common there.
 *
 * @module
 */

import { placesMessageCharactersMax } from "../../limits.ts";
import { troubleAnswer } from "../answer.ts";
import type { ApiKey } from "./api_key.ts";
import type { Answer, Status } from "../places.ts";
import { textOf } from "../untrusted.ts";

/** An HTTP response, its body whole. */
export interface Reply {
  readonly httpStatus: number;
  readonly body: Uint8Array;
}

/** The outcome of a call. */
export interface Verdict {
  readonly answer: Answer;
  /** Whether the same call may succeed a moment later. */
  readonly isTransient: boolean;
}

/** Any of Google's words for trouble. */
export type TroubleStatus = Exclude<Status, "OK" | "ZERO_RESULTS">;

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const byteOrderMark = "\uFEFF";

/**
 * Reads a body as JSON, strictly: UTF-8 throughout, and JSON as RFC 8259 has it. A byte order mark
 * may come first, and is part of the text.
 *
 * @param body the bytes
 * @param key taken out of the text before that is parsed
 * @returns the text, which encodes to the same bytes again when the key was not in them, and the
 * value; undefined when it is no JSON
 */
export function jsonOf(
  body: Uint8Array,
  key: ApiKey,
): { text: string; value: unknown } | undefined {
  try {
    const text = key.redact(decoder.decode(body));
    return { text, value: JSON.parse(text.startsWith(byteOrderMark) ? text.slice(1) : text) };
  } catch {
    return undefined;
  }
}

/** @returns whether an HTTP status is one of success */
export function isSuccess(httpStatus: number): boolean {
  return httpStatus >= 200 && httpStatus < 300;
}

/**
 * Google's word for an HTTP status, as its own JavaScript client has it.
 *
 * @param httpStatus a status other than success
 */
export function statusOfHttp(httpStatus: number): TroubleStatus {
  switch (httpStatus) {
    case 400:
      return "INVALID_REQUEST";
    case 401:
    case 403:
      return "REQUEST_DENIED";
    case 429:
      return "OVER_QUERY_LIMIT";
    default:
      return "UNKNOWN_ERROR";
  }
}

/**
 * The verdict on a call that gave no usable reply.
 *
 * @param message for the client
 * @param options.trouble for the log; the message when absent
 * @param options.isTransient whether a second try may succeed
 */
export function unknownError(
  message: string,
  options: { trouble?: string; isTransient: boolean },
): Verdict {
  const { trouble = message, isTransient } = options;
  return { answer: troubleAnswer("UNKNOWN_ERROR", { message, trouble }), isTransient };
}

/**
 * What Google says went wrong.
 *
 * @param value what the body has where the message belongs
 * @param httpStatus says it, too, when that is no text
 * @returns a text of at most {@linkcode placesMessageCharactersMax} characters
 */
export function messageOf(value: unknown, httpStatus: number): string {
  return textOf(value)?.slice(0, placesMessageCharactersMax) ??
    `Google Places answered HTTP ${httpStatus}.`;
}

/** The verdict on a body that is not JSON, or not the JSON that a Places API sends. */
export function notPlaces(): Verdict {
  return unknownError("Google Places answered with something that is not its JSON.", {
    isTransient: true,
  });
}
