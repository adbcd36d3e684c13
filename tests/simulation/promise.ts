/**
 * The herd's promise, watched from outside: what servers may hold, must hold, and must hold in the
 * end. It knows records and clients' answers, and nothing of how servers come by them.
 *
 * @module
 */

import { saveRetryMsMax, tombstoneS } from "../../lib/limits.ts";
import { textOf } from "../../lib/protocol/ascii.ts";
import type { Disk } from "./disk.ts";
import type { Incarnation } from "./incarnation.ts";
import type { Machine, World } from "./machine.ts";
import { compare, type Version, versionOf } from "./order.ts";
import type { ProgramClock } from "./program_clock.ts";

/** The promise was broken; the message says which, and how. */
export class Violation extends Error {
  override readonly name = "Violation";
}

/** A record is on disk so long after its answer at the latest, in milliseconds. */
const savedMs = 100;
/** How long after a disk has room again the server has tried it again, in milliseconds. */
export const diskRetryMs = saveRetryMsMax + savedMs;

/** Watches a herd. */
export class HerdPromise {
  readonly #world: World;
  readonly #machines: readonly Machine[];
  /** `ID location time` of everything that was ever said. */
  readonly #said = new Set<string>();
  /** Clients that were deleted at some time. */
  readonly #deleted = new Set<string>();
  /** Of every client, the newest time that was answered and did not die with all that had it. */
  readonly #newest = new Map<string, bigint>();
  /** Of every server, the records that its disk must hold, by time. */
  readonly #floors = new Map<Machine, Map<string, bigint>>();
  /** Of every server, the newest records on its disk when it was looked at last. */
  readonly #disks = new Map<Machine, { revision: number; newest: Map<string, Version> }>();

  constructor(world: World, machines: readonly Machine[]) {
    this.#world = world;
    this.#machines = machines;
  }

  /** Notes that a client was deleted: its tombstone. */
  deleted({ id, line }: Version): void {
    this.#deleted.add(id);
    this.#said.add(line.split(" ").slice(3).join(" "));
  }

  /** @returns whether the client was ever deleted, and may be unknown for it */
  wasDeleted(id: string): boolean {
    return this.#deleted.has(id);
  }

  /** Notes what a client is about to say. */
  said(record: string): void {
    this.#said.add(record);
  }

  /** Looks at every table that was asked to change. */
  look(): void {
    for (const { incarnation } of this.#machines) if (incarnation !== null) this.#look(incarnation);
  }

  #look(incarnation: Incarnation): void {
    const { time, trace } = this.#world;
    const { name } = incarnation;
    incarnation.look(time.nowMs, (before, now) => {
      trace.note(`${name} holds ${now?.line ?? `nothing of ${before!.id}`}`);
      if (now !== null) this.#checkSaid(now, name);
      if (before === null) return;
      if (now === null && !this.#mayForget(before, incarnation)) {
        throw new Violation(`${name} dropped "${before.line}"`);
      }
      if (now !== null && compare(now, before) < 0) {
        throw new Violation(`never backwards: ${name} replaced "${before.line}" by "${now.line}"`);
      }
    });
  }

