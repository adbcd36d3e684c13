/**
 * What asking Google has in common, whichever of its APIs is asked: a bound on calls at once, a
 * budget, a deadline, one retry, and one call for questions that are the same.
 *
 * No answer is kept: Google's terms forbid a store of places.
 *
 * @module
 */

import {
  placesBodyBytesMax,
  placesBudgetLogMs,
  placesCallsMax,
  placesRetryMs,
  placesTimeoutMs,
} from "../../limits.ts";
import { Semaphore } from "../../pacing/semaphore.ts";
import { PendingBytes } from "../../protocol/pending_bytes.ts";
import type { Clock, Random } from "../../transport/transport.ts";
import { troubleAnswer } from "../answer.ts";
import type { ApiKey } from "./api_key.ts";
import type { Budget } from "./budget.ts";
import type { Answer, CallCounts, Places, Question } from "../places.ts";
import { type Reply, unknownError, type Verdict } from "./reply.ts";

/** What the providers need from outside. */
export interface GoogleContext {
  /** `globalThis.fetch`, or a test's. */
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly clock: Pick<Clock, "after" | "steadyMs">;
  readonly random: Pick<Random, "fraction">;
  /** What calls are taken from, second tries too. */
  readonly budget: Budget;
  /** Is told of trouble that is in no answer. No key is in it. */
  readonly logTrouble?: ((trouble: string) => void) | undefined;
}

/** One of Google's APIs: how to put a question, and what a reply means. */
export interface Dialect {
  /** The provider's name, for the log. */
  readonly provider: string;
  /** The key, which is taken out of every text that is passed on. */
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

/** Google asked in one of its dialects. */
export class GooglePlaces implements Places {
  readonly provider: string;
  readonly calls: CallCounts;
  readonly #dialect: Dialect;
  readonly #context: GoogleContext;
  readonly #callers = new Semaphore(placesCallsMax);
  readonly #inFlight = new Map<string, Promise<Answer>>();
  /** When the log said last that the budget is used up. */
  #saidMs = -Infinity;

  /**
   * @param dialect which of Google's APIs
   * @param context fetch, time, chance and the budget
   */
  constructor(dialect: Dialect, context: GoogleContext) {
    this.provider = dialect.provider;
    this.calls = context.budget;
    this.#dialect = dialect;
    this.#context = context;
  }

  /**
   * Asks Google. At most {@linkcode placesCallsMax} questions are under way at once, the others
   * wait; from its first call on a question takes at most {@linkcode placesTimeoutMs}, the second
   * try included. When the budget is used up, it is answered `OVER_QUERY_LIMIT` without a call.
   *
   * @returns the answer; the same one for a question that is under way already
   */
  ask(question: Question): Promise<Answer> {
    const { latitude, longitude, radiusM, bound } = question;
    const same = `${latitude} ${longitude} ${radiusM} ${bound}`;
    const underWay = this.#inFlight.get(same);
    if (underWay) return underWay;
    const answer = this.#callers.run(() => this.#inTime(question))
      .finally(() => this.#inFlight.delete(same));
    this.#inFlight.set(same, answer);
    return answer;
  }

  async #inTime(question: Question): Promise<Answer> {
    const abort = new AbortController();
    const late = Promise.withResolvers<Answer>();
    const timer = this.#context.clock.after(placesTimeoutMs, () => {
      late.resolve(tooLate());
      abort.abort();
    });
    try {
      return await Promise.race([this.#atMostTwice(question, abort.signal), late.promise]);
    } finally {
      timer.cancel();
    }
  }

  async #atMostTwice(question: Question, signal: AbortSignal): Promise<Answer> {
    if (!this.#mayCall()) return overBudget();
    const first = await this.#call(question, signal);
    if (!first.isTransient || signal.aborted) return first.answer;
    this.#context.logTrouble?.(`${first.answer.trouble ?? first.answer.status}; asking once more`);
    await this.#pause(placesRetryMs * (1 + this.#context.random.fraction()) / 2, signal);
    if (signal.aborted || !this.#mayCall()) return first.answer;
    return (await this.#call(question, signal)).answer;
  }

  /** Takes a call from the budget; that there is none left is logged now and then. */
  #mayCall(): boolean {
    const { budget, clock, logTrouble } = this.#context;
    const reached = budget.take();
    if (reached === null) return true;
    const nowMs = clock.steadyMs();
    if (nowMs - this.#saidMs >= placesBudgetLogMs) {
      this.#saidMs = nowMs;
      logTrouble?.(
        `${this.provider} is not asked: as many calls were made as places.${reached} allows; ` +
          `since the start ${budget.taken} were made and ${budget.refused} refused`,
      );
    }
    return false;
  }

  async #call(question: Question, signal: AbortSignal): Promise<Verdict> {
    const { url, init } = this.#dialect.request(question);
    let reply: Reply;
    try {
      // A redirect is not followed: the key goes nowhere but to the endpoint.
      const response = await this.#context.fetch(url, { ...init, signal, redirect: "manual" });
      reply = { httpStatus: response.status, body: await readBody(response) };
    } catch (error) {
      if (error instanceof BodyTooLongError) return tooLong();
      return unreachable(this.#dialect.key.redact(reasons(error)));
    }
    return this.#dialect.read(reply, question);
  }

  #pause(ms: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#context.clock.after(ms, resolve);
      signal.addEventListener("abort", () => {
        timer.cancel();
        resolve();
      }, { once: true });
    });
  }
}

class BodyTooLongError extends Error {}

async function readBody(response: Response): Promise<Uint8Array> {
  const body = new PendingBytes();
  for await (const chunk of response.body ?? []) {
    if (body.length + chunk.length > placesBodyBytesMax) throw new BodyTooLongError();
    body.append(chunk);
  }
  return body.take();
}

/** The messages of an error and of what caused it: fetch puts the reason there, and the URL. */
function reasons(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause === undefined ? error.message : `${error.message}: ${reasons(error.cause)}`;
}

function unreachable(reason: string): Verdict {
  const message = "Google Places could not be reached.";
  return unknownError(message, { trouble: `${message} ${reason}`, isTransient: true });
}

function tooLong(): Verdict {
  const message = `Google Places answered with more than ${placesBodyBytesMax} bytes.`;
  return unknownError(message, { isTransient: false });
}

/** Logged elsewhere: a line for each would fill the log during a flood of questions. */
function overBudget(): Answer {
  const message = "This server's budget for Google Places is used up; ask again later.";
  return { ...troubleAnswer("OVER_QUERY_LIMIT", { message, trouble: message }), isLogged: true };
}

function tooLate(): Answer {
  const message = `Google Places gave no answer within ${placesTimeoutMs / 1000} s.`;
  return troubleAnswer("UNKNOWN_ERROR", { message, trouble: message });
}
