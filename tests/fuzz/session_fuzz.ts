/**
 * Random bytes for a session, and a model of what must be answered.
 *
 * @module
 */

import { lineBytesMax } from "../../lib/limits.ts";
import { placesAnswer } from "../../lib/places/answer.ts";
import type { Places } from "../../lib/places/places.ts";
import type { Random } from "../../lib/transport/transport.ts";
import { Garbage, Model } from "../faults/garbage.ts";
import { MemoryNetwork } from "../memory_network.ts";
import { costlyLine } from "./costly_line.ts";
import { seededRandom } from "../seeded_random.ts";
import { MemoryServer } from "../server/memory_server.ts";

const noPlaces: Places = {
  provider: "nobody",
  ask: () => Promise.resolve(placesAnswer([])),
};

/** @returns what a client says in one conversation, one character a byte */
export function sessionText(seed: number): string {
  const random = seededRandom(seed);
  const garbage = new Garbage(seed);
  const lines = Array.from({ length: 1 + below(random, 40) }, () => garbage.line());
  const long = below(random, 16);
  // Around the longest line that there may be, but never beyond it: that one ends the conversation.
  if (long === 0) lines.push("x".repeat(lineBytesMax - 1 - below(random, 3)));
  if (long === 1) lines.push(`IAMAT ${"i".repeat(below(random, 2_048))} +1-1 5`);
  if (long === 2) lines.push(`IAMAT i +1.${"0".repeat(below(random, 128))}-1 5`);
  if (long === 3) lines.push(`IAMAT i +1-1 ${"9".repeat(1 + below(random, 128))}`);
  if (long === 4) lines.push(costlyLine(random).text.slice(0, lineBytesMax - 1));
  const end = ["", "\n", "\r\n", "\n\n"][below(random, 4)]!;
  return lines.join("\n") + end;
}

function below(random: Random, end: number): number {
  return Math.floor(random.fraction() * end);
}

/**
 * Says something to a server in memory, in pieces of any size, and checks the answer to every line.
 *
 * @param text what is said; no line of it is longer than a line may be
 * @param seed how it is cut
 * @throws {Error} when an answer is missing or wrong, or the server keeps the connection
 */
export async function checkSession(text: string, seed: number): Promise<void> {
  const random = seededRandom(seed);
  const bytes = [1, 7, 100, 4096, 300_000][below(random, 5)]!;
  // Byte by byte, a long line would take seconds.
  const network = new MemoryNetwork({ bufferBytes: Math.max(bytes, text.length >> 9), random });
  const server = await MemoryServer.start({ network, places: noPlaces });
  const answers = await server.ask(text);
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  const model = new Model();
  const answered = answers.split("\n");
  let at = 0;
  for (const line of lines) {
    const answer = answered[at++];
    if (answer === undefined) {
      throw new Error(`${JSON.stringify(line.slice(0, 200))} was not answered`);
    }
    if (!model.check(line, answer)) continue;
    const end = answered.indexOf("", at);
    JSON.parse(answered.slice(at, end).join("\n"));
    at = end + 1;
  }
  if (at !== answered.length - 1 || answered[at] !== "") {
    throw new Error(`more than was asked for: ${answered.slice(at)}`);
  }
  if (network.connections !== 0) throw new Error("the connection is still open");
  await server.server.stop();
}
