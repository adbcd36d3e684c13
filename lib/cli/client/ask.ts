/**
 * Lines from arguments or a pipe to a server, and its answers to a pipe or a terminal.
 *
 * @module
 */

import { lineBytesMax } from "../../limits.ts";
import type { Clock, Instant } from "../../transport/transport.ts";
import type { Dialler } from "./dialler.ts";
import { Dialogue, type Ending } from "./dialogue.ts";
import { Lines } from "../lines.ts";
import { joined } from "../../protocol/pending_bytes.ts";
import { replaceNow } from "./now.ts";
import { paint } from "./paint.ts";
import { noAnswerText } from "./start_hint.ts";
import type { Terminal } from "./terminal.ts";

/** What a client in conversation with a herd needs. */
export interface ClientContext {
  readonly dialler: Dialler;
  readonly clock: Clock;
  readonly terminal: Terminal;
}

/** The exit status when no server answers, or one that was asked did not. */
export const noAnswer = 2;

/** The exit status when an answer begins with "?". */
export const refused = 1;

/**
 * Sends what comes from `input`, and prints the answers as they come: to a pipe byte for byte. When
 * a server dies while there is input, another one is asked from then on, if there is a choice.
 * Lines that were not answered are reported, not sent again: one of them may have killed the
 * server.
 *
 * @param input lines in pieces of any size
 * @returns 0, or 1 when an answer begins with "?", or 2 when a line was not answered
 */
export async function ask(
  input: AsyncIterable<Uint8Array>,
  context: ClientContext,
): Promise<number> {
  const client = new BatchClient(context);
  const complete = await client.run(commands(input, context.clock));
  return complete ? client.status() : noAnswer;
}

/** The lines of each piece of the input that completes some. */
async function* commands(input: AsyncIterable<Uint8Array>, clock: Clock) {
  const lines = new Lines({ lineBytesMax });
  const timed = (line: Uint8Array) => withTime(line, clock);
  for await (const piece of input) {
    const complete = lines.push(piece);
    if (complete.length > 0) yield complete.map(timed);
  }
  yield lines.end().map(timed);
}

/** @returns the line with the current time in the place of an IAMAT's "now" */
export function withTime(line: Uint8Array, clock: Clock): Uint8Array {
  const instant: Instant = { seconds: 0, nanoseconds: 0 };
  clock.now(instant);
  return replaceNow(line, instant);
}

/** One run of {@linkcode ask}: a dialogue with one server after another. */
class BatchClient {
  readonly #context: ClientContext;
  readonly #dialogues: Dialogue[] = [];

  constructor(context: ClientContext) {
    this.#context = context;
  }

  /** @returns whether there was a server for every piece */
  async run(pieces: AsyncIterator<Uint8Array[]>): Promise<boolean> {
    let dialogue = await this.#connect();
    let next = pieces.next();
    while (dialogue !== null) {
      const event: IteratorResult<Uint8Array[]> | Ending = await Promise.race([
        next,
        dialogue.ended,
      ]);
      if (typeof event === "string") {
        dialogue = await this.#replace(dialogue, event);
      } else if (event.done) {
        const ending = await dialogue.finish();
        if (dialogue.exchange.dueCount > 0) this.#report(dialogue.report(ending));
        return true;
      } else {
        await dialogue.send(event.value);
        next = pieces.next();
      }
    }
    return false;
  }

  status(): number {
    if (this.#dialogues.some(({ exchange }) => exchange.dueCount > 0)) return noAnswer;
    return this.#dialogues.some(({ exchange }) => exchange.refusedCount > 0) ? refused : 0;
  }

  async #connect(): Promise<Dialogue | null> {
    const { dialler, clock, terminal } = this.#context;
    const dialled = await dialler.dial();
    if (dialled === null) {
      terminal.say(noAnswerText(dialler.names));
      return null;
    }
    if (dialler.hasChoice) terminal.say(`connected to ${dialled.name}`);
    const dialogue = new Dialogue(dialled, {
      clock,
      receive: (bytes, lines) => this.#print(bytes, lines),
    });
    this.#dialogues.push(dialogue);
    return dialogue;
  }

  /** Another server in the place of one whose connection has ended. */
  #replace(dialogue: Dialogue, ending: Ending): Promise<Dialogue | null> {
    const { dialler } = this.#context;
    this.#report(dialogue.report(ending));
    dialler.leave({ name: dialogue.name, answered: dialogue.exchange.answeredCount > 0 });
    return dialler.hasChoice ? this.#connect() : Promise.resolve(null);
  }

  #report(lines: readonly string[]): void {
    for (const line of lines) this.#context.terminal.say(line);
  }

  /** Prints what a server sends. */
  async #print(bytes: Uint8Array, lines: readonly Uint8Array[]): Promise<void> {
    const { terminal } = this.#context;
    if (!terminal.isShown) return await terminal.write(bytes);
    const coloured = terminal.isColoured;
    await terminal.write(joined(lines.map((line) => paint(line, { coloured }))));
  }
}
