/**
 * What Google's Nearby Search APIs reply, when they do well and when they do not.
 *
 * @module
 */

/** How the stand-in answers. */
export type Behaviour =
  /** Places, in Google's older print of the legacy API ("style A"). */
  | "normal"
  /** The same in its newer print ("style B"), with newlines doubled and some at the end. */
  | "style b"
  /** No places. */
  | "zero"
  /** Places, but late. */
  | "slow"
  /** Never: the connection stays open until the caller or the stand-in closes it. */
  | "silent"
  /** HTTP 500. */
  | "500"
  /** HTTP 403. */
  | "403"
  /** The minute's quota is used up. */
  | "429 minute"
  /** The day's quota is used up. */
  | "429 day"
  /** The key is wrong. */
  | "denied"
  /** The key is wrong, and the message quotes it, plain and percent-encoded. */
  | "key echo"
  /** HTTP 302 to another path of the stand-in. */
  | "redirect"
  /** The connection breaks in the middle of the body. */
  | "reset"
  /** HTTP 200, and a page of HTML. */
  | "not json"
  /** HTTP 200, and JSON with a byte that no UTF-8 has. */
  | "not utf-8"
  /** HTTP 200, and JSON of 8 MiB. */
  | "huge";

/** What the stand-in was asked. */
export interface Asked {
  readonly api: "new" | "legacy";
  readonly method: string;
  readonly url: URL;
  readonly headers: Headers;
  readonly body: string;
  /** The key that came with it. */
  readonly key: string;
}

/** How the places of an answer are. */
export interface Settings {
  /** How many places there are; 20 when absent. */
  readonly places?: number;
  /** How late a slow answer is, in milliseconds; 200 when absent. */
  readonly delayMs?: number;
}

/** A behaviour with its settings. */
export interface Plan extends Settings {
  readonly behaviour: Behaviour;
}

const hugeBytes = 8 * 1024 * 1024;

/** What both APIs do alike when they do not do well, or nothing. */
function badResponse({ behaviour }: Plan): Response | undefined {
  switch (behaviour) {
    case "redirect":
      return new Response(null, { status: 302, headers: { location: "/elsewhere" } });
    case "reset":
      return new Response(brokenBody());
    case "not json":
      return new Response("<!doctype html><title>Sign in to the network</title>");
    case "not utf-8":
      return json(Uint8Array.of(0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d));
    case "huge":
      return json(`{"places":[],"results":[],"status":"OK","padding":"${"x".repeat(hugeBytes)}"}`);
    default:
      return undefined;
  }
}

function brokenBody(): ReadableStream<Uint8Array> {
  const pieces = [new TextEncoder().encode('{\n   "html_attributions" : [],\n   "resu')];
  return new ReadableStream({
    pull(controller) {
      const piece = pieces.shift();
      if (piece) controller.enqueue(piece);
      else controller.error(new Error("the connection breaks here"));
    },
  });
}

/** A reply of Places API (New). */
export function newResponse(plan: Plan, asked: Asked): Response {
  const error = (code: number, status: string, rest: { message: string; info?: unknown }) => {
    const { message, info } = rest;
    const details = info === undefined ? [] : [{
      "@type": "type.googleapis.com/google.rpc.ErrorInfo",
      domain: "googleapis.com",
      ...info,
    }];
    return json(JSON.stringify({ error: { code, message, status, details } }, null, 2), code);
  };
  switch (plan.behaviour) {
    case "zero":
      return json("{}\n");
    case "500":
      return error(500, "INTERNAL", { message: "Internal error encountered." });
    case "403":
      return error(403, "PERMISSION_DENIED", {
        message: "Places API (New) has not been used in project 1 before or it is disabled.",
        info: { reason: "SERVICE_DISABLED", metadata: { service: "places.googleapis.com" } },
      });
    case "429 minute":
    case "429 day": {
      const per = plan.behaviour === "429 day" ? "Day" : "Minute";
      return error(429, "RESOURCE_EXHAUSTED", {
        message: `Quota exceeded for 'SearchNearbyRequest per ${per.toLowerCase()}'.`,
        info: {
          reason: "RATE_LIMIT_EXCEEDED",
          metadata: { quota_limit: `SearchNearbyRequestPer${per}PerProject` },
        },
      });
    }
    case "denied":
    case "key echo": {
      const echo = plan.behaviour === "key echo" ? echoOf(asked.key) : "";
      return error(400, "INVALID_ARGUMENT", {
        message: `API key not valid. Please pass a valid API key.${echo}`,
        info: { reason: "API_KEY_INVALID" },
      });
    }
    default:
      return badResponse(plan) ?? newPlaces(plan, asked);
  }
}

