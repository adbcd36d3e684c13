/**
 * A promise that is settled as `p`, or rejected when the signal is aborted. `p` itself goes on.
 *
 * @throws the signal's reason
 */
export function abortable<T>(p: Promise<T>, signal: AbortSignal): Promise<T>;
