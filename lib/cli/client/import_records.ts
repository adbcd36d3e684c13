/**
 * `import`: reports the records of a file to a server.
 *
 * @module
 */

import { linesAtOnceMax, unansweredShownMax } from "../../limits.ts";
import { bytesOf, questionMark, textOf } from "../../protocol/ascii.ts";
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
import { paint } from "./paint.ts";
import { noAnswerText } from "./start_hint.ts";

const decoder = new TextDecoder();

/** What {@linkcode importRecords} needs. */
export interface ImportOptions extends Omit<ImportLine, "command"> {
  readonly transport: Transport;
  readonly clock: Clock;
  /** What the server is shown, where it wants a token: `HERD_TOKEN`. */
  readonly token?: string | undefined;
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
  const { lines, faults } = reportsIn(await bytesIn(options));
  const name = options.file ?? "standard input";
  showSome(faults.map((fault) => `${name}: ${fault}`), print);
  const dialled = await new Dialler([server], { transport, clock, token: options.token }).dial();
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
    await dialogue.send(lines.slice(start, start + linesAtOnceMax));
  }
  const ending = await dialogue.finish();
  showSome(tally.refused.map((line) => `${name}: refused: ${printable(line)}`), print);
  const count = lines.length + faults.length;
  print.log(`${server.name} has ${tally.taken} of ${count} records now, or newer ones`);
  if (dialogue.exchange.dueCount > 0) {
    for (const line of dialogue.report(ending)) print.error(line);
    return noAnswer;
  }
  return faults.length + tally.refused.length > 0 ? exitStatus.failure : exitStatus.success;
}

/** Counts what became of reports; answers come in their order. */
class Tally {
  taken = 0;
  /** Those that were answered with "?", without that. */
  readonly refused: string[] = [];

  answered(answer: Uint8Array): void {
    if (answer[0] === questionMark) this.refused.push(textOf(answer).slice(2).trimEnd());
    else this.taken++;
  }
}

/** A line that may hold anything, for a terminal. */
function printable(line: string): string {
  return decoder.decode(paint(bytesOf(line), { coloured: false }));
}

function showSome(lines: readonly string[], print: Pick<Console, "error">): void {
  for (const line of lines.slice(0, unansweredShownMax)) print.error(line);
  if (lines.length > unansweredShownMax) {
    print.error(`and ${lines.length - unansweredShownMax} more`);
  }
}

async function bytesIn({ file, input = readInput }: ImportOptions): Promise<Uint8Array> {
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
