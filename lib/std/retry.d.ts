/** All attempts failed; `cause` is what the last one threw. */
export class RetryError extends Error {
  constructor(cause: unknown, attempts: number);
}

/** Options of {@linkcode retry}. Waits are in milliseconds. */
export interface RetryOptions {
  /** What each wait is multiplied with to give the next; 2 by default. */
  multiplier?: number;
  /** The longest wait; 60 000 by default. */
  maxTimeout?: number;
  /** How often `fn` is called at the most; 5 by default. */
  maxAttempts?: number;
  /** The first wait; 1000 by default. */
  minTimeout?: number;
  /** How much of a wait is left to chance, 0 to 1; 1 by default. */
  jitter?: number;
  /** Whether another attempt may help; always by default. */
  isRetriable?: (error: unknown) => boolean;
  /** Ends the attempts. */
  signal?: AbortSignal;
}

/**
 * Calls `fn` until it succeeds, with growing waits.
 *
 * @returns what `fn` returned
 * @throws {RetryError} when every attempt failed
 * @throws {RangeError} when an option is out of its range
 * @throws what `fn` threw when that is not retriable, or the signal's reason
 */
export function retry<T>(fn: (() => Promise<T>) | (() => T), options?: RetryOptions): Promise<T>;
