/**
 * What asking Google has in common, whichever of its APIs is asked: turns, a deadline, one retry,
 * and one call for questions that are the same.
 *
 * Nothing is kept after it was answered: Google's terms do not allow a store of places.
 *
 * @module
 */

import { placesBodyBytesMax, placesCallsMax, placesTimeoutMs } from "../../limits.ts";
import { troubleAnswer } from "../answer.ts";
import type { ApiKey } from "./api_key.ts";
import type { Answer, Places, Question } from "../places.ts";
import { type Reply, unknownError, type Verdict } from "./reply.ts";
import { Turns } from "../../pacing/semaphore.ts";

/** What the providers need of the world. */
export interface Means {
  /** `globalThis.fetch`, or a test's. */
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  /** Time, as far as it is needed here. */
  readonly clock: {
    /** Calls `callback` once, `ms` milliseconds from now, unless it is cancelled. */
    after(ms: number, callback: () => void): { cancel(): void };
  };
  /** Chance, as far as it is needed here. */
  readonly random: {
    /** @returns a number from 0 to 1, 1 not included */
    fraction(): number;
  };
  /** Is told of trouble that a second try may mend. No key is in it. */
  readonly logTrouble?: ((trouble: string) => void) | undefined;
}

/** One of Google's APIs: how a question is put, and what a reply means. */
export interface Dialect {
  /** The provider's name, for the log. */
  readonly provider: string;
  /** The key, which is taken out of whatever leaves here. */
  readonly key: ApiKey;
  /**
   * @returns what to fetch for a question
   */
  request(question: Question): { readonly url: string; readonly init: RequestInit };
  /**
   * @param reply what came
   * @returns what it means; it does not throw
   */
  read(reply: Reply, question: Question): Verdict;
}

/** The longest wait before the second try, in milliseconds; the shortest is half of it. */
export const retryMs = 400;

/** Google asked in one of its dialects. */
export class Asking implements Places {
  readonly provider: string;
  readonly #dialect: Dialect;
  readonly #means: Means;
  readonly #turns = new Turns(placesCallsMax);
  readonly #inFlight = new Map<string, Promise<Answer>>();

  /**
   * @param dialect which of Google's APIs
   * @param means fetch, time and chance
   */
  constructor(dialect: Dialect, means: Means) {
    this.provider = dialect.provider;
    this.#dialect = dialect;
    this.#means = means;
  }

  /**
   * Asks Google, within {@linkcode placesTimeoutMs} from its turn on, the second try included.
   * Whoever asks the same while it is under way gets the same answer.
   *
   * The questions that wait are as many as sessions let be: each pauses at its bound on unanswered
   * commands.
   */
  ask(question: Question): Promise<Answer> {
    const { latitude, longitude, radiusM, bound } = question;
    const same = `${latitude} ${longitude} ${radiusM} ${bound}`;
    const underWay = this.#inFlight.get(same);
    if (underWay) return underWay;
    const answer = this.#inTurn(question).finally(() => this.#inFlight.delete(same));
    this.#inFlight.set(same, answer);
    return answer;
  }

  async #inTurn(question: Question): Promise<Answer> {
    await this.#turns.take();
    const abort = new AbortController();
    const late = Promise.withResolvers<Answer>();
    const timer = this.#means.clock.after(placesTimeoutMs, () => {
      late.resolve(tooLate());
      abort.abort();
    });
    try {
      return await Promise.race([this.#atMostTwice(question, abort.signal), late.promise]);
    } finally {
      timer.cancel();
      this.#turns.giveBack();
    }
  }

  async #atMostTwice(question: Question, signal: AbortSignal): Promise<Answer> {
    const first = await this.#call(question, signal);
    if (!first.mayPass || signal.aborted) return first.answer;
    this.#means.logTrouble?.(`${first.answer.trouble ?? first.answer.status}; asking once more`);
    await this.#pause(retryMs * (1 + this.#means.random.fraction()) / 2, signal);
    return signal.aborted ? first.answer : (await this.#call(question, signal)).answer;
  }

  async #call(question: Question, signal: AbortSignal): Promise<Verdict> {
    const { url, init } = this.#dialect.request(question);
    let reply: Reply;
    try {
      // A redirect is not followed: the key goes nowhere but to the endpoint.
      const response = await this.#means.fetch(url, { ...init, signal, redirect: "manual" });
      reply = { httpStatus: response.status, body: await readBody(response) };
    } catch (error) {
      if (error instanceof BodyTooLongError) return tooLong();
      return unreachable(this.#dialect.key.redact(reasons(error)));
    }
    return this.#dialect.read(reply, question);
  }

  #pause(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#means.clock.after(ms, resolve);
      signal.addEventListener("abort", () => {
        timer.cancel();
        resolve();
      }, { once: true });
    });
  }
}

class BodyTooLongError extends Error {}

async function readBody(response: Response): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > placesBodyBytesMax) throw new BodyTooLongError();
    chunks.push(chunk);
  }
  const body = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.length;
  }
  return body;
}

/** The messages of an error and of what caused it: fetch puts the reason there, and the URL. */
function reasons(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${reasons(error.cause)}`;
}

function unreachable(reason: string): Verdict {
  const message = "Google Places could not be reached.";
  return unknownError(message, { trouble: `${message} ${reason}`, mayPass: true });
}

function tooLong(): Verdict {
  const message = `Google Places answered with more than ${placesBodyBytesMax} bytes.`;
  return unknownError(message, { mayPass: false });
}

function tooLate(): Answer {
  const message = `Google Places gave no answer within ${placesTimeoutMs / 1000} s.`;
  return troubleAnswer("UNKNOWN_ERROR", { message, trouble: message });
}
