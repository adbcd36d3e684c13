/**
 * What herd.json says: which servers there are, where, who is linked with whom, and where places
 * come from. Text in, a herd or errors out: nothing here reads a file.
 *
 * @module
 */

import { shownValueMax } from "../limits.ts";
import { ConfigurationError } from "./configuration_error.ts";
import { clockAheadS } from "../limits.ts";
import { checkHerd, type Problem } from "./herd_checks.ts";
import { durationSeconds } from "./duration.ts";
import { herdSchema, keySeparator } from "./herd_schema.ts";
import { duplicateNames, type JsonPath, JsonTextError } from "./json_text.ts";
import { type Link, Topology } from "./topology.ts";

/** TLS on a port of its own. */
export interface TlsEntry {
  /** The certificate's file, those between it and its authority behind it; PEM. */
  readonly cert: string;
  /** The private key's file; PEM. */
  readonly key: string;
  readonly port: number;
}

/** One server. */
export interface ServerEntry {
  readonly name: string;
  /** What others dial: a host name or an IP address. */
  readonly host: string;
  readonly port: number;
  /** What it listens on when that is not `host`. */
  readonly bind?: string;
  /** Where it serves clients and links over TLS, besides the plain port. */
  readonly tls?: TlsEntry;
}

/** Where places come from; the environment decides what is left open. */
export interface PlacesEntry {
  readonly provider?: "google" | "google-legacy" | "gazetteer";
  /** In place of the provider's whole URL. */
  readonly endpoint?: string;
  /** The gazetteer's data. */
  readonly file?: string;
  /** How many calls to Google each server may make in any minute. */
  readonly perMinute?: number;
  /** How many calls to Google each server may make in any 24 hours. */
  readonly perDay?: number;
}

/** Bounds of every server of the herd; what is left out is as in lib/limits.ts. */
export interface LimitsEntry {
  /** Connections open at once. */
  readonly connections?: number;
  /** Seconds after which a connection is dropped that has said no command yet. */
  readonly silentS?: number;
  /** Seconds after which a connection is dropped that has said one, and none since. */
  readonly idleS?: number;
  /** Clients that a server knows; without it, as many as half of its memory holds. */
  readonly maxClients?: number;
}

/** A herd.json in which everything is right. */
export interface HerdFile {
  /** The servers by name, in the order of the file. */
  readonly servers: ReadonlyMap<string, ServerEntry>;
  /** The links in the order of the file. */
  readonly links: readonly Link[];
  /**
   * The file of the authority that signs the servers' certificates: links dial TLS. Null: plain.
   */
  readonly ca: string | null;
  readonly places: PlacesEntry;
  /** Whether records are kept on disk; with "sync" they are there before the answer. */
  readonly durable: boolean | "sync";
  /** Records whose time is longer ago than this, in seconds, are dropped; null: never. */
  readonly forgetAfterS: number | null;
  /** A report from further in the future than this, in seconds, is refused; null: none is. */
  readonly maxClockAheadS: number | null;
  /** Whether neighbours may link in version 1 although there is a secret; for an upgrade. */
  readonly acceptLinks1: boolean;
  /** Whether whoever can connect may report and ask, or only who shows a token. */
  readonly clients: "open" | "token";
  /** Tokens that count no more, by their `jti`. */
  readonly revoked: readonly string[];
  readonly limits: LimitsEntry;
  readonly topology: Topology;
}

/** A herd.json that cannot be used. */
export class HerdFileError extends ConfigurationError {
  override readonly name = "HerdFileError";

  /** @param errors what is wrong, one line each: file, path, value, and what would be right */
  constructor(readonly errors: readonly string[]) {
    super(errors.join("\n"));
  }
}

