/**
 * A whole herd of real servers on a virtual network and clock, driven by one seed. First everything
 * goes wrong while clients talk, and no server may ever replace a record by an older one; then
 * everything is mended, and when the links have held for three seconds all servers must hold the
 * same.
 *
 * @module
 */

import { proverOf } from "../../lib/links/proof.ts";
import { Table } from "../../lib/locations/table.ts";
import { Dice } from "./dice.ts";
import { Crowd } from "./crowd.ts";
import { Epilogue } from "./epilogue.ts";
import { Faults } from "./faults.ts";
import { HerdFile } from "./herd_file.ts";
import { Machine, type World } from "./machine.ts";
import { Network } from "./network.ts";
import { Operator } from "./operator.ts";
import { type Plan, planOf } from "./plan.ts";
import { HerdPromise, Violation } from "./promise.ts";
import { Speaker } from "./speaker.ts";
import { Stranger } from "./stranger.ts";
import { Trace } from "./trace.ts";
import { VirtualTime } from "./virtual_time.ts";

/** The promise: links that held for so long have brought everything everywhere, in milliseconds. */
export const convergenceMs = 3_000;
/** After everything is mended all links are made within this time, in milliseconds. */
const linksMsMax = 20_000;
/** How often it is looked whether the links hold, in milliseconds. */
const lookMs = 50;
/** A run of more steps goes round in circles. */
const stepsMax = 2_000_000;

const provers = {
  secret: await proverOf("the secret of the simulated herd"),
  none: await proverOf(),
};

/** How a simulation is run. */
export interface SimulationOptions {
  /** Makes each server's table; another than the real one shows whether the simulation notices. */
  readonly makeTable?: (salt: number) => Table;
  /** Whether the trace is kept as text. */
  readonly isTraced?: boolean;
}

/** What came of a simulation. */
export interface Outcome {
  readonly seed: number;
  readonly plan: Plan;
  /** What was violated, or null. */
  readonly failure: string | null;
  /** A hash of everything that happened: equal runs have equal ones. */
  readonly hash: string;
  /** What happened, where it was wanted as text. */
  readonly lines: readonly string[];
  /** How much virtual time passed, in milliseconds. */
  readonly virtualMs: number;
}

/**
 * Runs a simulation.
 *
 * @param seed a 32-bit integer; the same one gives the same run
 * @param options how it is run
 */
export async function simulate(seed: number, options: SimulationOptions = {}): Promise<Outcome> {
  const run = new Simulation(seed, options);
  const failure = await run.failure();
  const { plan, time: { nowMs: virtualMs }, trace: { summary: hash, lines } } = run.world;
  return { seed, plan, failure, hash, lines, virtualMs };
}

class Simulation {
  readonly world: World;
  readonly #machines: readonly Machine[];
  readonly #promise: HerdPromise;
  #failure: unknown = null;
  #steps = 0;
  #linkChangeMs = 0;

