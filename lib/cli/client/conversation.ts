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
import { questionMark } from "../../protocol/ascii.ts";
import type { HerdFile, ServerEntry } from "../../topology/herd_file.ts";
import { nameHint } from "../../topology/nearest_name.ts";
import { joined } from "../../protocol/pending_bytes.ts";
import { completion } from "./completion.ts";
import type { Dialled, Dialler } from "./dialler.ts";
import { examples, hintFor } from "./hint.ts";
import type { History } from "./history.ts";
import { paint } from "./paint.ts";
import { noAnswerText } from "./start_hint.ts";

/** What a conversation needs besides. */
export interface ConversationContext extends ClientContext {
  readonly herd: HerdFile;
  readonly diallerOf: (servers: readonly ServerEntry[]) => Dialler;
  readonly history: History;
}

const banner = [
  "IAMAT ID LOCATION TIME says where a client is, WHATSAT ID RADIUS BOUND asks what is near it;",
  "help shows examples, Tab completes, quit ends",
];

const help = [
  `${examples.IAMAT.padEnd(40)}kiwi is there; now is the current time`,
  `${examples.WHATSAT.padEnd(40)}at most 5 places within 10 km of kiwi`,
  `${"connect NAME".padEnd(40)}talk to the server NAME`,
  `${"quit".padEnd(40)}end, as Ctrl-D does`,
  "Arrow keys bring back earlier lines, also those of the last time.",
];

/**
 * Talks to a server until the end of the input (`quit`, Ctrl-D, or Ctrl-C on an empty line).
 *
 * @returns the exit status: 0, or 2 when no server answered at the beginning
 */
export async function converse(context: ConversationContext): Promise<number> {
  const conversation = new Conversation(context);
  if (!await conversation.connect()) return noAnswer;
  await conversation.run();
  return 0;
}

class Conversation {
  readonly #context: ConversationContext;
  #dialler: Dialler;
  /** The dialogue with the current server; null between two. */
  #dialogue: Dialogue | null = null;
  #readline: Interface | null = null;
  #finishing = false;

  constructor(context: ConversationContext) {
    this.#context = context;
    this.#dialler = context.dialler;
  }

  /** Finds a server. */
  async connect(): Promise<boolean> {
    const dialled = await this.#dialler.dial();
    if (dialled === null) this.#say([noAnswerText(this.#dialler.names)]);
    else this.#talkTo(dialled);
    return dialled !== null;
  }

  #talkTo(dialled: Dialled): void {
    const { clock } = this.#context;
    const dialogue = new Dialogue(dialled, {
      clock,
      receive: (_, lines) => this.#showAnswers(lines),
    });
    this.#dialogue = dialogue;
    this.#readline?.setPrompt(`${dialled.name}> `);
    this.#say([`connected to ${dialled.name}`]);
    dialogue.ended.then((ending) => this.#lost(dialogue, ending));
  }

  /** Reads lines and sends them, one after the other, to the end of the input. */
  async run(): Promise<void> {
    const { history, herd } = this.#context;
    this.#say(banner);
    const servers = [...herd.servers.keys()];
    const readline = createInterface({
      input: process.stdin,
      output: process.stdout,
      prompt: `${this.#dialogue?.name ?? ""}> `,
      historySize: historyLinesMax,
      history: history.lines,
      removeHistoryDuplicates: true,
      completer: (line: string) => completion(line, { servers, history: history.lines }),
    });
    this.#readline = readline;
    let sent = Promise.resolve();
    readline.on("line", (line) => {
      history.add(line);
      if (line.trim() === "quit" || line.trim() === "exit") return readline.close();
      sent = sent.then(() => this.#take(line));
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

  /** A line is for the client itself, or it is sent. */
  async #take(line: string): Promise<void> {
    const [word, name, ...more] = line.trim().split(/\s+/);
    if (word === "help" && name === undefined) return this.#say(help);
    if (word === "connect" && more.length === 0) return await this.#turnTo(name);
    await this.#sendLine(line);
  }

  /** Talks to another server from now on, if there is such a one. */
  async #turnTo(name: string | undefined): Promise<void> {
    const { herd, diallerOf } = this.#context;
    const server = herd.servers.get(name ?? "");
    if (server === undefined) {
      return this.#say([`connect NAME: ${nameHint(name ?? "", herd.servers.keys())}`]);
    }
    const [before, dialler] = [this.#dialogue, diallerOf([server])];
    const dialled = await dialler.dial();
    if (dialled === null) return this.#say([noAnswerText(dialler.names)]);
    this.#dialogue = null;
    await before?.finish();
    this.#dialler = dialler;
    this.#talkTo(dialled);
  }

  async #sendLine(line: string): Promise<void> {
    if (line === "") return;
    if (this.#dialogue === null) {
      this.#dialler.forgive();
      if (!await this.connect()) return this.#say([`not sent: ${line}`]);
    }
    const bytes = new TextEncoder().encode(`${line}\n`);
    await this.#dialogue?.send([withTime(bytes, this.#context.clock)]);
  }

  /** Turns to another server when a connection has ended. */
  async #lost(dialogue: Dialogue, ending: Ending): Promise<void> {
    // What was left for another server is not lost.
    if (dialogue !== this.#dialogue) return;
    this.#dialogue = null;
    if (this.#finishing && dialogue.exchange.dueCount === 0) return;
    this.#say(dialogue.report(ending));
    if (this.#finishing) return;
    const dialler = this.#dialler;
    dialler.leave({ name: dialogue.name, answered: dialogue.exchange.answeredCount > 0 });
    if (!dialler.hasChoice || !await this.connect()) {
      this.#readline?.setPrompt("> ");
      this.#say(["the next line dials again"]);
    }
  }

  #showAnswers(lines: readonly Uint8Array[]): void {
    const { isColoured: coloured } = this.#context.terminal;
    this.#show(joined(lines.flatMap((line) => {
      const shown = paint(line, { coloured });
      return line[0] === questionMark ? [shown, remarks([hintFor(line.subarray(2))])] : [shown];
    })));
  }

  #say(lines: readonly string[]): void {
    this.#show(remarks(lines));
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

/** What the client itself says, marked as such. */
function remarks(lines: readonly string[]): Uint8Array {
  return new TextEncoder().encode(lines.map((line) => `# ${line}\n`).join(""));
}

/** Ctrl-C drops the line that is being typed; on an empty line it ends the conversation. */
function interrupt(readline: Interface): void {
  if (readline.line === "") return readline.close();
  readline.write(null, { ctrl: true, name: "e" });
  readline.write(null, { ctrl: true, name: "u" });
}
