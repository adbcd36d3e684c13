/**
 * A promise that is settled as `p`, or rejected when `p` takes too long. `p` itself goes on.
 *
 * @param p what is waited for
 * @param ms milliseconds it may take
 * @throws {DOMException} named "TimeoutError" when it takes longer
 */
export function deadline<T>(p: Promise<T>, ms: number): Promise<T>;