/**
 * @param text what herd.json holds
 * @param fileName what error messages call the file
 * @throws {HerdFileError} with everything that is wrong
 *
 * @example
 * ```ts
 * import { assertEquals, assertThrows } from "@std/assert";
 *
 * const text = `{
 *   "servers": { "Clark": { "host": "127.0.0.1", "port": 12104 } },
 *   "links": []
 * }`;
 * assertEquals(parseHerdFile(text, "herd.json").servers.get("Clark")?.port, 12104);
 * assertThrows(
 *   () => parseHerdFile(text.replace("12104", "0"), "herd.json"),
 *   HerdFileError,
 *   "herd.json: servers.Clark.port: 0 should be a whole number from 1 to 65535",
 * );
 * ```
 */
export function parseHerdFile(text: string, fileName: string): HerdFile {
  const json = text.replace(/^\uFEFF/, "");
  const duplicates = findDuplicates(json, fileName);
  const value: unknown = JSON.parse(json);
  const parsed = herdSchema.safeParse(value);
  const problems = [
    ...duplicates.map((path) => ({ path, text: "is given twice; should be given once" })),
    ...(parsed.success ? [] : parsed.error.issues.flatMap(shapeProblems)),
    ...checkHerd(value),
  ];
  if (!parsed.success || problems.length > 0) {
    throw new HerdFileError(problems.map((problem) => errorLine(problem, { fileName, value })));
  }
  const { servers, links, ca, places = {}, durable = false, limits = {} } = parsed.data;
  const { forgetAfter, maxClockAheadS, acceptLinks1 = false } = parsed.data;
  const { clients = "open", revoked = [] } = parsed.data;
  return {
    servers: new Map(Object.entries(servers).map(([name, entry]) => [name, { name, ...entry }])),
    links,
    ca: ca ?? null,
    places,
    durable,
    forgetAfterS: forgetAfter === undefined ? null : durationSeconds(forgetAfter),
    maxClockAheadS: maxClockAheadS === undefined ? clockAheadS : maxClockAheadS,
    acceptLinks1,
    clients,
    revoked,
    limits,
    topology: new Topology(Object.keys(servers), links),
  };
}

function findDuplicates(json: string, fileName: string): JsonPath[] {
  try {
    return duplicateNames(json);
  } catch (error) {
    if (!(error instanceof JsonTextError)) throw error;
    const { line, column } = error.place;
    throw new HerdFileError([`${fileName}: line ${line}, column ${column}: ${error.message}`]);
  }
}

/** One thing that the schema found. */
type Issue = NonNullable<ReturnType<typeof herdSchema.safeParse>["error"]>["issues"][number];

/** What the schema found, as problems: an unknown key is one each. */
function shapeProblems(issue: Issue): Problem[] {
  const path = issue.path.map((key) => typeof key === "symbol" ? String(key) : key);
  if (issue.code !== "unrecognized_keys") return [{ path, text: `should be ${issue.message}` }];
  const hints = issue.message.split(keySeparator);
  return issue.keys.map((key, index) => ({
    path: [...path, key],
    text: `is an unknown key; ${hints[index]}`,
  }));
}

/** A problem in one line: file, path, value, and what would be right. */
function errorLine(
  { path, text }: Problem,
  { fileName, value }: { fileName: string; value: unknown },
) {
  const where = path.length === 0 ? "" : ` ${pathText(path)}:`;
  return `${fileName}:${where} ${valueText(valueAt(value, path))} ${text}`;
}

/** A path as one writes it in JavaScript. */
function pathText(path: JsonPath): string {
  return path.map((key, index) => {
    if (typeof key === "number") return `[${key}]`;
    if (!/^[\w$-]+$/.test(key)) return `[${JSON.stringify(key)}]`;
    return index === 0 ? key : `.${key}`;
  }).join("");
}

function valueAt(value: unknown, path: JsonPath): unknown {
  return path.reduce<unknown>(
    (within, key) =>
      typeof within === "object" && within !== null
        ? Object.getOwnPropertyDescriptor(within, key)?.value
        : undefined,
    value,
  );
}

/** A value as the file has it, in one line, shortened. */
function valueText(value: unknown): string {
  if (value === undefined) return "is missing,";
  const text = JSON.stringify(value);
  return text.length > shownValueMax ? text.slice(0, shownValueMax - 1) + "…" : text;
}
