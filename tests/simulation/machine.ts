/**
 * A machine with one server of the herd on it, which is started, killed and started again.
 *
 * @module
 */

import type { Neighbour } from "../../lib/links/links_context.ts";
import type { EventLog } from "../../lib/log/event_log.ts";
import { Links } from "../../lib/links/links.ts";
import type { Prover } from "../../lib/links/proof.ts";
import { type Memory, openMemory } from "../../lib/store/open_memory.ts";
import { Block } from "../../lib/block.ts";
import type { Table } from "../../lib/locations/table.ts";
import { storeLinesMin } from "../../lib/limits.ts";
import { placesAnswer } from "../../lib/places/answer.ts";
import type { Places } from "../../lib/places/places.ts";
import { textOf } from "../../lib/protocol/ascii.ts";
import { Server } from "../../lib/server/server.ts";
import type { WireLog } from "../../lib/log/log_file.ts";
import { Dice } from "./dice.ts";
import { Disk } from "./disk.ts";
import { Incarnation } from "./incarnation.ts";
import type { Network } from "./network.ts";
import type { Plan, ServerPlan } from "./plan.ts";
import { Process } from "./process.ts";
import { ProgramClock } from "./program_clock.ts";
import type { Trace } from "./trace.ts";
import type { VirtualTime } from "./virtual_time.ts";

/** The port of every server. */
export const port = 12_000;

/** What all machines of a simulation share. */
export interface World {
  readonly seed: number;
  readonly plan: Plan;
  readonly time: VirtualTime;
  readonly trace: Trace;
  readonly network: Network;
  readonly prover: Prover;
  /** Makes a server's table; a sabotaged one where the simulation itself is tested. */
  readonly makeTable: (salt: number) => Table;
}

/** What a machine tells of its server. */
export interface MachineEvents {
  /** It has started. */
  started(machine: Machine): void;
  /** A link was made or lost. */
  linkChanged(): void;
  /** It is about to be killed, or without power. */
  ending(machine: Machine, how: "killed" | "without power"): void;
}

/** A time in which a server cannot save: it is stopped, or its disk is full. */
interface Disturbance {
  readonly why: "paused" | "disk";
  readonly beginMs: number;
  endMs: number;
}

/** A machine. */
export class Machine {
  readonly disk: Disk;
  /** The server's life; null while it is not running. */
  incarnation: Incarnation | null = null;
  /** When the server could not save. */
  readonly disturbances: Disturbance[] = [];
  readonly #world: World;
  readonly #events: MachineEvents;
  readonly #dice: Dice;
  #lives = 0;
  /** How far the wall clock was behind at the most, in milliseconds; negative. */
  skewMsMin: number;
  #skewMs: number;
  /** Whether a server is starting that is not there yet. */
  #isOpening = false;
  #isStopping = false;
  #startsAfterStop = false;

