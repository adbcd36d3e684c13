/**
 * The answer to WHATSAT: the client's record, then the places near it.
 *
 * @module
 */

import { none } from "../locations/table.ts";
import type { Block } from "../block.ts";
import { escapedBytes, escapeTo } from "../log/escape.ts";
import type { ShownLine } from "../log/log_file.ts";
import { noPlaces } from "../places/answer.ts";
import type { Answer, AnswerAtHand, Question } from "../places/places.ts";
import { newline } from "../protocol/ascii.ts";
import { locationOf } from "../protocol/at.ts";
import type { Whatsat } from "../protocol/command.ts";
import { hashId } from "../protocol/record.ts";
import type { Reporter } from "./reports.ts";
import type { ServerContext } from "./server_context.ts";

/** A question whose places are not known yet. */
export interface WhatsatTask {
  /** The record of the client asked about, at the time of the command. */
  readonly line: Uint8Array;
  /** Asks for the places. */
  ask(): Promise<Answer>;
}

/**
 * Answers, where the places are known at once.
 *
 * @param server knows the records and the places
 * @param whatsat what a client asks
 * @param reporter who asks, and gets the answer
 * @returns what there is still to do; null when the client that is asked about is unknown
 */
export function takeWhatsat(
  server: ServerContext,
  { id, radiusKm, bound }: Whatsat,
  reporter: Reporter,
): WhatsatTask | "answered" | null {
  const { table } = server;
  const hash = hashId(id, 0, id.length, server.hashSeed);
  const number = table.find({ bytes: id, start: 0, end: id.length }, hash);
  if (number === none || table.isTombstone(number)) return null;
  const { answers } = reporter;
  answers.room(table.lineBytes(number));
  // Behind the answers so far, where it stays unless more room is needed.
  table.copyLine(number, answers.block, answers.length);
  const { latitude, longitude } = locationOf(answers.block.bytes, answers.length);
  const question = { latitude, longitude, radiusM: radiusKm * 1000, bound };
  const places = radiusKm === 0 || bound === 0 ? noPlaces : server.places.answerAtOnce?.(question);
  if (places) return answerAtOnce(server, { number, places }, reporter);
  return { line: table.line(number), ask: () => askPlaces(server, question) };
}

/** The record, the places, and the two newlines that end an answer; in the log, all of it is a line. */
function answerAtOnce(
  { table, wire }: ServerContext,
  { number, places }: { readonly number: number; readonly places: AnswerAtHand },
  { answers, labels }: Reporter,
): "answered" {
  const lineBytes = table.lineBytes(number);
  answers.room(lineBytes + 1 + places.bytes + answerEndBytes);
  const { block, length } = answers;
  table.copyLine(number, block, length);
  const jsonAt = length + lineBytes + 1;
  block.bytes[jsonAt - 1] = newline;
  const end = places.writeTo(block, jsonAt);
  block.bytes[end] = block.bytes[end + 1] = newline;
  wire.shownLine(labels.out, new ShownAnswer(block.bytes, { start: length, end: jsonAt, places }));
  answers.wrote(end + answerEndBytes);
  return "answered";
}

/** An answer as the log shows it: one line, without the newlines that end it. */
class ShownAnswer implements ShownLine {
  readonly shownBytesMax: number;

  constructor(
    readonly bytes: Uint8Array,
    /** Where the record is, its newline too, and what comes behind it. */
    readonly parts: {
      readonly start: number;
      readonly end: number;
      readonly places: AnswerAtHand;
    },
  ) {
    const { start, end, places } = parts;
    this.shownBytesMax = (end - start) * escapedBytes + places.shownBytesMax;
  }

  writeShownTo(target: Block, at: number): number {
    const { start, end, places } = this.parts;
    return places.writeShownTo(target, escapeTo(this.bytes, start, end, target, at));
  }
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

/** Two newlines end an answer. */
export const answerEndBytes = 2;

/**
 * @param line a record's line
 * @param json the text of the places
 * @returns the line, the text, and the two newlines that end it
 */
export function whatsatAnswer(line: Uint8Array, json: Uint8Array): Uint8Array<ArrayBuffer> {
  const answer = new Uint8Array(line.length + 1 + json.length + answerEndBytes).fill(newline);
  answer.set(line);
  answer.set(json, line.length + 1);
  return answer;
}
