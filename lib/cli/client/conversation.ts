/**
 * A conversation with a herd on a terminal: lines with history and editing, answers as they come.
 *
 * @module
 */

import process from "node:process";
import { createInterface, type Interface } from "node:readline";
import { historyLinesMax } from "../../limits.ts";
import { type ClientContext, noAnswer, withTime } from "./ask.ts";
import { Dialogue, type Ending } from "./dialogue.ts";
import { joined } from "../../protocol/pending_bytes.ts";
import { paint } from "./paint.ts";

/**
 * Talks to a server until the end of the input (Ctrl-D, or Ctrl-C on an empty line).
 *
 * @returns the exit status: 0, or 2 when no server answered at the beginning
 */
export async function converse(context: ClientContext): Promise<number> {
  const conversation = new Conversation(context);
  if (!await conversation.connect()) return noAnswer;
  await conversation.run();
  return 0;
}

class Conversation {
  readonly #context: ClientContext;
  /** The dialogue with the current server; null between two. */
  #dialogue: Dialogue | null = null;
  #readline: Interface | null = null;
  #finishing = false;

  constructor(context: ClientContext) {
    this.#context = context;
  }

  /** Finds a server. */
  async connect(): Promise<boolean> {
    const { dialler, clock } = this.#context;
    const dialled = await dialler.dial();
    if (dialled === null) {
      this.#say([`no answer from ${dialler.names}`]);
      return false;
    }
    const dialogue = new Dialogue(dialled, {
      clock,
      receive: (_, lines) => this.#showAnswers(lines),
    });
    this.#dialogue = dialogue;
    this.#readline?.setPrompt(`${dialled.name}> `);
    this.#say([`connected to ${dialled.name}`]);
    dialogue.ended.then((ending) => this.#lost(dialogue, ending));
    return true;
  }

  /** Reads lines and sends them, one after the other, to the end of the input. */
  async run(): Promise<void> {
    const readline = createInterface({
      input: process.stdin,
      output: process.stdout,
      prompt: `${this.#dialogue?.name ?? ""}> `,
      historySize: historyLinesMax,
      removeHistoryDuplicates: true,
    });
    this.#readline = readline;
    let sent = Promise.resolve();
    readline.on("line", (line) => {
      sent = sent.then(() => this.#sendLine(line));
      readline.prompt();
    });
    readline.on("SIGINT", () => interrupt(readline));
    readline.prompt();
    await new Promise<void>((resolve) => readline.once("close", resolve));
    this.#readline = null;
    process.stdout.write("\n");
    await sent;
    this.#finishing = true;
    await this.#dialogue?.finish();
  }

  async #sendLine(line: string): Promise<void> {
    if (line === "") return;
    if (this.#dialogue === null) {
      this.#context.dialler.forgive();
      if (!await this.connect()) return this.#say([`not sent: ${line}`]);
    }
    const bytes = new TextEncoder().encode(`${line}\n`);
    await this.#dialogue?.send([withTime(bytes, this.#context.clock)]);
  }

  /** Turns to another server when a connection has ended. */
  async #lost(dialogue: Dialogue, ending: Ending): Promise<void> {
    const { dialler } = this.#context;
    this.#dialogue = null;
    if (this.#finishing && dialogue.exchange.dueCount === 0) return;
    this.#say(dialogue.report(ending));
    if (this.#finishing) return;
    dialler.leave({ name: dialogue.name, answered: dialogue.exchange.answeredCount > 0 });
    if (!dialler.hasChoice || !await this.connect()) {
      this.#readline?.setPrompt("> ");
      this.#say(["the next line dials again"]);
    }
  }

  #showAnswers(lines: readonly Uint8Array[]): void {
    const { isColoured: coloured } = this.#context.terminal;
    this.#show(joined(lines.map((line) => paint(line, { coloured }))));
  }

  #say(lines: readonly string[]): void {
    this.#show(new TextEncoder().encode(lines.map((line) => `# ${line}\n`).join("")));
  }

  /** Writes above the line that is being typed, and puts that back. */
  #show(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    const readline = this.#readline;
    if (readline === null) return void process.stdout.write(bytes);
    // The prompt is drawn again, starting on the row where it began.
    const { rows } = readline.getCursorPos();
    process.stdout.write(`${rows > 0 ? `\x1b[${rows}A` : ""}\r\x1b[J`);
    process.stdout.write(bytes);
    process.stdout.write("\n".repeat(rows));
    readline.prompt(true);
  }
}

/** Ctrl-C drops the line that is being typed; on an empty line it ends the conversation. */
function interrupt(readline: Interface): void {
  if (readline.line === "") return readline.close();
  readline.write(null, { ctrl: true, name: "e" });
  readline.write(null, { ctrl: true, name: "u" });
}
