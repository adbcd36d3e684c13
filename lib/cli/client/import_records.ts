/**
 * `import`: reports the records of a file to a server.
 *
 * @module
 */

import { linesAtOnceMax, unansweredShownMax } from "../../limits.ts";
import { fieldsOf, textOf } from "../../protocol/ascii.ts";
import { joined } from "../../protocol/pending_bytes.ts";
import type { Clock, Transport } from "../../transport/transport.ts";
import type { ImportLine } from "../command_line.ts";
import { exitStatus, StartError } from "../exit_status.ts";
import { openConfig, readFailure } from "../find_config.ts";
import { reportsIn } from "../records/reports_in.ts";
import { serverNamed } from "../server_named.ts";
import { noAnswer } from "./ask.ts";
import { Dialler } from "./dialler.ts";
import { Dialogue } from "./dialogue.ts";
import { noAnswerText } from "./start_hint.ts";

/** What {@linkcode importRecords} needs. */
export interface ImportOptions extends Omit<ImportLine, "command"> {
  readonly transport: Transport;
  readonly clock: Clock;
  /** Standard input, where no file is named; the process's own by default. */
  readonly input?: () => Promise<Uint8Array>;
  /** Where people are told what became of the records; the console by default. */
  readonly print?: Pick<Console, "log" | "error">;
}

/**
 * Sends a report for every record. What the server has already is not replaced by anything older.
 *
 * @returns the exit status: 0; 1 when something in the file is no record, or was refused; 2 when
 * the server does not answer
 * @throws {HerdFileError} when the configuration is wrong
 * @throws {UsageError} when there is no such server
 * @throws {StartError} when the file cannot be read
 */
export async function importRecords(options: ImportOptions): Promise<number> {
  const { transport, clock, print = console } = options;
  const { config, herd } = await openConfig(options.config);
  const server = serverNamed(options.name, { herd, config: config.name });
  const { lines, faults } = reportsIn(await bytesOf(options));
  const name = options.file ?? "standard input";
  showSome(faults.map((fault) => `${name}: ${fault}`), print);
  const dialled = await new Dialler([server], { transport, clock }).dial();
  if (dialled === null) {
    print.error(noAnswerText([server.name]));
    return noAnswer;
  }
  const tally = new Tally();
  const dialogue = new Dialogue(dialled, {
    clock,
    receive: (_, answers) => answers.forEach((answer) => tally.answered(answer)),
  });
  for (let start = 0; start < lines.length; start += linesAtOnceMax) {
    const some = lines.slice(start, start + linesAtOnceMax);
    tally.sent(some);
    await dialogue.send(some);
  }
  const ending = await dialogue.finish();
  showSome(tally.refused.map((line) => `${name}: refused: ${line}`), print);
  print.log(`${server.name} took ${tally.taken} of ${lines.length + faults.length} records`);
  if (tally.older > 0) print.log(`it has newer ones of ${tally.older} of these clients`);
  if (dialogue.exchange.dueCount > 0) {
    for (const line of dialogue.report(ending)) print.error(line);
    return noAnswer;
  }
  return faults.length + tally.refused.length > 0 ? exitStatus.failure : exitStatus.success;
}

/** Counts what became of reports; answers come in their order. */
class Tally {
  taken = 0;
  /** Those that were answered with another record, which is newer. */
  older = 0;
  /** Those that were answered with "?". */
  readonly refused: string[] = [];
  #waiting: Uint8Array[] = [];
  #next = 0;

  sent(reports: readonly Uint8Array[]): void {
    this.#waiting = [...this.#waiting.slice(this.#next), ...reports];
    this.#next = 0;
  }

  answered(answer: Uint8Array): void {
    const report = this.#waiting[this.#next++];
    if (report === undefined) return;
    const [word, , , , location, time] = fieldsOf(answer, 6).map(textOf);
    const [, id, sentLocation, sentTime] = fieldsOf(report, 4).map(textOf);
    if (word !== "AT") this.refused.push(`${id} ${sentLocation} ${sentTime}`);
    else if (location === sentLocation && time === sentTime) this.taken++;
    else this.older++;
  }
}

function showSome(lines: readonly string[], print: Pick<Console, "error">): void {
  for (const line of lines.slice(0, unansweredShownMax)) print.error(line);
  if (lines.length > unansweredShownMax) {
    print.error(`and ${lines.length - unansweredShownMax} more`);
  }
}

async function bytesOf({ file, input = readInput }: ImportOptions): Promise<Uint8Array> {
  if (file === undefined) return await input();
  try {
    return await Deno.readFile(file);
  } catch (error) {
    throw new StartError(`${file}: ${readFailure(error)}`);
  }
}

async function readInput(): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  for await (const piece of Deno.stdin.readable) pieces.push(piece);
  return joined(pieces);
}
