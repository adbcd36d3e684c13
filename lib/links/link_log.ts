/**
 * Logs what is said on a link: every line but the records, which are logged where they are copied, and
 * the heartbeats, which say nothing. Of catch-up the log has what differs, not the hashes; of the
 * handshake not the proofs, or whoever reads a log could guess secrets on them.
 *
 * @module
 */

import type { Block } from "../block.ts";
import { space } from "../protocol/ascii.ts";
import { wireLabel } from "../log/log_file.ts";
import { heartbeatWord } from "./hello.ts";
import type { LinksContext } from "./links_context.ts";
import type { LineConnection } from "./line_connection.ts";

const encoder = new TextEncoder();
const heartbeat = encoder.encode(heartbeatWord);
const digest = encoder.encode("DIGEST ");
/** Lines whose last word is hashes or a proof. */
const endingUnlogged = ["DIGEST ", "BUCKETS ", "PROOF ", "WELCOME "].map((word) =>
  encoder.encode(word)
);

/**
 * @param line a line, without its newline
 * @returns whether it is a heartbeat
 */
export function isHeartbeat(line: Uint8Array): boolean {
  return line.length === heartbeat.length && beginsWith(line, heartbeat);
}

/** @returns how much of a line is logged */
function loggedBytes(line: Uint8Array): number {
  const isUnlogged = endingUnlogged.some((word) => beginsWith(line, word));
  return isUnlogged ? Math.max(line.lastIndexOf(space), 0) : line.length;
}

/**
 * Has the lines of a link logged. What differs by a neighbour's `DIGEST` is known when it has been
 * compared, and noted then.
 *
 * @param herd where they are logged
 * @param link the link
 * @param peer the neighbour, and its address
 * @returns logs a text as if the neighbour had said it
 */
export function linkLog(
  { wire, clock }: LinksContext,
  link: LineConnection,
  peer: string,
): (text: string) => void {
  const now = { seconds: 0, nanoseconds: 0 };
  const labels = { in: wireLabel("in", peer), out: wireLabel("out", peer) };
  const log = (label: Block, line: Uint8Array, end: number) => {
    clock.now(now);
    wire.at(now);
    wire.line(label, line, 0, end);
  };
  link.onLineIn = (line) => {
    if (!isHeartbeat(line) && !beginsWith(line, digest)) log(labels.in, line, loggedBytes(line));
  };
  link.onLineOut = (line) => {
    const said = line.subarray(0, -1);
    log(labels.out, said, loggedBytes(said));
  };
  return (text) => {
    const line = encoder.encode(text);
    log(labels.in, line, line.length);
  };
}

function beginsWith(line: Uint8Array, word: Uint8Array): boolean {
  return word.every((byte, at) => line[at] === byte);
}
