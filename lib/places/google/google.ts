/**
 * Places API (New), Nearby Search: `places:searchNearby`, answered in the shape of the legacy API.
 *
 * @module
 */

import { placesAnswer, troubleAnswer } from "../answer.ts";
import type { ApiKey } from "./api_key.ts";
import { type Dialect, type GoogleContext, GooglePlaces } from "./google_places.ts";
import { htmlAttributions, legacyResult } from "./google_result.ts";
import type { Places, Question } from "../places.ts";
import {
  isSuccess,
  jsonOf,
  messageOf,
  notPlaces,
  type Reply,
  statusOfHttp,
  type TroubleStatus,
  type Verdict,
} from "./reply.ts";
import { isObject, listOf, member, textOf } from "../untrusted.ts";

/** Where Google answers. */
export const googleEndpoint = "https://places.googleapis.com/v1/places:searchNearby";

/**
 * What is asked of a place. Google bills a call by the dearest field in it: all of these are of its
 * "Pro" tier.
 */
const fieldMask = [
  "id",
  "displayName",
  "location",
  "viewport",
  "types",
  "shortFormattedAddress",
  "formattedAddress",
  "businessStatus",
  "plusCode",
  "iconMaskBaseUri",
  "iconBackgroundColor",
  "photos",
  "attributions",
].map((field) => `places.${field}`).join(",");

/** How Google is asked. */
export interface GoogleOptions {
  /** The whole URL; {@linkcode googleEndpoint} when absent. */
  readonly endpoint?: string | undefined;
}

/**
 * Google as a source of places.
 *
 * @param key sent in a header, so that it is in no URL
 * @param options where, and what asking needs
 * @returns the source; it shows the key to nobody
 */
export function google(key: ApiKey, options: GoogleOptions & GoogleContext): Places {
  return new GooglePlaces(new GoogleDialect(key, options), options);
}

class GoogleDialect implements Dialect {
  readonly provider = "google";
  readonly key: ApiKey;
  readonly #endpoint: string;

  constructor(key: ApiKey, options: GoogleOptions) {
    this.key = key;
    this.#endpoint = options.endpoint ?? googleEndpoint;
  }

  request(question: Question) {
    const { latitude, longitude, radiusM, bound } = question;
    const body = {
      maxResultCount: bound,
      locationRestriction: { circle: { center: { latitude, longitude }, radius: radiusM } },
    };
    return {
      url: this.#endpoint,
      init: {
        method: "POST",
        headers: {
          "Content-Type": "application/json",
          "X-Goog-Api-Key": this.key.reveal(),
          "X-Goog-FieldMask": fieldMask,
        },
        body: JSON.stringify(body),
      },
    };
  }

  read(reply: Reply, question: Question): Verdict {
    const json = jsonOf(reply.body, this.key);
    if (!isSuccess(reply.httpStatus)) return httpTrouble(reply.httpStatus, json?.value);
    // An answer without places has no member of that name: it is `{}`.
    const places = isObject(json?.value) ? json.value["places"] ?? [] : undefined;
    if (!Array.isArray(places)) return notPlaces();
    const kept = places.filter(isObject).slice(0, question.bound);
    return {
      answer: placesAnswer(kept.map(legacyResult), htmlAttributions(kept)),
      isTransient: false,
    };
  }
}

function httpTrouble(httpStatus: number, body: unknown): Verdict {
  const error = errorOf(body);
  const message = messageOf(member(body, "error", "message"), httpStatus);
  const words = [`HTTP ${httpStatus}`, error.status, error.reason].filter((word) => word);
  return {
    answer: troubleAnswer(statusOf(httpStatus, error), {
      message,
      trouble: `${words.join(" ")}: ${message}`,
    }),
    isTransient: httpStatus >= 500 || (httpStatus === 429 && error.quotaIsBrief),
  };
}

interface GoogleError {
  /** One of the canonical codes of google.rpc.Code. */
  readonly status: string | undefined;
  /** `reason` of google.rpc.ErrorInfo. */
  readonly reason: string | undefined;
  /** Whether the exhausted quota is that of a minute or less. */
  readonly quotaIsBrief: boolean;
}

function errorOf(body: unknown): GoogleError {
  const details = listOf(member(body, "error", "details"));
  const info = details.find((detail) => textOf(member(detail, "reason")) !== undefined);
  return {
    status: textOf(member(body, "error", "status")),
    reason: textOf(member(info, "reason")),
    quotaIsBrief: isBriefQuota(member(info, "metadata")),
  };
}

/** The reason is the most precise, then the status, then HTTP; the text may change any day. */
function statusOf(httpStatus: number, error: GoogleError): TroubleStatus {
  return statusOfReason(error.reason) ?? statusOfCode(error.status) ?? statusOfHttp(httpStatus);
}

function statusOfReason(reason: string | undefined): TroubleStatus | undefined {
  if (reason === undefined) return undefined;
  if (reason === "RATE_LIMIT_EXCEEDED") return "OVER_QUERY_LIMIT";
  // API_KEY_INVALID comes with the status INVALID_ARGUMENT, as a wrong question does.
  const aboutAccess = /^(API_KEY_|SERVICE_DISABLED$|BILLING_DISABLED$)/;
  return aboutAccess.test(reason) ? "REQUEST_DENIED" : undefined;
}

function statusOfCode(code: string | undefined): TroubleStatus | undefined {
  switch (code) {
    case "INVALID_ARGUMENT":
      return "INVALID_REQUEST";
    case "PERMISSION_DENIED":
    case "UNAUTHENTICATED":
      return "REQUEST_DENIED";
    case "RESOURCE_EXHAUSTED":
      return "OVER_QUERY_LIMIT";
    case "INTERNAL":
    case "UNAVAILABLE":
    case "DEADLINE_EXCEEDED":
      return "UNKNOWN_ERROR";
    default:
      return undefined;
  }
}

/** `SearchNearbyRequestPerMinutePerProject` and `1/min/{project}` are, `…PerDay…` is not. */
function isBriefQuota(metadata: unknown): boolean {
  const limit = textOf(member(metadata, "quota_limit")) ?? "";
  const unit = textOf(member(metadata, "quota_unit")) ?? "";
  return /Per(Minute|Second)/.test(limit) || /^1\/(min|s)\b/.test(unit);
}