function newPlaces(plan: Plan, asked: Asked): Response {
  const { maxResultCount = 20 } = JSON.parse(asked.body) as { maxResultCount?: number };
  const count = Math.min(plan.places ?? 20, maxResultCount);
  const places = Array.from({ length: count }, (_, index) => ({
    id: `ChIJ-stand-in-${index}`,
    types: ["restaurant", "food", "point_of_interest", "establishment"],
    location: { latitude: 34.0689 + index / 1000, longitude: -118.4452 },
    displayName: { text: nameOf(index), languageCode: "en" },
    shortFormattedAddress: `${index} Westwood Plaza, Los Angeles`,
  }));
  return json(JSON.stringify(places.length === 0 ? {} : { places }, null, 2));
}

/** A reply of Places API (Legacy). */
export function legacyResponse(plan: Plan, asked: Asked): Response {
  const trouble = (status: string, message?: string) => {
    const members = message === undefined
      ? ""
      : `   "error_message" : ${JSON.stringify(message)},\n`;
    const rest = `   "html_attributions" : [],\n   "results" : [],\n   "status" : "${status}"\n`;
    return json(`{\n${members}${rest}}\n`);
  };
  switch (plan.behaviour) {
    case "zero":
      return trouble("ZERO_RESULTS");
    case "500":
      return new Response("<h1>500</h1>", { status: 500 });
    case "403":
      return new Response("<h1>403</h1>", { status: 403 });
    case "429 minute":
    case "429 day":
      return trouble("OVER_QUERY_LIMIT", "You have exceeded your quota for this API.");
    case "denied":
      return trouble("REQUEST_DENIED", "The provided API key is invalid.");
    case "key echo":
      return trouble("REQUEST_DENIED", `The provided API key is invalid.${echoOf(asked.key)}`);
    default:
      return badResponse(plan) ?? json(legacyText(plan));
  }
}

/**
 * The text of a legacy answer.
 *
 * @param plan.places how many places; 20 when absent
 * @param plan.behaviour `style b` for the newer print with newlines doubled, else the older one
 */
export function legacyText(plan: Settings & { readonly behaviour?: Behaviour }): string {
  const places = Array.from({ length: plan.places ?? 20 }, (_, index) => legacyPlace(index));
  const [next] = places.length === 20
    ? [`   "next_page_token" : "Aap_uEA7vb0DDYVJWEaX3O",\n`]
    : [""];
  const results = places.length === 0 ? "[]" : `[\n${places.join(",\n")}\n   ]`;
  const text =
    `{\n   "html_attributions" : [],\n${next}   "results" : ${results},\n   "status" : "${
      places.length === 0 ? "ZERO_RESULTS" : "OK"
    }"\n}\n`;
  if (plan.behaviour !== "style b") return text;
  return `${text.replace(/ : \[\n/g, " : \n   [\n").replaceAll("\n", "\n\n")}\n`;
}

function legacyPlace(index: number): string {
  return `      {
         "geometry" : {
            "location" : {
               "lat" : ${34.0689 + index / 1000},
               "lng" : -118.4452000
            }
         },
         "name" : ${JSON.stringify(nameOf(index))},
         "photos" : [
            {
               "height" : 1200,
               "html_attributions" : [
                  "\\u003ca href=\\"https://maps.google.com/maps/contrib/1\\"\\u003eA\\u003c/a\\u003e"
               ],
               "width" : 1600
            }
         ],
         "place_id" : "ChIJ-stand-in-${index}",
         "rating" : 4.${index % 10},
         "types" : [ "restaurant", "food", "point_of_interest", "establishment" ],
         "vicinity" : "${index} Westwood Plaza, Los Angeles"
      }`;
}

/** Names with what text may hold: another script, quotes, brackets. */
function nameOf(index: number): string {
  return index % 5 === 0 ? `Café “${index}” [}] 東京` : `Place ${index}`;
}

function echoOf(key: string): string {
  const encoded = [...key].map((character) =>
    `%${character.charCodeAt(0).toString(16).padStart(2, "0")}`
  );
  return ` Key: ${key}, in a URL: ?key=${encodeURIComponent(key)}&again=${encoded.join("")}`;
}

function json(body: string | Uint8Array<ArrayBuffer>, status = 200): Response {
  const headers = { "content-type": "application/json; charset=UTF-8" };
  return new Response(body, { status, headers });
}
