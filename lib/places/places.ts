/**
 * Questions about places and their answers: the interface between a session and the providers.
 *
 * @module
 */

import type { Block } from "../block.ts";

/** "What is near this point?" */
export interface Question {
  /** Degrees north, -90 to 90. */
  readonly latitude: number;
  /** Degrees east, -180 to 180. */
  readonly longitude: number;
  /** Metres, more than 0 and at most 50 000. */
  readonly radiusM: number;
  /** How many places at the most, 1 to 20. */
  readonly bound: number;
}

/** Google's word for how a Nearby Search went (Places API, Legacy: "Status codes"). */
export type Status =
  | "OK"
  | "ZERO_RESULTS"
  | "INVALID_REQUEST"
  | "OVER_QUERY_LIMIT"
  | "REQUEST_DENIED"
  | "UNKNOWN_ERROR";

/** What a provider answered; trouble is an answer too. */
export interface Answer {
  readonly status: Status;
  /** How many places are in it. */
  readonly count: number;
  /**
   * The JSON text that the client gets: legacy Nearby Search's shape, runs of newlines folded to
   * one, none at the end.
   */
  readonly json: Uint8Array;
  /** What went wrong, for the log: no key in it. Absent when nothing did. */
  readonly trouble?: string;
  /** Whether the provider itself logs what there is to say of this answer. */
  readonly isLogged?: boolean;
}

/** An answer that is known at once, and copied to where it goes. Good until the next question. */
export interface AnswerAtHand {
  /** Bytes of the JSON text, as {@linkcode Answer.json} has it. */
  readonly bytes: number;
  /** Bytes of that text at the most as the log shows it. */
  readonly shownBytesMax: number;
  /**
   * Copies the text.
   *
   * @param target has room for {@linkcode bytes}
   * @param at where the first one goes
   * @returns one past the last byte
   */
  writeTo(target: Block, at: number): number;
  /**
   * Copies the text as the log shows it, in one line.
   *
   * @param target has room for {@linkcode shownBytesMax}
   * @param at where the first one goes
   * @returns one past the last byte
   */
  writeShownTo(target: Block, at: number): number;
}

/** Calls that cost money, since the server started. */
export interface CallCounts {
  /** Those that were made. */
  readonly taken: number;
  /** Those that were not made, since the budget was used up. */
  readonly refused: number;
}

/** A source of places. */
export interface Places {
  /** `google`, `google-legacy` or `gazetteer`, for the log. */
  readonly provider: string;
  /** Absent where no call costs money. */
  readonly calls?: CallCounts;
  /**
   * Never rejects: trouble is an {@linkcode Answer} with the status and a reason.
   */
  ask(question: Question): Promise<Answer>;
  /**
   * Answers without waiting; absent where that is never possible.
   *
   * @returns null when the question must be {@linkcode ask}ed
   */
  answerAtOnce?(question: Question): AnswerAtHand | null;
}
