/**
 * As fast as the server answers: each connection sends a block, waits for the answers to all of it,
 * and sends the next, as `redis-benchmark -P` does.
 *
 * @module
 */

import type { LoadJob } from "./job.ts";
import { Poll, Socket } from "./libc.ts";
import { answerBytes, Blocks, checkAnswer, type Stamps } from "./traffic.ts";
import { Window } from "./window.ts";

/** One answer in so many blocks is held against what was sent. */
const checkEvery = 97;

/** A server that answers nothing for this long has failed, in milliseconds. */
const patienceMs = 20_000;

/** One connection and what it waits for. */
interface Talk {
  readonly socket: Socket;
  readonly blocks: Blocks;
  readonly server: string;
  /** Bytes of one answer. */
  readonly lineBytes: number;
  readonly answer: Uint8Array<ArrayBuffer>;
  got: number;
  /** What was sent last, kept for a block whose answer is checked. */
  sent: Uint8Array | null;
  blocksLeft: number;
}

/**
 * @param job what is sent, where, how long
 * @param stamps the times of the lines, in one order over all jobs
 * @returns what came of it
 * @throws {Error} when the server answers wrongly or not at all
 */
export function runClosed(job: LoadJob, stamps: Stamps) {
  const poll = new Poll();
  const talks = open(job, stamps, poll);
  const window = new Window(job);
  let blocks = 0;
  let checked = 0;
  let lines = 0;
  let isOver = false;
  let busy = talks.length;
  let lastMs = performance.now();
  try {
    for (const talk of talks) send(talk, true);
    while (busy > 0) {
      const ready = poll.wait(1_000);
      const now = performance.now();
      if (ready > 0) lastMs = now;
      else if (now - lastMs > patienceMs) throw new Error(`no answer: ${partial(talks)}`);
      for (let at = 0; at < ready; at++) {
        const talk = talks[poll.ready(at)]!;
        lines += receive(talk) / talk.lineBytes;
        if (talk.got < talk.answer.length) continue;
        blocks++;
        if (talk.sent !== null) {
          const { server } = talk;
          checkAnswer(talk.sent, talk.answer, { dialect: job.dialect, server });
          checked += job.inFlight;
        }
        if (--talk.blocksLeft === 0 || isOver) busy--;
        else send(talk, blocks % checkEvery === 0);
      }
      // What is under way is waited for: it would be work for the server while another is measured.
      isOver ||= window.over(now, lines);
    }
    if (!isOver) window.finish(performance.now(), lines);
    return { ...window.result(), checked };
  } finally {
    for (const { socket } of talks) socket.close();
    poll.close();
  }
}

function open(job: LoadJob, stamps: Stamps, poll: Poll): Talk[] {
  const { connections, inFlight, dialect, targets } = job;
  const clients = Math.max(1, Math.floor(job.clients / connections));
  const blocksLeft = job.turns === undefined ? Infinity : Math.ceil(clients / inFlight) * job.turns;
  return Array.from({ length: connections }, (_, index) => {
    const { port, server } = targets[index % targets.length]!;
    const socket = new Socket(port);
    poll.add(socket, index);
    const firstClient = index * clients;
    const blocks = new Blocks({ dialect, inFlight, firstClient, clients, stamps });
    const lineBytes = answerBytes(dialect, server);
    const answer = new Uint8Array(lineBytes * inFlight);
    return { socket, blocks, server, lineBytes, answer, got: 0, sent: null, blocksLeft };
  });
}

function send(talk: Talk, isChecked: boolean): void {
  const block = talk.blocks.next();
  talk.sent = isChecked ? block.slice() : null;
  talk.got = 0;
  talk.socket.send(block);
}

/** @returns how many bytes of the answer came */
function receive(talk: Talk): number {
  const room = talk.got === 0 ? talk.answer : talk.answer.subarray(talk.got);
  const count = talk.socket.receive(room);
  if (count === 0) throw new Error("the server closed the connection");
  if (count < 0) return 0;
  talk.got += count;
  return count;
}

/** What an unfinished answer looks like, for the error. */
function partial(talks: readonly Talk[]): string {
  const talk = talks.find(({ got, answer }) => got < answer.length);
  return talk === undefined ? "" : new TextDecoder().decode(talk.answer.subarray(0, talk.got));
}
