/**
 * The reports in a file of records, whatever its format.
 *
 * @module
 */

import { fieldsOf, newline, space } from "../../protocol/ascii.ts";
import { joined } from "../../protocol/pending_bytes.ts";

/** What a file holds. */
export interface Reports {
  /** `IAMAT` lines, each with its newline. */
  readonly lines: readonly Uint8Array[];
  /** What is no record: where it is, and what would be right, a line each. */
  readonly faults: readonly string[];
}

const encoder = new TextEncoder();
const iamat = encoder.encode("IAMAT");
const lineEnd = Uint8Array.of(newline);
const gap = Uint8Array.of(space);

/**
 * @param bytes a file as `export` writes it: `AT` lines, a JSON object a line, or GeoJSON
 * @returns the reports that make the same records
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const file = new TextEncoder().encode('{"id":"kiwi","location":"+34-118","time":"5"}\n');
 * const { lines } = reportsIn(file);
 * assertEquals(lines.map((line) => new TextDecoder().decode(line)), ["IAMAT kiwi +34-118 5\n"]);
 * ```
 */
export function reportsIn(bytes: Uint8Array): Reports {
  const lines: Uint8Array[] = [];
  const faults: string[] = [];
  const add = (where: string, report: Uint8Array | string) => {
    if (typeof report === "string") faults.push(`${where}: ${report}`);
    else lines.push(report);
  };
  const collection = featuresIn(bytes);
  collection?.forEach((feature, at) => add(`features[${at}]`, featureReport(feature)));
  if (collection === null) {
    let number = 0;
    for (const line of linesOf(bytes)) {
      number++;
      if (fieldsOf(line, 1).length > 0) add(`line ${number}`, lineReport(line));
    }
  }
  return { lines, faults };
}

function* linesOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length;) {
    const found = bytes.indexOf(newline, start);
    const end = found < 0 ? bytes.length : found;
    yield bytes.subarray(start, end);
    start = end + 1;
  }
}

/** The features of a collection; null when the file is none. */
function featuresIn(bytes: Uint8Array): unknown[] | null {
  const isObject = fieldsOf(bytes.subarray(0, 64), 1)[0]?.[0] === 0x7b;
  if (!isObject) return null;
  const value = parsed(bytes);
  return isFields(value) && Array.isArray(value["features"]) ? value["features"] : null;
}

function lineReport(line: Uint8Array): Uint8Array | string {
  const fields = fieldsOf(line, 7);
  if (fields.length === 6 && isWord(fields[0]!, "AT")) return report(fields.slice(3));
  const value = parsed(line);
  if (isFields(value)) return fieldsReport(value["id"], value);
  return 'should be a record: an AT line, or an object with "id", "location", "time"';
}

function featureReport(feature: unknown): Uint8Array | string {
  const isFeature = isFields(feature) && isFields(feature["properties"]);
  return isFeature
    ? fieldsReport(feature["id"], feature["properties"] as Record<string, unknown>)
    : 'should be a feature with an "id", and "location" and "time" among its properties';
}

function fieldsReport(id: unknown, { location, time }: Record<string, unknown>) {
  for (const [key, value] of Object.entries({ id, location, time })) {
    if (typeof value === "string" && /^[^ \t\r\n\f\v]+$/.test(value)) continue;
    return `"${key}" should be a string without white space`;
  }
  return report([id, location, time].map((field) => encoder.encode(field as string)));
}

function report(fields: readonly Uint8Array[]): Uint8Array {
  return joined([iamat, ...fields.flatMap((field) => [gap, field]), lineEnd]);
}

function isWord(bytes: Uint8Array, word: string): boolean {
  return bytes.length === word.length &&
    bytes.every((byte, index) => byte === word.charCodeAt(index));
}

function isFields(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parsed(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}
