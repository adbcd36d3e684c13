/**
 * The answer to WHATSAT: the client's record, then the places near it.
 *
 * @module
 */

import { none } from "../locations/table.ts";
import { placesAnswer } from "../places/answer.ts";
import type { Answer, Question } from "../places/places.ts";
import { locationOf } from "../protocol/at.ts";
import type { Whatsat } from "../protocol/command.ts";
import { hashId } from "../protocol/record.ts";
import type { ServerContext } from "./server_context.ts";

/** What is known when the command was read, and what is to be asked. */
export interface WhatsatTask {
  /** The record of the client asked about, at the time of the command. */
  readonly line: Uint8Array;
  /** Asks for the places, or knows without asking that there are none. */
  ask(): Promise<Answer>;
}

/**
 * @param server knows the records and the places
 * @param whatsat what a client asks
 * @returns what to do about it, or null when the client that it names is unknown
 */
export function takeWhatsat(server: ServerContext, whatsat: Whatsat): WhatsatTask | null {
  const { id, radiusKm, bound } = whatsat;
  const hash = hashId(id, 0, id.length, server.hashSeed);
  const number = server.table.find({ bytes: id, start: 0, end: id.length }, hash);
  if (number === none || server.table.isTombstone(number)) return null;
  const line = server.table.line(number);
  if (radiusKm === 0 || bound === 0) return { line, ask: () => Promise.resolve(placesAnswer([])) };
  const question = { ...locationOf(line), radiusM: radiusKm * 1000, bound };
  return { line, ask: () => askPlaces(server, question) };
}

/** Asks, and logs what was asked and how long it took, unless the provider does. */
async function askPlaces(server: ServerContext, question: Question): Promise<Answer> {
  const { places, clock, events } = server;
  const begunMs = clock.steadyMs();
  const answer = await places.ask(question);
  if (answer.isLogged) return answer;
  const tookMs = (clock.steadyMs() - begunMs).toFixed(1);
  const { latitude, longitude, radiusM, bound } = question;
  const asked = `${places.provider} asked for ${bound} within ${radiusM} m ` +
    `of ${latitude},${longitude}`;
  const outcome = `${answer.status}, ${answer.count} places, ${tookMs} ms`;
  if (answer.trouble === undefined) events.info(`${asked}: ${outcome}`);
  else events.warn(`${asked}: ${outcome}: ${answer.trouble}`);
  return answer;
}

const newline = 0x0a;

/**
 * @param line a record's line
 * @param json the text of the places
 * @returns the line, the text, and the two newlines that end it
 */
export function whatsatAnswer(line: Uint8Array, json: Uint8Array): Uint8Array<ArrayBuffer> {
  const answer = new Uint8Array(line.length + 1 + json.length + 2).fill(newline);
  answer.set(line);
  answer.set(json, line.length + 1);
  return answer;
}
