/**
 * Places API (Legacy), Nearby Search. What the client gets are Google's own bytes, cut and folded.
 *
 * @module
 */

import { troubleAnswer } from "../answer.ts";
import type { ApiKey } from "./api_key.ts";
import { type Dialect, type GoogleContext, GooglePlaces } from "./google_places.ts";
import { cutResults, foldNewlines } from "./legacy_text.ts";
import type { Answer, Places, Question, Status } from "../places.ts";
import {
  isSuccess,
  jsonOf,
  messageOf,
  notPlaces,
  type Reply,
  statusOfHttp,
  type Verdict,
} from "./reply.ts";
import { member, textOf } from "../untrusted.ts";

/** Where Google answers. */
export const googleLegacyEndpoint = "https://maps.googleapis.com/maps/api/place/nearbysearch/json";

const encoder = new TextEncoder();

/** How Google is asked. */
export interface GoogleLegacyOptions {
  /** The whole URL but for the question; {@linkcode googleLegacyEndpoint} when absent. */
  readonly endpoint?: string | undefined;
}

/**
 * Google's legacy API as a source of places.
 *
 * @param key sent in the URL, as this API wants it; the URL is neither logged nor part of an answer
 * @param options where, and what asking needs
 * @returns the source; it shows the key to nobody
 */
export function googleLegacy(key: ApiKey, options: GoogleLegacyOptions & GoogleContext): Places {
  return new GooglePlaces(new GoogleLegacyDialect(key, options), options);
}

class GoogleLegacyDialect implements Dialect {
  readonly provider = "google-legacy";
  readonly key: ApiKey;
  readonly #endpoint: string;

  constructor(key: ApiKey, options: GoogleLegacyOptions) {
    this.key = key;
    this.#endpoint = options.endpoint ?? googleLegacyEndpoint;
  }

  request(question: Question) {
    const url = new URL(this.#endpoint);
    const location = `${decimal(question.latitude)},${decimal(question.longitude)}`;
    url.searchParams.set("location", location);
    url.searchParams.set("radius", decimal(question.radiusM));
    url.searchParams.set("key", this.key.reveal());
    return { url: url.href, init: { method: "GET" } };
  }

  read(reply: Reply, question: Question): Verdict {
    const { httpStatus } = reply;
    const json = jsonOf(reply.body, this.key);
    if (!isSuccess(httpStatus)) return httpTrouble(httpStatus, json?.value);
    const word = textOf(member(json?.value, "status"));
    if (!json || !word || !Array.isArray(member(json.value, "results"))) return notPlaces();
    const cut = cutResults(json.text, question.bound);
    const answer = {
      status: statusOf(word),
      count: cut.count,
      json: encoder.encode(foldNewlines(cut.text)),
    };
    return verdict(answer, `${word} ${textOf(member(json.value, "error_message")) ?? ""}`.trim());
  }
}

function httpTrouble(httpStatus: number, body: unknown): Verdict {
  const message = messageOf(member(body, "error_message"), httpStatus);
  const trouble = `HTTP ${httpStatus}: ${message}`;
  return {
    answer: troubleAnswer(statusOfHttp(httpStatus), { message, trouble }),
    isTransient: httpStatus >= 500,
  };
}

/** Trouble that has Google's own answer is passed on as it is, and told to the log. */
function verdict(answer: Answer, trouble: string): Verdict {
  if (answer.status === "OK" || answer.status === "ZERO_RESULTS") {
    return { answer, isTransient: false };
  }
  // OVER_QUERY_LIMIT does not say whether the day's quota is used up or the minute's.
  return { answer: { ...answer, trouble }, isTransient: answer.status === "UNKNOWN_ERROR" };
}

function statusOf(word: string): Status {
  switch (word) {
    case "OK":
    case "ZERO_RESULTS":
    case "INVALID_REQUEST":
    case "OVER_QUERY_LIMIT":
    case "REQUEST_DENIED":
      return word;
    case "OVER_DAILY_LIMIT":
      return "OVER_QUERY_LIMIT";
    default:
      return "UNKNOWN_ERROR";
  }
}

/** A number without an exponent, which a query string of 0.0000001 would otherwise have. */
function decimal(number: number): string {
  const text = number.toFixed(9).replace(/\.?0+$/, "");
  return text === "-0" ? "0" : text;
}
