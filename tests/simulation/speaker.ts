/**
 * A program that speaks to the herd for clients: reports, some of them late or twice, and questions,
 * to one server after the other, and it checks every answer.
 *
 * @module
 */

import type { Connection, Transport } from "../../lib/transport/transport.ts";
import { Dice } from "./dice.ts";
import type { End } from "./end.ts";
import type { Machine, World } from "./machine.ts";
import { nanosecondsOf, versionOf } from "./order.ts";
import { Process } from "./process.ts";
import { beginS } from "./program_clock.ts";
import { type Answerer, type HerdPromise, Violation } from "./promise.ts";
import { AnswerReader, MissingAnswer, sleep, visit, writeAll } from "./talk.ts";

/** How long an answer may take before the client gives up, in milliseconds. */
const patienceMs = 3_000;
/** How long the answers to very many commands may take, in milliseconds. */
const probeMs = 20_000;

/** What a client says, and what it knows of the answer. */
interface Command {
  readonly line: string;
  readonly kind: "report" | "question";
  readonly id: string;
  /** A report's record as it must come back: `ID location time`. */
  readonly record: string;
  readonly stamp: string;
  /** The newest time that the server had answered of this client before. */
  readonly answered: bigint | undefined;
}

/** What a {@linkcode Speaker} works with. */
export interface SpeakerOptions {
  readonly world: World;
  readonly machines: readonly Machine[];
  readonly promise: HerdPromise;
  /** Of every client, the stamps that were used, the latest last; all speakers share them. */
  readonly stamps: Map<string, string[]>;
  /** Takes a broken promise. */
  readonly onViolation: (error: unknown) => void;
}

/** A program that speaks for clients. */
export class Speaker {
  readonly #options: SpeakerOptions;
  readonly #dice: Dice;
  readonly #transport: Transport;
  readonly #skewMs: number;
  #isOver = false;

  /** @param number which of the speakers */
  constructor(number: number, options: SpeakerOptions) {
    this.#options = options;
    const { seed, network, plan } = options.world;
    this.#dice = new Dice(seed, `speaker ${number}`);
    this.#skewMs = this.#dice.between(-plan.speakerSkewMs, plan.speakerSkewMs);
    this.#transport = network.transport(new Process(`127.0.1.${number + 1}`));
  }

  /** Speaks until {@linkcode stop}. */
  async run(): Promise<void> {
    while (!this.#isOver) {
      await this.#sleep(this.#dice.between(0, 400));
      if (this.#isOver) return;
      try {
        await this.#visit(this.#dice.pick(this.#options.machines));
      } catch (error) {
        if (error instanceof Violation) return this.#options.onViolation(error);
        // A server that is not there, or no longer: the next one is.
      }
    }
  }

  /** Says nothing more. */
  stop(): void {
    this.#isOver = true;
  }

  #sleep(ms: number): Promise<void> {
    return sleep(this.#options.world, ms);
  }

  /** One connection to one server. */
  async #visit(machine: Machine): Promise<void> {
    const { world } = this.#options;
    const transport = this.#transport;
    await visit({ world, transport, machine, patienceMs }, async (connection) => {
      const { incarnation } = machine;
      // The machine may have another server by now: then this connection is of no use.
      if (incarnation?.process !== (connection as End).peer.process) return;
      await this.#converse(connection, { machine, incarnation });
    });
  }

