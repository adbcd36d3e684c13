/**
 * What a seed makes of a simulation: the herd, its network, its clients, and how bad things get.
 *
 * @module
 */

import type { Link } from "../../lib/topology/topology.ts";
import { Dice } from "./dice.ts";

/** How a server keeps its records. */
export type Durability = "none" | "durable" | "sync";

/** One server of the herd. */
export interface ServerPlan {
  readonly name: string;
  readonly hostname: string;
  readonly durability: Durability;
  /** How far its wall clock is ahead, in milliseconds. */
  readonly skewMs: number;
}

/** A simulation. */
export interface Plan {
  readonly servers: readonly ServerPlan[];
  readonly links: readonly Link[];
  readonly hasSecret: boolean;
  readonly forgetAfterS: number | null;
  readonly maxClockAheadS: number | null;
  /** Clients' IDs. */
  readonly ids: readonly string[];
  /** IDs of very many clients who all speak through one program; mostly none. */
  readonly crowd: readonly string[];
  /** How many programs speak for them. */
  readonly speakers: number;
  /** How far speakers' wall clocks are wrong at the most, in milliseconds. */
  readonly speakerSkewMs: number;
  readonly delayMsMax: number;
  readonly bufferBytes: number;
  readonly pieces: number;
  /** How long things go wrong, in milliseconds. */
  readonly troubleMs: number;
  /** The mean time between two faults, in milliseconds. */
  readonly faultMs: number;
  /** The mean time between two deletions of a client, in milliseconds; null: nobody is deleted. */
  readonly deletionMs: number | null;
  /** How many programs speak that have no business with the herd. */
  readonly strangers: number;
  /**
   * What is looked at when everything has converged, besides what always is: whether a table that has
   * lost records gets them back, and whether tombstones are gone a month later.
   */
  readonly epilogue: "loss" | "month" | null;
}

const hourMs = 3_600_000;
const names = "Bailey Bona Campbell Clark Jaquez Alford Ball Hamilton Holiday Welsh Hill Goloman"
  .split(" ");

/** @returns what the seed means */
export function planOf(seed: number): Plan {
  const dice = new Dice(seed, "plan");
  const edge = new Dice(seed, "edge");
  const crowd = crowdOf(seed, edge);
  const isCrowd = crowd.length > 0;
  const count = dice.integer(3, isCrowd ? 5 : 12);
  const forgetAfterS = dice.chance(0.15) ? dice.integer(6, 30) : null;
  const skewMsMax = forgetAfterS !== null ? 1_000 : dice.pick([0, 100, 3 * hourMs, 3 * hourMs]);
  const durabilities = dice.pick<Durability[]>([
    ["none"],
    ["none"],
    ["durable"],
    ["sync"],
    ["none", "durable", "sync"],
  ]);
  return {
    servers: names.slice(0, count).map((name, index) => ({
      name,
      hostname: `127.0.0.${index + 1}`,
      durability: dice.pick(durabilities),
      skewMs: Math.round(dice.between(-skewMsMax, skewMsMax)),
    })),
    links: linksOf(names.slice(0, count), dice),
    hasSecret: dice.chance(0.5),
    forgetAfterS,
    maxClockAheadS: dice.chance(0.15) && !isCrowd ? dice.integer(1, 7_200) : null,
    ids: idsOf(dice),
    crowd,
    speakers: dice.integer(3, 10),
    speakerSkewMs: forgetAfterS !== null ? 2_000 : dice.pick([0, 50, 2_000, 2 * hourMs]),
    delayMsMax: dice.pick(isCrowd ? [1, 5] : [1, 5, 20, 50]),
    bufferBytes: dice.pick(isCrowd ? [64 * 1024] : [512, 4 * 1024, 64 * 1024, 64 * 1024]),
    pieces: dice.pick(isCrowd ? [0] : [0, 0, 0.1, 0.5]),
    troubleMs: dice.integer(3_000, 14_000),
    faultMs: dice.pick([150, 400, 1_000, 1_000, 3_000]),
    deletionMs: dice.pick([null, null, 200, 1_000]),
    strangers: edge.pick([0, 0, 1, 2]),
    epilogue: isCrowd ? "loss" : edge.pick([null, null, null, null, null, "loss", "month"]),
  };
}

/** A tree through all servers, of a random shape, and some more links. */
function linksOf(names: readonly string[], dice: Dice): Link[] {
  const links: Link[] = [];
  const known = new Set<string>();
  const add = (one: string, other: string) => {
    const key = [one, other].sort().join(" ");
    if (one === other || known.has(key)) return;
    known.add(key);
    links.push([one, other]);
  };
  const isLine = dice.chance(0.2);
  for (let at = 1; at < names.length; at++) {
    add(names[at]!, isLine ? names[at - 1]! : dice.pick(names.slice(0, at)));
  }
  const more = dice.integer(0, names.length);
  for (let count = 0; count < more; count++) add(dice.pick(names), dice.pick(names));
  return links;
}

/** Of so many seeds one has a crowd. */
const crowdEvery = 33;

/** Now and then a thousand to ten thousand. */
function crowdOf(seed: number, dice: Dice): string[] {
  if (seed % crowdEvery !== 10) return [];
  return Array.from({ length: dice.pick([1_000, 3_000, 10_000]) }, (_, index) => `crowd-${index}`);
}

/** Ordinary IDs, and now and then one that is too long for the table's cells. */
function idsOf(dice: Dice): string[] {
  const ids = Array.from({ length: dice.integer(2, 8) }, (_, index) => `client-${index}`);
  return dice.chance(0.2) ? [...ids, `long-${"x".repeat(dice.integer(80, 300))}`] : ids;
}
