/** Options of {@linkcode deadline}. */
export interface DeadlineOptions {
  /** Ends the wait early. */
  signal?: AbortSignal;
}

/**
 * A promise that is settled as `p`, or rejected when `p` takes too long. `p` itself goes on.
 *
 * @param p what is waited for
 * @param ms milliseconds it may take
 * @throws {DOMException} named "TimeoutError" when the time is over
 * @throws the signal's reason when it is aborted
 */
export function deadline<T>(p: Promise<T>, ms: number, options?: DeadlineOptions): Promise<T>;
