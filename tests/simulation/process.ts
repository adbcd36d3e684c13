/**
 * A program on a machine of the simulation. Whatever happens to it goes through {@linkcode run}, so
 * that it can be stopped for a while, or be killed in the middle of anything.
 *
 * @module
 */

/** A program: running, stopped (SIGSTOP), or dead. */
export class Process {
  #state: "running" | "stopped" | "dead" = "running";
  #due: (() => void)[] = [];

  /** @param hostname the machine */
  constructor(readonly hostname: string) {}

  /** Whether it was not killed. */
  get isAlive(): boolean {
    return this.#state !== "dead";
  }

  /** Whether it is alive and not stopped. */
  get isRunning(): boolean {
    return this.#state === "running";
  }

  /** Has the program notice something: at once, or when it is resumed, or never. */
  run(notice: () => void): void {
    if (this.#state === "running") notice();
    else if (this.#state === "stopped") this.#due.push(notice);
  }

  /** Stops it where it is (SIGSTOP). */
  stop(): void {
    if (this.#state === "running") this.#state = "stopped";
  }

  /** Lets it go on (SIGCONT): it notices everything that came meanwhile. */
  resume(): void {
    if (this.#state !== "stopped") return;
    this.#state = "running";
    for (const notice of this.#due.splice(0)) notice();
  }

  /** Ends it: what it waits for never comes. */
  kill(): void {
    this.#state = "dead";
    this.#due = [];
  }
}
