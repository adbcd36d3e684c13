/** Options of {@linkcode delay}. */
export interface DelayOptions {
  /** Ends the wait early. */
  signal?: AbortSignal;
  /** Whether the wait keeps the process alive; true by default. */
  persistent?: boolean;
}

/**
 * @param ms milliseconds to wait
 * @throws the signal's reason when it is aborted
 */
export function delay(ms: number, options?: DelayOptions): Promise<void>;
