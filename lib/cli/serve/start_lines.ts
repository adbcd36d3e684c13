/**
 * What a server says when it starts.
 *
 * @module
 */

/** What there is to say. */
export interface StartFacts {
  readonly name: string;
  /** Where it listens, in words. */
  readonly addresses: string;
  /** What herd.json is called. */
  readonly config: string;
  /** Who answers for places. */
  readonly provider: string;
  /** Its log. */
  readonly logFile: string;
  /** Its records; null: they are only in memory. */
  readonly dataFile: string | null;
  readonly neighbours: readonly string[];
}

/**
 * @returns two lines: where clients reach it, and what it does
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 *
 * const lines = startLines({
 *   ...{ name: "Clark", addresses: "127.0.0.1:12104", config: "herd.json" },
 *   ...{ provider: "gazetteer", logFile: "logs/Clark.log", dataFile: null, neighbours: ["Bona"] },
 * });
 * assertEquals(lines, [
 *   "Clark listens on 127.0.0.1:12104 (herd.json, places from gazetteer)",
 *   "Clark logs to logs/Clark.log, keeps no records on disk, and waits for its neighbour Bona",
 * ]);
 * ```
 */
export function startLines(facts: StartFacts): [listens: string, does: string] {
  const { name, addresses, config, provider, logFile, dataFile, neighbours } = facts;
  const records = dataFile === null ? "no records on disk" : `records in ${dataFile}`;
  return [
    `${name} listens on ${addresses} (${config}, places from ${provider})`,
    `${name} logs to ${logFile}, keeps ${records}, and ${waitsFor(neighbours)}`,
  ];
}

function waitsFor(neighbours: readonly string[]): string {
  if (neighbours.length === 0) return "has no neighbours";
  return `waits for its neighbour${neighbours.length === 1 ? "" : "s"} ${neighbours.join(", ")}`;
}
