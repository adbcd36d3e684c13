/**
 * Waiting for what a test expects, with a deadline that a slow machine keeps and a hung one does not.
 *
 * @module
 */

/** How long anything may take that a test waits for, in milliseconds. */
export const patienceMs = 20_000;

/** How long between two looks, in milliseconds. */
const pollMs = 10;

/**
 * Waits for a promise.
 *
 * @param promise what is waited for; it goes on when the time is over
 * @param what it, in words, for the error; asked only then
 * @param ms how long it may take
 * @throws {Error} when it takes longer
 */
export async function within<T>(
  promise: Promise<T>,
  what: () => string,
  ms = patienceMs,
): Promise<T> {
  let timer;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${ms} ms: ${what()}`)), ms);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Looks again and again until there is something.
 *
 * @param look returns what is looked for, or null or false while it is not there
 * @param what it, in words, for the error
 * @param ms how long it may take
 * @returns what was found
 * @throws {Error} when it is not there in time
 */
export async function until<T>(
  look: () => Promise<T | null | false> | T | null | false,
  what: string,
  ms = patienceMs,
): Promise<T> {
  const begun = performance.now();
  for (;;) {
    const found = await look();
    if (found !== null && found !== false) return found;
    if (performance.now() - begun > ms) throw new Error(`not within ${ms} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}
