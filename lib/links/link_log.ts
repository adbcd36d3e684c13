/**
 * Logs what is said on a link: every line except records, which are logged where they are copied,
 * and heartbeats, which say nothing.
 *
 * @module
 */

import { wireLabel } from "../log/log_file.ts";
import { heartbeatWord } from "./hello.ts";
import type { LinksContext } from "./links_context.ts";
import type { LineConnection } from "./line_connection.ts";

const heartbeat = new TextEncoder().encode(heartbeatWord);

/**
 * @param line a line, without its newline
 * @returns whether it is a heartbeat
 */
export function isHeartbeat(line: Uint8Array): boolean {
  return line.length === heartbeat.length && line.every((byte, at) => byte === heartbeat[at]);
}

/**
 * Logs the lines of a link from now on.
 *
 * @param herd where they are logged
 * @param link the link
 * @param peer the neighbour, and its address
 */
export function linkLog({ wire, clock }: LinksContext, link: LineConnection, peer: string): void {
  const now = { seconds: 0, nanoseconds: 0 };
  const labels = { in: wireLabel("in", peer), out: wireLabel("out", peer) };
  link.onLineIn = (line) => {
    if (isHeartbeat(line)) return;
    clock.now(now);
    wire.at(now);
    wire.line(labels.in, line, 0, line.length);
  };
  link.onLineOut = (line) => {
    clock.now(now);
    wire.at(now);
    wire.line(labels.out, line, 0, line.length - 1);
  };
}
