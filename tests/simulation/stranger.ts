/**
 * A program that has no business with the herd: it says garbage, HTTP, hellos that are not right, and
 * what only neighbours may say. Nothing of it may ever get into a table.
 *
 * @module
 */

import { linkVersion } from "../../lib/links/hello.ts";
import type { Connection, Transport } from "../../lib/transport/transport.ts";
import { Dice } from "./dice.ts";
import type { End } from "./end.ts";
import type { Machine, World } from "./machine.ts";
import { Process } from "./process.ts";
import { beginS } from "./program_clock.ts";
import { Violation } from "./promise.ts";
import { AnswerReader, sleep, visit, writeAll } from "./talk.ts";

/** How long one connection lasts at the most, in milliseconds. */
const patienceMs = 2_000;

/** What a {@linkcode Stranger} works with. */
export interface StrangerOptions {
  readonly world: World;
  readonly machines: readonly Machine[];
  /** Takes a broken promise. */
  readonly onViolation: (error: unknown) => void;
}

/** Says what it should not. */
export class Stranger {
  readonly #options: StrangerOptions;
  readonly #dice: Dice;
  readonly #transport: Transport;
  #isOver = false;

  /** @param number which of the strangers */
  constructor(number: number, options: StrangerOptions) {
    this.#options = options;
    const { seed, network } = options.world;
    this.#dice = new Dice(seed, `stranger ${number}`);
    this.#transport = network.transport(new Process(`127.0.3.${number + 1}`));
  }

  /** Speaks until {@linkcode stop}. */
  async run(): Promise<void> {
    const { world, machines, onViolation } = this.#options;
    const transport = this.#transport;
    while (!this.#isOver) {
      await sleep(world, this.#dice.between(0, 800));
      const machine = this.#dice.pick(machines);
      try {
        await visit({ world, transport, machine, patienceMs }, async (connection) => {
          // The machine may have another server by now: then this connection is of no use.
          if (machine.incarnation?.process !== (connection as End).peer.process) return;
          if (world.plan.hasSecret && this.#dice.chance(0.3)) await this.#pose(connection, machine);
          else await this.#babble(connection, machine);
        });
      } catch (error) {
        if (error instanceof Violation) return onViolation(error);
      }
    }
  }

  /** Says nothing more. */
  stop(): void {
    this.#isOver = true;
  }

  /** Whatever is answered, is `? ` and the line. */
  async #babble(connection: Connection, machine: Machine): Promise<void> {
    const lines = this.#lines(machine);
    await writeAll(connection, lines.map((line) => `${line}\n`).join(""));
    if (this.#dice.chance(0.2)) return connection.close();
    const answers = new AnswerReader(connection);
    for (const line of lines) {
      const answer = await answers.next("report");
      if (answer === `? ${line.replace(/\r$/, "")}`) continue;
      throw new Violation(`${machine.plan.name} answered "${answer}" to a stranger's "${line}"`);
    }
  }

  /** Poses as a neighbour who does not know the secret, and shows a proof that it was given. */
  async #pose(connection: Connection, machine: Machine): Promise<void> {
    const { name } = machine.plan;
    const posed = this.#dice.pick(this.#options.world.herd.neighboursOf(name));
    const answers = new AnswerReader(connection);
    await writeAll(connection, `HELLO ${linkVersion} ${posed.name} ${name} ${this.#hex(16)}\n`);
    const words = (await answers.next("report")).split(" ");
    const shown = words[0] === "HELLO" ? words.at(-1)! : "";
    const proof = shown.length === 64 && this.#dice.chance(0.7) ? shown : this.#hex(32);
    await writeAll(connection, `PROOF ${proof}\n${this.#record(posed.name)}\n`);
    for (;;) {
      const answer = await answers.next("report");
      if (!answer.startsWith("WELCOME")) continue;
      throw new Violation(`${name} took a stranger for ${posed.name}`);
    }
  }

  #lines(machine: Machine): string[] {
    const { name } = machine.plan;
    const { servers } = this.#options.world.plan;
    const other = this.#dice.pick(servers).name;
    return this.#dice.pick([
      ["GET / HTTP/1.1\r"],
      ["", "  ", "?", "IAMAT", "IAMAT kiwi +1.0+1.0", "IAMAT stolen - 1621464828.0"],
      ["IAMAT stolen +91.0+0.0 1", "IAMAT stolen +1.0+1.0 1e9", "WHATSAT stolen 51 1"],
      ["BEAT", this.#record(name), this.#record(other), `DIGEST ${this.#hex(20)}`, "DIFFER 1 2 3"],
      [this.#record(other), "WELCOME", `PROOF ${this.#hex(32)}`, "BUCKETS 3 AAAA"],
      [`HELLO ${linkVersion} Nobody ${name} ${this.#hex(16)}`, this.#record(other)],
      [`HELLO ${linkVersion} ${other} Nobody ${this.#hex(16)}`, this.#record(other)],
      [`HELLO 99 ${other} ${name} ${this.#hex(16)}`, this.#record(other)],
    ]);
  }

  /** A record that nobody has said. */
  #record(origin: string): string {
    const stamp = beginS + this.#dice.integer(0, 100);
    return `AT ${origin} +0.100000000 client-${this.#dice.integer(0, 3)} +1.0+1.0 ${stamp}.75`;
  }

  #hex(bytes: number): string {
    return Array.from(
      this.#dice.random.bytes(bytes),
      (byte) => byte.toString(16).padStart(2, "0"),
    ).join("");
  }
}