  constructor(seed: number, { makeTable, isTraced = false }: SimulationOptions) {
    const plan = planOf(seed);
    const time = new VirtualTime();
    const trace = new Trace(time, { isKept: isTraced });
    const network = new Network({
      ...plan,
      time,
      random: new Dice(seed, "network").random,
      onArrival: (bytes) => {
        trace.number(time.nowMs);
        trace.number(bytes);
      },
    });
    const prover = plan.hasSecret ? provers.secret : provers.none;
    makeTable ??= (salt) => new Table(salt);
    this.world = { seed, plan, herd: new HerdFile(plan), time, trace, network, prover, makeTable };
    this.#machines = plan.servers.map((server) =>
      new Machine(this.world, server, {
        started: (machine) => this.#promise.started(machine),
        linkChanged: () => this.#linkChangeMs = time.nowMs,
        ending: (machine, how) => this.#promise.ending(machine, how),
      })
    );
    this.#promise = new HerdPromise(this.world, this.#machines);
  }

  /** @returns what was violated, or null */
  async failure(): Promise<string | null> {
    const onRejection = (event: PromiseRejectionEvent) => {
      event.preventDefault();
      this.#fail(event.reason);
    };
    globalThis.addEventListener("unhandledrejection", onRejection);
    try {
      await this.#run();
    } catch (error) {
      this.#fail(error);
    } finally {
      globalThis.removeEventListener("unhandledrejection", onRejection);
    }
    const error = this.#failure;
    if (error === null) return null;
    if (error instanceof Violation) return error.message;
    return error instanceof Error ? `${error.stack}` : String(error);
  }

  #fail(error: unknown): void {
    this.#failure ??= error;
  }

  async #run(): Promise<void> {
    const { time, plan } = this.world;
    const faults = new Faults(this.world, this.#machines);
    const operator = new Operator({
      world: this.world,
      machines: this.#machines,
      promise: this.#promise,
    });
    const shared = {
      world: this.world,
      machines: this.#machines,
      promise: this.#promise,
      stamps: new Map<string, string[]>(),
      onViolation: (error: unknown) => this.#fail(error),
    };
    const many = <Item>(count: number, make: (number: number) => Item) =>
      Array.from({ length: count }, (_, number) => make(number));
    const speakers = many(plan.speakers, (number) => new Speaker(number, shared));
    const strangers = many(plan.strangers, (number) => new Stranger(number, shared));
    const programs = [...speakers, ...strangers, new Crowd(shared)];
    // What is begun between two happenings would go on without being looked at.
    time.at(0, () => {
      for (const machine of this.#machines) machine.start();
      for (const program of programs) program.run();
      faults.start();
      operator.start();
    });
    time.at(plan.troubleMs, () => {
      for (const program of programs) program.stop();
      operator.stop();
      faults.heal();
    });
    if (!await this.#runUntil(plan.troubleMs)) return;
    if (!await this.#runUntilConverged(plan.troubleMs)) return;
    const epilogue = new Epilogue({
      ...shared,
      speaker: speakers[0]!,
      runFor: (ms) => this.#runUntil(time.nowMs + ms),
    });
    await epilogue.run();
  }

  /** @returns whether nothing has failed so far */
  async #runUntilConverged(mendedMs: number): Promise<boolean> {
    const { time } = this.world;
    let heldSinceMs = Infinity;
    while (time.nowMs - heldSinceMs < convergenceMs) {
      if (time.nowMs > mendedMs + linksMsMax) {
        throw new Violation(`links were not made in ${linksMsMax} ms: ${this.#missingLinks()}`);
      }
      if (!await this.#runUntil(time.nowMs + lookMs)) return false;
      const isLinked = this.#missingLinks() === "";
      heldSinceMs = isLinked ? Math.max(this.#linkChangeMs, mendedMs) : Infinity;
    }
    this.world.trace.note("the links have held");
    this.#promise.checkConvergence();
    return true;
  }

  /** @returns whether nothing has failed so far */
  #runUntil(endMs: number): Promise<boolean> {
    return this.world.time.runUntil(endMs, () => {
      if (this.#failure === null) this.#promise.look();
      if (++this.#steps > stepsMax) throw new Violation("there is no end to it");
      return this.#failure === null;
    });
  }

  /** @returns the links that are not live on both ends, and those that should not be */
  #missingLinks(): string {
    const missing: string[] = [];
    for (const { incarnation, plan: { name } } of this.#machines) {
      const due = this.world.herd.neighboursOf(name).map(({ name }) => name);
      for (const to of incarnation?.links.live ?? []) {
        if (!due.includes(to)) missing.push(`no longer ${name} to ${to}`);
      }
    }
    for (const [one, other] of this.world.herd.links) {
      if (!this.#isLive(one, other)) missing.push(`${one} to ${other}`);
      if (!this.#isLive(other, one)) missing.push(`${other} to ${one}`);
    }
    return missing.join(", ");
  }

  #isLive(from: string, to: string): boolean {
    const sender = this.#machine(from).incarnation;
    const receiver = this.#machine(to).incarnation;
    return sender !== null && receiver !== null && sender.links.live.includes(to) &&
      receiver.from.get(from) === 1;
  }

  #machine(name: string): Machine {
    return this.#machines.find(({ plan }) => plan.name === name)!;
  }
}
