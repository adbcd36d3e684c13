/**
 * Questions whose answers have many lengths, as fast as the server answers: what each is answered with
 * is learned first, so that counting bytes is enough under load.
 *
 * @module
 */

import type { LoadJob } from "./job.ts";
import { Poll, Socket } from "./libc.ts";
import { Window } from "./window.ts";

/** The answers to one block in so many are held against what was learned. */
const checkEvery = 97;

/** A server that answers nothing for this long has failed, in milliseconds. */
const patienceMs = 20_000;

/** More than the answers to one block. */
const answerBytesMax = 4 * 1024 * 1024;

const encoder = new TextEncoder();
const newline = 0x0a;

/** Questions that are sent together, and what they are answered with. */
interface Block {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly answer: Uint8Array<ArrayBuffer>;
}

/** One connection and what it waits for. */
interface Talk {
  readonly socket: Socket;
  next: number;
  block: Block;
  got: number;
  isChecked: boolean;
}

/**
 * @param job with questions, which each connection asks in turn, all beginning at another
 * @returns what came of it
 * @throws {Error} when the server answers otherwise than before, or not at all
 */
export function runAsked(job: LoadJob & { readonly questions: readonly string[] }) {
  const { connections, targets } = job;
  const blocks = learn(job);
  const poll = new Poll();
  const talks: Talk[] = Array.from({ length: connections }, (_, index) => {
    const socket = new Socket(targets[index % targets.length]!.port);
    poll.add(socket, index);
    return { socket, next: index, block: blocks[0]!, got: 0, isChecked: false };
  });
  try {
    return { ...run(job, { poll, talks, blocks }), checked: blocks.length };
  } finally {
    for (const { socket } of talks) socket.close();
    poll.close();
  }
}

function run(
  job: LoadJob,
  { poll, talks, blocks }: { poll: Poll; talks: readonly Talk[]; blocks: readonly Block[] },
) {
  const into = new Uint8Array(answerBytesMax);
  const window = new Window(job);
  let lines = 0;
  let busy = talks.length;
  let isOver = false;
  let lastMs = performance.now();
  for (const talk of talks) ask(talk, blocks);
  while (busy > 0) {
    const ready = poll.wait(1_000);
    const now = performance.now();
    if (ready > 0) lastMs = now;
    else if (now - lastMs > patienceMs) throw new Error("no answer");
    for (let at = 0; at < ready; at++) {
      const talk = talks[poll.ready(at)]!;
      if (!receive(talk, into)) continue;
      lines += job.inFlight;
      if (isOver) busy--;
      else ask(talk, blocks);
    }
    isOver ||= window.over(now, lines);
  }
  return window.result();
}

function ask(talk: Talk, blocks: readonly Block[]): void {
  talk.isChecked = talk.next % checkEvery === 0;
  talk.block = blocks[talk.next++ % blocks.length]!;
  talk.got = 0;
  talk.socket.send(talk.block.bytes);
}

/** @returns whether the whole answer is there */
function receive(talk: Talk, into: Uint8Array<ArrayBuffer>): boolean {
  const { answer } = talk.block;
  const count = talk.socket.receive(into);
  if (count === 0) throw new Error("the server closed the connection");
  if (count < 0) return false;
  if (talk.isChecked) {
    const wrong = into.subarray(0, count).findIndex((byte, at) => byte !== answer[talk.got + at]);
    if (wrong >= 0) throw new Error(`byte ${talk.got + wrong} of an answer is another than before`);
  }
  talk.got += count;
  if (talk.got > answer.length) throw new Error("an answer is longer than before");
  return talk.got === answer.length;
}

/** Asks each question by itself. @returns as many blocks as questions, each beginning with another */
function learn({ questions, targets, inFlight }: Parameters<typeof runAsked>[0]): Block[] {
  const socket = new Socket(targets[0]!.port);
  const poll = new Poll();
  poll.add(socket, 0);
  const answers = questions.map((question) => answerTo(encoder.encode(question), socket, poll));
  socket.close();
  poll.close();
  return questions.map((_, first) => {
    const block = Array.from({ length: inFlight }, (_, at) => (first + at) % questions.length);
    return {
      bytes: encoder.encode(block.map((at) => questions[at]!).join("")),
      answer: new Uint8Array(block.flatMap((at) => [...answers[at]!])),
    };
  });
}

function answerTo(question: Uint8Array<ArrayBuffer>, socket: Socket, poll: Poll): Uint8Array {
  const answer = new Uint8Array(answerBytesMax);
  const begun = performance.now();
  socket.send(question);
  for (let got = 0; !isWhole(answer.subarray(0, got));) {
    if (performance.now() - begun > patienceMs) throw new Error("no answer to a question");
    if (poll.wait(1_000) === 0) continue;
    const count = socket.receive(answer.subarray(got));
    if (count === 0) throw new Error("the server closed the connection");
    if (count > 0) got += count;
    if (isWhole(answer.subarray(0, got))) return answer.slice(0, got);
  }
  throw new Error("an answer of no bytes");
}

/** The herd's answers end in an empty line, those of GEOSEARCH have eight lines a place. */
function isWhole(answer: Uint8Array): boolean {
  if (answer[0] !== "*".charCodeAt(0)) {
    return answer.length > 1 && answer.at(-1) === newline && answer.at(-2) === newline;
  }
  const text = new TextDecoder().decode(answer);
  return text.split("\r\n").length - 1 === 1 + 8 * parseInt(text.slice(1));
}