  async #converse(connection: Connection, answerer: Answerer): Promise<void> {
    const answers = new AnswerReader(connection);
    for (let rounds = this.#dice.integer(1, 3); rounds > 0 && !this.#isOver; rounds--) {
      const commands = Array.from(
        { length: this.#dice.integer(1, 5) },
        () => this.#command(answerer),
      );
      const { trace } = this.#options.world;
      for (const { line } of commands) trace.note(`${answerer.machine.plan.name} is told ${line}`);
      await writeAll(connection, commands.map(({ line }) => `${line}\n`).join(""));
      // Some are slow to read.
      if (this.#dice.chance(0.2)) await this.#sleep(this.#dice.between(0, 1_000));
      for (const command of commands) await this.#check(command, { answers, answerer });
    }
    if (this.#dice.chance(0.1)) await this.#leaveWithHalf(connection, { answers, answerer });
  }

  /** Says a last line without its end, or half of one, in two pieces, and leaves. */
  async #leaveWithHalf(
    connection: Connection,
    { answers, answerer }: { answers: AnswerReader; answerer: Answerer },
  ): Promise<void> {
    const command = this.#command(answerer);
    const whole = command.line;
    const half = this.#dice.chance(0.5)
      ? whole
      : whole.slice(0, this.#dice.integer(1, whole.length));
    // Half of a time is a time.
    if (command.kind === "report") this.#options.promise.said(half.slice("IAMAT ".length));
    const middle = this.#dice.integer(0, half.length);
    await writeAll(connection, half.slice(0, middle));
    await this.#sleep(this.#dice.between(0, 300));
    await writeAll(connection, half.slice(middle));
    if (this.#dice.chance(0.3)) return;
    await connection.closeWrite();
    if (half === whole) await this.#check(command, { answers, answerer });
  }

  /**
   * Says very much at once when nothing goes wrong, the last line without its end: every line is
   * answered, in order.
   *
   * @param lines how many
   * @throws {Violation} when one is not
   */
  async probe(machine: Machine, lines: number): Promise<void> {
    const { world } = this.#options;
    const { name } = machine.plan;
    let answered = 0;
    try {
      await visit(
        { world, transport: this.#transport, machine, patienceMs: probeMs },
        async (connection) => {
          const answerer = { machine, incarnation: machine.incarnation! };
          const commands = Array.from({ length: lines }, () => this.#command(answerer));
          const answers = new AnswerReader(connection);
          const saying = writeAll(connection, commands.map(({ line }) => line).join("\n"))
            .then(() => connection.closeWrite());
          saying.catch(() => {});
          for (const command of commands) {
            await this.#check({ ...command, answered: undefined }, { answers, answerer });
            answered++;
          }
        },
      );
    } catch (error) {
      if (error instanceof Violation) throw error;
      throw new Violation(
        `${name} answered ${answered} of ${lines} lines in ${probeMs} ms: ${error}`,
      );
    }
  }

  #command({ incarnation }: Answerer): Command {
    const { plan } = this.#options.world;
    const id = this.#dice.pick(plan.ids);
    const answered = incarnation.answered.get(id);
    if (this.#dice.chance(0.25)) {
      const bound = this.#dice.chance(0.7) ? 0 : 5;
      const line = `WHATSAT ${id} 10 ${bound}`;
      return { line, kind: "question", id, record: "", stamp: "", answered };
    }
    const stamp = this.#stamp(id);
    const record = `${id} ${this.#location()} ${stamp}`;
    this.#options.promise.said(record);
    return { line: `IAMAT ${record}`, kind: "report", id, record, stamp, answered };
  }

  #location(): string {
    const degrees = (max: number) => {
      const value = this.#dice.integer(-max, max);
      return `${value < 0 ? "-" : "+"}${Math.abs(value)}.${this.#dice.integer(0, 9)}`;
    };
    return degrees(89) + degrees(179);
  }

  /** Now, as a rule; a moment that has passed; or one that was reported before. */
  #stamp(id: string): string {
    const { stamps, world } = this.#options;
    const used = stamps.get(id) ?? [];
    stamps.set(id, used);
    if (used.length > 0 && this.#dice.chance(0.25)) return this.#again(used);
    const lateMs = this.#dice.chance(0.15) ? this.#dice.between(0, 60_000) : 0;
    const ms = world.time.nowMs + this.#skewMs - lateMs;
    const seconds = Math.floor(ms / 1_000);
    const fraction = String(Math.floor((ms / 1_000 - seconds) * 1e9)).padStart(9, "0");
    const stamp = `${beginS + seconds}.${fraction.slice(0, this.#dice.pick([1, 3, 9]))}`;
    used.push(stamp);
    return stamp;
  }

  /** The same time in the same words, or in others. */
  #again(used: readonly string[]): string {
    const stamp = used[Math.max(0, used.length - this.#dice.integer(1, 2))]!;
    return this.#dice.pick([stamp, stamp, stamp, `0${stamp}`, `${stamp}0`, `${stamp}0000000005`]);
  }

  async #check(
    command: Command,
    { answers, answerer }: { answers: AnswerReader; answerer: Answerer },
  ): Promise<void> {
    const { trace } = this.#options.world;
    const { name, durability } = answerer.machine.plan;
    const answer = await answers.next(command.kind).catch((error) => {
      const { machine: { incarnation, isServing } } = answerer;
      const isLost = isServing && incarnation === answerer.incarnation && durability !== "sync";
      if (!(error instanceof MissingAnswer) || !isLost) throw error;
      throw new Violation(`${name} closed without an answer to "${command.line}"`);
    });
    trace.note(`${name} answers ${answer}`);
    if (answer === `? ${command.line}`) return this.#checkRefusal(command, answerer);
    const version = answer.startsWith("AT ") ? versionOf(answer) : null;
    const isRight = command.kind === "report"
      ? answer.startsWith(`AT ${name} `) && answer.endsWith(` ${command.record}`)
      : version?.id === command.id && answer.split(" ")[4] !== "-";
    if (!isRight) throw new Violation(`${name} answered "${answer}" to "${command.line}"`);
    const { answered } = command;
    if (command.kind === "report") this.#options.promise.answered(version!, answerer);
    else if (answered !== undefined && version!.time < answered && !this.#mayForget) {
      throw new Violation(`${name} had answered ${command.id} at ${answered}, then "${answer}"`);
    }
  }

  get #mayForget(): boolean {
    return this.#options.world.plan.forgetAfterS !== null;
  }

  /** A question is refused when the client is unknown, a report when its time is too far ahead. */
  #checkRefusal(command: Command, { machine: { plan: { name }, skewMsMin } }: Answerer): void {
    const refused = `${name} refused "${command.line}"`;
    if (command.kind === "question") {
      const isUnknown = command.answered === undefined || this.#mayForget;
      if (isUnknown || this.#options.promise.wasDeleted(command.id)) return;
      throw new Violation(`${refused} and had answered it at ${command.answered}`);
    }
    const { maxClockAheadS } = this.#options.world.plan;
    if (maxClockAheadS === null) throw new Violation(refused);
    const { time } = this.#options.world;
    const earliestS = beginS + (time.nowMs - patienceMs + skewMsMin) / 1_000;
    const boundS = BigInt(Math.floor(earliestS + maxClockAheadS));
    if (nanosecondsOf(command.stamp) < boundS * 1_000_000_000n) throw new Violation(refused);
  }
}
