/**
 * What goes wrong in a simulation, and when.
 *
 * @module
 */

import type { Timer } from "../../lib/transport/transport.ts";
import { Dice } from "./dice.ts";
import type { DiskTrouble, Machine, World } from "./machine.ts";
import { diskRetryMs } from "./promise.ts";

/** How far clocks step at the most, in milliseconds. */
const stepMsMax = 3_600_000;

/** A kind of fault, and how often it comes in comparison to others. */
interface Fault {
  readonly weight: number;
  readonly strike: (machine: Machine) => void;
}

/** Has things go wrong. */
export class Faults {
  readonly #world: World;
  readonly #machines: readonly Machine[];
  readonly #dice: Dice;
  readonly #faults: readonly Fault[];
  #isOver = false;
  #timers: Timer[] = [];

  constructor(world: World, machines: readonly Machine[]) {
    this.#world = world;
    this.#machines = machines;
    this.#dice = new Dice(world.seed, "faults");
    this.#faults = [
      { weight: 5, strike: (machine) => this.#cut(machine) },
      { weight: 1, strike: () => this.#divide() },
      { weight: 4, strike: (machine) => this.#kill(machine) },
      { weight: 3, strike: (machine) => this.#powerOff(machine) },
      { weight: 2, strike: (machine) => this.#stop(machine) },
      { weight: 3, strike: (machine) => this.#pause(machine) },
      { weight: 2, strike: (machine) => this.#reset(machine) },
      { weight: 1, strike: (machine) => this.#troubleDisk(machine, "isFull") },
      { weight: 1, strike: (machine) => this.#troubleDisk(machine, "isLocked") },
      { weight: 1, strike: (machine) => this.#toggleLink(machine) },
      { weight: 0.5, strike: (machine) => this.#move(machine) },
      { weight: 1, strike: (machine) => this.#stepClock(machine) },
      { weight: 0.5, strike: () => this.#killAll() },
    ];
  }

  /** Begins. */
  start(): void {
    const { faultMs } = this.#world.plan;
    const waitMs = -Math.log(1 - this.#dice.random.fraction()) * faultMs;
    this.#later(waitMs, () => {
      this.#choose().strike(this.#dice.pick(this.#machines));
      this.start();
    });
  }

  #choose(): Fault {
    const sum = this.#faults.reduce((sum, { weight }) => sum + weight, 0);
    let at = this.#dice.between(0, sum);
    return this.#faults.find(({ weight }) => (at -= weight) < 0)!;
  }

  /** Ends, and mends everything that can be mended at once; every server runs again. */
  heal(): void {
    this.#isOver = true;
    for (const timer of this.#timers.splice(0)) timer.cancel();
    this.#world.trace.note("everything is mended");
    this.#world.network.mendAll();
    for (const machine of this.#machines) {
      machine.resume();
      machine.healDisk("isFull", diskRetryMs);
      machine.healDisk("isLocked", diskRetryMs);
      machine.reload();
      machine.start();
    }
  }

  #later(ms: number, what: () => void): void {
    if (this.#isOver) return;
    this.#timers.push(this.#world.time.at(this.#world.time.nowMs + ms, what));
  }

  /** A while: mostly short, sometimes long enough for everybody to notice. */
  #while(): number {
    return this.#dice.chance(0.5) ? this.#dice.between(20, 600) : this.#dice.between(600, 7_000);
  }

  #neighbour({ plan: { name } }: Machine): Machine {
    const links = this.#world.herd.links.filter((link) => link.includes(name));
    const neighbour = this.#dice.pick(links).find((end) => end !== name);
    return this.#machines.find(({ plan }) => plan.name === neighbour)!;
  }

  #cut(machine: Machine): void {
    const other = this.#neighbour(machine);
    this.#cutBetween(machine, other, this.#while());
    if (this.#dice.chance(0.5)) this.#cutBetween(other, machine, this.#while());
  }

  #cutBetween({ plan: from }: Machine, { plan: to }: Machine, ms: number): void {
    const { network, trace } = this.#world;
    trace.note(`cut from ${from.name} to ${to.name}`);
    network.cut(from.hostname, to.hostname);
    this.#later(ms, () => {
      trace.note(`mended from ${from.name} to ${to.name}`);
      network.mend(from.hostname, to.hostname);
    });
  }

  /** Cuts some of the servers off from all others. */
  #divide(): void {
    const inside = new Set(this.#machines.filter(() => this.#dice.chance(0.4)));
    const ms = this.#while();
    for (const machine of inside) {
      for (const other of this.#machines) {
        if (inside.has(other)) continue;
        this.#cutBetween(machine, other, ms);
        this.#cutBetween(other, machine, ms);
      }
    }
  }

  #kill(machine: Machine): void {
    machine.kill();
    this.#later(this.#while(), () => machine.start());
  }

  #powerOff(machine: Machine): void {
    machine.powerOff();
    this.#later(this.#while(), () => machine.start());
  }

  #stop(machine: Machine): void {
    machine.stop();
    this.#later(this.#while(), () => machine.start());
  }

  #pause(machine: Machine): void {
    machine.pause();
    this.#later(this.#while(), () => machine.resume());
  }

  #reset(machine: Machine): void {
    const other = this.#neighbour(machine);
    this.#world.trace.note(`reset between ${machine.plan.name} and ${other.plan.name}`);
    this.#world.network.reset(machine.plan.hostname, other.plan.hostname);
  }

  #troubleDisk(machine: Machine, trouble: DiskTrouble): void {
    machine.troubleDisk(trouble);
    this.#later(this.#while(), () => machine.healDisk(trouble, diskRetryMs));
  }

  /** A link is taken out of herd.json, or added; both ends read that, each in its time. */
  #toggleLink(machine: Machine): void {
    const other = this.#dice.pick(this.#machines);
    if (!this.#world.herd.toggle(machine.plan.name, other.plan.name)) return;
    this.#world.trace.note(`herd.json: ${machine.plan.name} and ${other.plan.name}`);
    for (const end of [machine, other]) this.#later(this.#while(), () => end.reload());
  }

  /** A server moves to another port; the others read that, each in its time. */
  #move(machine: Machine): void {
    machine.kill();
    this.#world.herd.move(machine.plan.name);
    this.#later(this.#while(), () => machine.start());
    for (const other of this.#machines) this.#later(this.#while(), () => other.reload());
  }

  /** Where records are forgotten by their age, clocks that step would decide what is promised. */
  #stepClock(machine: Machine): void {
    if (this.#world.plan.forgetAfterS !== null) return;
    machine.stepClock(Math.round(this.#dice.between(-stepMsMax, stepMsMax)));
  }

  #killAll(): void {
    for (const machine of this.#machines) this.#kill(machine);
  }
}
