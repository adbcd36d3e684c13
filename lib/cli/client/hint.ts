/**
 * Why a server refuses a line, for people who type: the server's own answer is `?` and the line.
 *
 * @module
 */

import { boundMax, fieldBytesMax, idBytesMax, radiusKmMax } from "../../limits.ts";
import { bytesOf, fieldsOf, textOf } from "../../protocol/ascii.ts";
import { parseWhatsat } from "../../protocol/command.ts";
import { scanLocation } from "../../protocol/iso6709.ts";
import { nearestName } from "../../topology/nearest_name.ts";

/** What a line looks like, for messages. */
export const examples = {
  IAMAT: "IAMAT kiwi +34.068930-118.445127 now",
  WHATSAT: "WHATSAT kiwi 10 5",
} as const;

/**
 * @param line a line that a server answered with `?`, without that and without its end
 * @returns what would be right, in one line
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const line = new TextEncoder().encode("WHATSAT kiwi 10 21");
 * assertEquals(hintFor(line), "BOUND is 0 to 20, a whole number");
 * ```
 */
export function hintFor(line: Uint8Array): string {
  const [word = "", ...fields] = fieldsOf(line, 6).map(textOf);
  if (word === "IAMAT") return iamatHint(fields);
  if (word === "WHATSAT") return whatsatHint(line, fields);
  const commands = Object.keys(examples);
  const capitals = commands.find((command) => command === word.toUpperCase());
  if (capitals !== undefined) return `${capitals} is written in capitals`;
  const nearest = nearestName(word, [...commands, "help", "quit", "connect"]);
  if (nearest !== undefined) return `did you mean ${nearest}?`;
  return "a line begins with IAMAT or WHATSAT; help shows examples";
}

function iamatHint(fields: readonly string[]): string {
  const [id = "", location = "", time = ""] = fields;
  if (fields.length === 4 && isLocation(location + time)) {
    return "LOCATION is one word: latitude and longitude have nothing between them";
  }
  if (fields.length !== 3) return `IAMAT takes ID LOCATION TIME, as in ${examples.IAMAT}`;
  return idHint(id) ?? locationHint(location) ?? timeHint(time);
}

function whatsatHint(line: Uint8Array, fields: readonly string[]): string {
  const [id = "", radius = ""] = fields;
  if (fields.length !== 3) return `WHATSAT takes ID RADIUS BOUND, as in ${examples.WHATSAT}`;
  if (parseWhatsat(line) !== null) return `no such client: nobody has reported ${id}`;
  if (parseWhatsat(bytesOf(`WHATSAT x ${radius} 0`)) === null) {
    return `RADIUS is 0 to ${radiusKmMax}, in kilometres`;
  }
  return idHint(id) ?? `BOUND is 0 to ${boundMax}, a whole number`;
}

function idHint(id: string): string | null {
  return id.length > idBytesMax ? `ID has at most ${idBytesMax} bytes` : null;
}

function locationHint(location: string): string | null {
  if (location.length > fieldBytesMax) return `LOCATION has at most ${fieldBytesMax} bytes`;
  if (isLocation(location)) return null;
  const [, latitude, longitude] = /^([+-]\d+(?:\.\d*)?)([+-]\d+(?:\.\d*)?)$/.exec(location) ?? [];
  if (Math.abs(Number(latitude)) > 90) return "the latitude, which comes first, is -90 to +90";
  if (Math.abs(Number(longitude)) > 180) return "the longitude is -180 to +180";
  return "LOCATION should look like +34.068930-118.445127: latitude, then longitude, each signed";
}

function isLocation(text: string): boolean {
  const bytes = bytesOf(`${text} `);
  return scanLocation(bytes, 0) === text.length;
}

/** A time that looks right was refused since it is too far ahead of the server's clock. */
function timeHint(time: string): string {
  if (time.length > fieldBytesMax) return `TIME has at most ${fieldBytesMax} bytes`;
  const isTime = /^\d+(?:\.\d+)?$/.test(time);
  return isTime
    ? "TIME is further ahead of the server's clock than it allows; is it in milliseconds?"
    : "TIME should be seconds since 1970, such as 1621464827.959498503, or now";
}
