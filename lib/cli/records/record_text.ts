/**
 * Records as text for people and other programs: as an `AT` line, as a JSON object, or as a point of
 * GeoJSON. Location and time are kept digit by digit in each.
 *
 * @module
 */

import { fieldsOf, newline, textOf } from "../../protocol/ascii.ts";
import { parseLocation } from "../../protocol/iso6709.ts";
import { joined } from "../../protocol/pending_bytes.ts";
import type { RecordFormat } from "../commands.ts";

/** What stands before, between and behind the records of a file. */
export const frames: Readonly<Record<RecordFormat, { first: string; next: string; end: string }>> =
  {
    at: { first: "", next: "", end: "" },
    ndjson: { first: "", next: "", end: "" },
    geojson: { first: '{"type":"FeatureCollection","features":[\n', next: ",", end: "]}\n" },
  };

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const lineEnd = Uint8Array.of(newline);
const encoder = new TextEncoder();

/**
 * @param line an `AT` line, with its newline or without
 * @param format how it is to be written
 * @returns the record with a newline; null when JSON cannot hold its ID, which is not UTF-8
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const line = new TextEncoder().encode("AT Clark +0.5 kiwi +34.068930-118.445127 1621464827\n");
 * assertEquals(
 *   new TextDecoder().decode(recordText(line, "ndjson")!),
 *   '{"id":"kiwi","location":"+34.068930-118.445127","time":"1621464827","server":"Clark",' +
 *     '"latitude":34.06893,"longitude":-118.445127}\n',
 * );
 * ```
 */
export function recordText(line: Uint8Array, format: RecordFormat): Uint8Array | null {
  if (format === "at") return line.at(-1) === newline ? line : joined([line, lineEnd]);
  const [, server, , idBytes, locationBytes, timeBytes] = fieldsOf(line, 6);
  const id = decoded(idBytes!);
  if (id === null) return null;
  const location = textOf(locationBytes!);
  const { latitude, longitude } = parseLocation(location);
  const properties = { location, time: textOf(timeBytes!), server: decoded(server!) };
  const value = format === "ndjson" ? { id, ...properties, latitude, longitude } : {
    type: "Feature",
    id,
    geometry: { type: "Point", coordinates: [longitude, latitude] },
    properties,
  };
  return encoder.encode(`${JSON.stringify(value)}\n`);
}

/** @returns the text, or null when the bytes are not UTF-8 */
function decoded(bytes: Uint8Array): string | null {
  try {
    return utf8.decode(bytes);
  } catch {
    return null;
  }
}