  constructor(world: World, readonly plan: ServerPlan, events: MachineEvents) {
    this.#world = world;
    this.#events = events;
    this.#dice = new Dice(world.seed, `machine ${plan.name}`);
    this.#skewMs = this.skewMsMin = plan.skewMs;
    this.disk = new Disk(this.#dice.random);
  }

  /** Starts the server, with what its disk holds; it is ready when no promise has anything to do. */
  async start(): Promise<void> {
    if (this.#isStopping) this.#startsAfterStop = true;
    if (this.incarnation !== null || this.#isOpening) return;
    const { network, trace, plan, time } = this.#world;
    const { name, hostname } = this.plan;
    const life = new Dice(this.#world.seed, `${name} ${this.#lives++}`);
    network.powerOn(hostname);
    const process = new Process(hostname);
    const clock = new ProgramClock({ time, process, random: life.random, skewMs: this.#skewMs });
    const memory = await this.#open({ clock, dice: life });
    const { table, hashSeed } = memory;
    const parts = { table, clock, hashSeed, ids: plan.ids };
    const incarnation = new Incarnation(name, process, parts);
    this.incarnation = incarnation;
    trace.note(`${name} starts with ${table.size} records`);
    incarnation.server = this.#server({ incarnation, memory, dice: life });
    incarnation.server.start();
    this.#events.started(this);
  }

  #server({ incarnation, memory, dice }: {
    incarnation: Incarnation;
    memory: Memory;
    dice: Dice;
  }): Server {
    const { network, plan, prover } = this.#world;
    const { name, hostname } = this.plan;
    const { process, parts: { clock } } = incarnation;
    const { table, hashSeed } = memory;
    const surroundings = {
      transport: network.transport(process),
      clock,
      random: dice.random,
      events: this.#eventLog(incarnation),
      wire: this.#wireLog(),
    };
    incarnation.links = new Links({
      name,
      neighbours: this.#neighbours(),
      names: plan.servers.map(({ name }) => name),
      table,
      hashSeed,
      prover,
      insecureLinks: false,
      ...surroundings,
    });
    const places = slowPlaces(clock, dice);
    const address = { hostname, port };
    return new Server({
      name,
      address,
      links: incarnation.links,
      tokens: null,
      places,
      memory,
      ...surroundings,
    });
  }

  async #open({ clock, dice }: { clock: ProgramClock; dice: Dice }): Promise<Memory> {
    const { trace, makeTable, prover, plan: { forgetAfterS, maxClockAheadS } } = this.#world;
    const { name, durability } = this.plan;
    const note = (message: string) => trace.note(`${name}: ${message}`);
    const sync = durability === "sync";
    this.#isOpening = true;
    const memory = await openMemory({
      table: makeTable(prover.salts[0]),
      file: durability === "none" ? null : this.disk.file({ sync }),
      sync,
      forgetAfterS,
      maxClockAheadS,
      clock,
      random: dice.random,
      events: { info: note, warn: note, error: note },
      onTrouble: note,
    }).finally(() => this.#isOpening = false);
    const { stored } = memory;
    if (stored === null) return memory;
    // Now and then the file passes for a big one, so that it is written anew.
    const surplus = dice.chance(0.3) ? storeLinesMin : 0;
    return { ...memory, stored: { ...stored, lines: stored.lines + surplus } };
  }

  /** @returns what a clock of this machine shows, in POSIX seconds */
  nowS(clock: ProgramClock): number {
    const now = { seconds: 0, nanoseconds: 0 };
    clock.now(now);
    return now.seconds + now.nanoseconds / 1e9;
  }

  #neighbours(): Neighbour[] {
    const { links, servers } = this.#world.plan;
    const { name } = this.plan;
    return servers
      .filter((other) => links.some((link) => link.includes(name) && link.includes(other.name)))
      .filter((other) => other.name !== name)
      .map(({ name, hostname }) => ({ name, host: hostname, port }));
  }

  #eventLog(incarnation: Incarnation): EventLog {
    const { trace } = this.#world;
    const note = (message: string) => {
      trace.note(`${this.plan.name}: ${message}`);
      const [, from, made] = /^link (?:from (\S+)|to \S+) (made|lost)$/.exec(message) ?? [];
      if (made === undefined) return;
      this.#events.linkChanged();
      if (from === undefined) return;
      incarnation.from.set(from, (incarnation.from.get(from) ?? 0) + (made === "made" ? 1 : -1));
    };
    return { info: note, warn: note, error: note };
  }

  #wireLog(): WireLog {
    const { trace } = this.#world;
    if (!trace.isKept) return { at() {}, line() {}, plainLine() {}, shownLine() {} };
    return {
      at() {},
      line: (label, bytes, start, end) => {
        const text = textOf(bytes.subarray(start, end));
        const shown = text.length > 120 ? `${text.slice(0, 120)}…` : text;
        trace.tell(`${this.plan.name} ${textOf(label.bytes).slice("INFO ".length)}${shown}`);
      },
      plainLine(label, view, start, end) {
        this.line(label, new Uint8Array(view.buffer), start, end);
      },
      shownLine(label, line) {
        const target = new Block(line.shownBytesMax);
        this.line(label, target.bytes, 0, line.writeShownTo(target, 0));
      },
    };
  }

  /** Ends the server as SIGKILL does. */
  kill(): void {
    this.#end("killed", (process) => this.#world.network.kill(process));
  }

  /** Takes the machine its power away. */
  powerOff(): void {
    this.#end("without power", (process) => this.#world.network.powerOff(process));
  }

  #end(how: "killed" | "without power", end: (process: Process) => void): void {
    if (this.incarnation === null) return;
    const { process } = this.incarnation;
    this.#world.trace.note(`${this.plan.name} is ${how}`);
    this.#calm("paused", 0);
    end(process);
    if (how === "without power" && this.plan.durability !== "none") this.disk.powerOff();
    this.#events.ending(this, how);
    this.incarnation = null;
    this.#isStopping = false;
  }

  /** Ends the server as SIGTERM does. */
  async stop(): Promise<void> {
    const { incarnation } = this;
    if (incarnation === null || this.#isStopping || !incarnation.process.isRunning) return;
    this.#isStopping = true;
    this.#startsAfterStop = false;
    this.#world.trace.note(`${this.plan.name} is told to stop`);
    await incarnation.server.stop();
    if (this.incarnation !== incarnation) return;
    this.kill();
    if (this.#startsAfterStop) this.start();
  }

  /** Stops the server where it is (SIGSTOP). */
  pause(): void {
    if (!this.incarnation?.process.isRunning) return;
    this.#world.trace.note(`${this.plan.name} is paused`);
    this.incarnation.process.stop();
    this.#disturb("paused");
  }

  /** Lets it go on (SIGCONT). */
  resume(): void {
    const process = this.incarnation?.process;
    if (process === undefined || process.isRunning) return;
    this.#world.trace.note(`${this.plan.name} is resumed`);
    this.#calm("paused", 0);
    process.resume();
  }

  /** Fills the disk. */
  fillDisk(): void {
    if (this.disk.isFull) return;
    this.#world.trace.note(`${this.plan.name}'s disk is full`);
    this.disk.isFull = true;
    this.#disturb("disk");
  }

  /** Makes room on the disk. */
  freeDisk(retryMs: number): void {
    if (!this.disk.isFull) return;
    this.#world.trace.note(`${this.plan.name}'s disk has room`);
    this.disk.isFull = false;
    this.#calm("disk", retryMs);
  }

  /** Sets the wall clock. */
  stepClock(ms: number): void {
    this.#skewMs += ms;
    this.skewMsMin = Math.min(this.skewMsMin, this.#skewMs);
    this.#world.trace.note(`${this.plan.name}'s clock steps by ${ms} ms`);
    if (this.incarnation !== null) this.incarnation.parts.clock.skewMs = this.#skewMs;
  }

  #disturb(why: Disturbance["why"]): void {
    this.disturbances.push({ why, beginMs: this.#world.time.nowMs, endMs: Infinity });
  }

  #calm(why: Disturbance["why"], afterMs: number): void {
    for (const disturbance of this.disturbances) {
      if (disturbance.why !== why) continue;
      disturbance.endMs = Math.min(disturbance.endMs, this.#world.time.nowMs + afterMs);
    }
  }
}

/** Places that answer after a while, and never know any. */
function slowPlaces(clock: ProgramClock, dice: Dice): Places {
  return {
    provider: "none",
    ask: () =>
      new Promise((resolve) => clock.after(dice.between(0, 300), () => resolve(placesAnswer([])))),
  };
}
