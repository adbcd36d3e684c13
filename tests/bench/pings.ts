/**
 * A client that behaves well, and how long it waits for its answers.
 *
 * @module
 */

/** How long answers took, in milliseconds. */
export interface Latency {
  readonly count: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly worstMs: number;
}

/** Reports now and then, and waits for each answer; in a thread of its own, which nothing holds up. */
export class Pings {
  readonly #worker = new Worker(new URL("./pinging.ts", import.meta.url), { type: "module" });
  readonly #ended: Promise<number[]>;

  private constructor(port: number, onBegun: () => void) {
    this.#ended = new Promise((resolve, reject) => {
      this.#worker.onmessage = ({ data }: MessageEvent<number[] | string>) => {
        if (data === "begun") onBegun();
        else if (typeof data === "string") reject(new Error(data));
        else resolve(data);
      };
    });
    this.#worker.postMessage(port);
  }

  /** Begins, and waits for the first answer, which is not counted. */
  static async begin(port: number): Promise<Pings> {
    const begun = Promise.withResolvers<void>();
    const pings = new Pings(port, begun.resolve);
    await Promise.race([begun.promise, pings.#ended]);
    return pings;
  }

  /** Ends it. @throws {Error} when an answer was wrong or did not come */
  async end(): Promise<Latency> {
    this.#worker.postMessage("end");
    try {
      const sorted = (await this.#ended).sort((a, b) => a - b);
      const at = (part: number) => sorted[Math.floor((sorted.length - 1) * part)] ?? NaN;
      return { count: sorted.length, medianMs: at(0.5), p99Ms: at(0.99), worstMs: at(1) };
    } finally {
      this.#worker.terminate();
    }
  }
}

/** @returns the latency in words */
export function tell({ count, medianMs, p99Ms, worstMs }: Latency): string {
  const ms = (value: number) => value.toFixed(1);
  return `${count} answers, median ${ms(medianMs)} ms, 99th percentile ${ms(p99Ms)} ms, ` +
    `worst ${ms(worstMs)} ms`;
}