  #checkSaid({ line }: Version, name: string): void {
    const [word, , , ...record] = line.split(" ");
    if (word !== "AT" || !this.#said.has(record.join(" "))) {
      throw new Violation(`${name} holds "${line}", which nobody has said`);
    }
  }

  #mayForget({ time, line }: Version, incarnation: Incarnation): boolean {
    if (time < this.#forgetBound(incarnation)) return true;
    const { clock } = incarnation.parts;
    return isTombstone(line) && time < nanosecondsBefore(clock, tombstoneS);
  }

  /** Nanoseconds before which the server may forget. */
  #forgetBound({ parts: { clock } }: Incarnation): bigint {
    const { forgetAfterS } = this.#world.plan;
    if (forgetAfterS === null) return -1n;
    return nanosecondsBefore(clock, forgetAfterS);
  }

  /** A server has started: its disk gave back what it must. */
  started(machine: Machine): void {
    const incarnation = machine.incarnation!;
    this.#look(incarnation);
    for (const [id, time] of this.#floors.get(machine) ?? []) {
      const version = incarnation.version(id);
      if (version !== null && version.time >= time) continue;
      if (time < this.#forgetBound(incarnation)) continue;
      throw new Violation(
        `durability: ${machine.plan.name} had saved ${id} at ${time} and came back with ` +
          `"${version?.line ?? "nothing"}"`,
      );
    }
  }

  /** A server is killed: what must be on its disk, and what died with it. */
  ending(machine: Machine, how: "killed" | "without power"): void {
    const incarnation = machine.incarnation!;
    const { durability } = machine.plan;
    if (durability === "none" || (durability === "durable" && how === "without power")) {
      this.#floors.delete(machine);
    } else {
      const floors = this.#floors.get(machine) ?? new Map<string, bigint>();
      this.#floors.set(machine, floors);
      const beforeMs = this.#savedBefore(machine);
      for (const [id, known] of incarnation.known) {
        const saved = known.findLast(({ sinceMs }) => sinceMs <= beforeMs);
        if (saved !== undefined) raise(floors, id, saved.version.time);
      }
    }
    for (const [id, time] of this.#newest) {
      const held = this.#newestHeld(id, machine);
      if (held === null || held < time) this.#lower(id, held);
    }
  }

  #lower(id: string, held: bigint | null): void {
    this.#world.trace.note(`the newest record of ${id} died with all that had it`);
    if (held === null) this.#newest.delete(id);
    else this.#newest.set(id, held);
  }

  /** When the last moment was that had 100 ms behind it in which the server could save. */
  #savedBefore({ disturbances }: Machine): number {
    let beforeMs = this.#world.time.nowMs - savedMs;
    for (const { beginMs, endMs } of disturbances.toReversed()) {
      if (endMs > beforeMs) beforeMs = Math.min(beforeMs, beginMs - savedMs);
    }
    return beforeMs;
  }

  /** The newest time of a client's records on all servers, running or not, but for one that ends. */
  #newestHeld(id: string, ending: Machine | null): bigint | null {
    let newest: bigint | null = null;
    for (const machine of this.#machines) {
      const { incarnation } = machine;
      const isRunning = incarnation !== null && machine !== ending;
      const version = isRunning ? incarnation.version(id) : this.#onDisk(machine, id);
      if (version !== null && (newest === null || version.time > newest)) newest = version.time;
    }
    return newest;
  }

  #onDisk(machine: Machine, id: string): Version | null {
    if (machine.plan.durability === "none") return null;
    const { disk } = machine;
    let looked = this.#disks.get(machine);
    if (looked?.revision !== disk.revision) {
      looked = { revision: disk.revision, newest: newestOn(disk) };
      this.#disks.set(machine, looked);
    }
    return looked.newest.get(id) ?? null;
  }

  /**
   * A client has read an answer.
   *
   * @param incarnation the server's life that the connection was to
   */
  answered({ id, time }: Version, { machine, incarnation }: Answerer): void {
    raise(incarnation.answered, id, time);
    const isAlive = machine.incarnation === incarnation;
    if (isAlive && !this.#holds(incarnation, { id, time })) {
      throw new Violation(`${machine.plan.name} answered ${id} at ${time} and does not hold it`);
    }
    if (machine.plan.durability === "sync") {
      const floors = this.#floors.get(machine) ?? new Map<string, bigint>();
      this.#floors.set(machine, floors);
      if (isAlive || this.#onDisk(machine, id) !== null) raise(floors, id, time);
    }
    // From a server that has died since: it counts only if somebody has it.
    const held = isAlive ? time : this.#newestHeld(id, null);
    if (held !== null) raise(this.#newest, id, held < time ? held : time);
  }

  #holds(incarnation: Incarnation, { id, time }: Pick<Version, "id" | "time">): boolean {
    const version = incarnation.version(id);
    return (version !== null && version.time >= time) || time < this.#forgetBound(incarnation);
  }

  /**
   * The links have held long enough: everybody holds the same.
   *
   * @throws {Violation} when they do not
   */
  checkConvergence(): void {
    const incarnations = this.#machines.map(({ incarnation }) => incarnation!);
    for (const incarnation of incarnations) {
      incarnation.touchAll();
      this.#look(incarnation);
    }
    const bounds = incarnations.map((incarnation) => this.#forgetBound(incarnation));
    const bound = bounds.reduce((one, other) => one > other ? one : other);
    const { ids, crowd } = this.#world.plan;
    for (const id of [...ids, ...crowd]) this.#checkSame(id, incarnations, bound);
    if (this.#world.plan.forgetAfterS === null) checkDigests(incarnations);
  }

  /**
   * Everything that is older than records may be was forgotten everywhere, and has not come back.
   *
   * @throws {Violation} when it is somewhere
   */
  checkForgotten(): void {
    for (const machine of this.#machines) {
      const { incarnation, plan: { name } } = machine;
      incarnation!.touchAll();
      this.#look(incarnation!);
      for (const [id, known] of incarnation!.known) {
        throw new Violation(
          `forgetting: ${name} still holds ${id}: "${known.at(-1)!.version.line}"`,
        );
      }
      const { size } = incarnation!.parts.table;
      if (size > 0) throw new Violation(`forgetting: ${name} holds ${size} records`);
    }
  }

  /**
   * Tombstones are older than they may be, and records that stay for ever are not.
   *
   * @param held the records that every server held before
   * @throws {Violation} when a tombstone is somewhere, or a record is gone
   */
  checkTombstonesForgotten(held: readonly string[]): void {
    const due = held.filter((line) => !isTombstone(line)).join("\n");
    for (const { incarnation, plan: { name } } of this.#machines) {
      incarnation!.touchAll();
      this.#look(incarnation!);
      const now = incarnation!.lines().join("\n");
      if (now !== due) throw new Violation(`forgetting: ${name} holds "${now}", due is "${due}"`);
    }
  }

  #checkSame(id: string, incarnations: readonly Incarnation[], bound: bigint): void {
    const held = incarnations.map((incarnation) => incarnation.version(id));
    const newest = held.reduce((one, other) =>
      one === null || (other !== null && compare(other, one) > 0) ? other : one
    );
    const owed = this.#newest.get(id);
    // What some server may have forgotten is no longer promised.
    if (newest !== null && newest.time < bound) return;
    const isOwed = owed !== undefined && owed >= bound;
    if (isOwed && (newest === null || newest.time < owed)) {
      throw new Violation(
        `convergence: ${id} at ${owed} was answered and is lost: "${newest?.line ?? "nothing"}"`,
      );
    }
    for (const [index, version] of held.entries()) {
      if (version?.line === newest?.line) continue;
      throw new Violation(
        `convergence: ${incarnations[index]!.name} holds "${version?.line ?? "nothing"}" where ` +
          `others hold "${newest!.line}"`,
      );
    }
  }
}

/** @returns the newest record of every client that a disk has */
function newestOn(disk: Disk): Map<string, Version> {
  const newest = new Map<string, Version>();
  for (const batch of disk.open({ sync: true }).batches()) {
    for (const line of textOf(batch).trimEnd().split("\n")) {
      const version = versionOf(line);
      const known = newest.get(version.id);
      if (known === undefined || compare(version, known) > 0) newest.set(version.id, version);
    }
  }
  return newest;
}

/** Who gave an answer. */
export interface Answerer {
  readonly machine: Machine;
  readonly incarnation: Incarnation;
}

/** @returns the time so long ago; one second is for the rounding of times */
function nanosecondsBefore(clock: ProgramClock, agoS: number): bigint {
  const now = { seconds: 0, nanoseconds: 0 };
  clock.now(now);
  return BigInt(now.seconds - agoS + 1) * 1_000_000_000n;
}

function isTombstone(line: string): boolean {
  return line.split(" ")[4] === "-";
}

/** Tables that hold the same have the same digest, or catch-up would go on for ever. */
function checkDigests(incarnations: readonly Incarnation[]): void {
  const digests = incarnations.map(({ parts: { table } }) => {
    const hashes = new Uint8Array(256 * 8);
    for (let group = 0; group < 256; group++) table.digest.writeGroup(group, hashes, group * 8);
    return textOf(hashes);
  });
  const other = digests.findIndex((digest) => digest !== digests[0]);
  if (other >= 0) {
    const [one, two] = [incarnations[0]!, incarnations[other]!];
    throw new Violation(`${one.name} and ${two.name} hold the same, and their digests differ`);
  }
}

function raise(times: Map<string, bigint>, id: string, time: bigint): void {
  const known = times.get(id);
  if (known === undefined || known < time) times.set(id, time);
}
