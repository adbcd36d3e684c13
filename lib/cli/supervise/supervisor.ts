/**
 * Keeps the servers of a herd running, each a process of its own.
 *
 * @module
 */

import { goodRunMs, killMs, restartMsMax, restartMsMin } from "../../limits.ts";
import { Backoff } from "../../pacing/backoff.ts";
import type { Clock, Random, Timer } from "../../transport/transport.ts";
import { exitStatus } from "../exit_status.ts";

/** How a process ended. */
export interface ExitStatus {
  readonly code: number;
  /** What killed it, if something did. */
  readonly signal: string | null;
}

/** A process, as the supervisor sees it. */
export interface ServerProcess {
  /** Resolves when the process has ended and all its output was read. */
  readonly status: Promise<ExitStatus>;
  /** Asks it to end, ends it, or makes it read its configuration. Nothing when it has ended. */
  kill(signal: "SIGTERM" | "SIGKILL" | "SIGHUP"): void;
}

/** What a {@linkcode Supervisor} needs. */
export interface SupervisorOptions {
  readonly names: readonly string[];
  /** Starts a server. */
  readonly start: (name: string) => ServerProcess;
  /** Tells people what happened to a server. */
  readonly say: (name: string, message: string) => void;
  readonly clock: Clock;
  readonly random: Random;
}

/** How the first run of a server went, for the question whether the herd came up at all. */
type FirstRun = "running" | "good" | "failed" | Ending;

/** Why a server is not started again. */
type Ending = "stopped" | "wrong configuration" | "left alone";

/**
 * Runs every server, starts again what dies, and stops them all.
 *
 * A server waits before it starts again: from `restartMsMin`, twice as long after every run shorter
 * than `goodRunMs`, up to `restartMsMax`, less a random part, so that they do not start in step.
 */
export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #running = new Map<string, ServerProcess>();
  readonly #firstRuns: Map<string, FirstRun>;
  readonly #waits = new Map<Timer, () => void>();
  #stopping = false;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#firstRuns = new Map(options.names.map((name) => [name, "running"]));
  }

  /**
   * Starts every server and keeps them running.
   *
   * @returns the exit status when none runs any more: 0 after {@linkcode stop}, 1 when the first
   * run of every server failed, 2 when no server can run as it is configured
   */
  async run(): Promise<number> {
    const { names } = this.#options;
    const endings = await Promise.all(names.map((name) => this.#keepRunning(name)));
    if (this.#hasFailed()) {
      return this.#isMisconfigured() ? exitStatus.misconfigured : exitStatus.failure;
    }
    return endings.every((ending) => ending === "wrong configuration")
      ? exitStatus.misconfigured
      : exitStatus.success;
  }

  /**
   * Stops every server, by force what has not stopped after `killMs`. Stopping again does nothing.
   */
  stop(): void {
    if (this.#stopping) return;
    this.#stopping = true;
    for (const [timer, resume] of this.#waits) {
      timer.cancel();
      resume();
    }
    this.#waits.clear();
    for (const process of this.#running.values()) this.#end(process);
  }

  /** Makes every server read its configuration again. */
  reload(): void {
    for (const process of this.#running.values()) process.kill("SIGHUP");
  }

  async #keepRunning(name: string): Promise<Ending> {
    const { clock, random, say } = this.#options;
    const fraction = () => random.fraction();
    const backoff = new Backoff({ msMin: restartMsMin, msMax: restartMsMax, fraction });
    while (!this.#stopping) {
      const startedMs = clock.steadyMs();
      const status = await this.#runOnce(name);
      if (this.#stopping) break;
      const good = clock.steadyMs() - startedMs >= goodRunMs;
      const isFirst = this.#firstRuns.get(name) === "running";
      this.#noteFirstRun(name, { status, good });
      if (isFirst && isTaken(status)) {
        say(name, "is left alone: it runs already, or another program listens at its address");
        return "left alone";
      }
      if (status.code === exitStatus.misconfigured && status.signal === null) {
        say(name, "cannot run as it is configured: not started again");
        return "wrong configuration";
      }
      if (this.#stopping) break;
      if (good) backoff.reset();
      const waitMs = backoff.nextMs();
      say(name, `${endingText(status)}; starts again in ${(waitMs / 1000).toFixed(1)} s`);
      await this.#wait(waitMs);
    }
    return "stopped";
  }

  async #runOnce(name: string): Promise<ExitStatus> {
    try {
      const process = this.#options.start(name);
      this.#running.set(name, process);
      return await process.status;
    } catch (error) {
      // The others run on, so this one is tried again like one that died.
      this.#options.say(
        name,
        `cannot be started: ${error instanceof Error ? error.message : error}`,
      );
      return { code: 1, signal: null };
    } finally {
      this.#running.delete(name);
    }
  }

  /** Gives the herd up when the first run of every server has failed. */
  #noteFirstRun(name: string, { status, good }: { status: ExitStatus; good: boolean }): void {
    if (this.#firstRuns.get(name) !== "running") return;
    const misconfigured = status.code === exitStatus.misconfigured && status.signal === null;
    const failed = !good && status.code !== 0 && status.signal === null;
    const failure = misconfigured ? "wrong configuration" : failed ? "failed" : "good";
    this.#firstRuns.set(name, isTaken(status) ? "left alone" : failure);
    if (this.#hasFailed()) this.stop();
  }

  #hasFailed(): boolean {
    return this.#firstRuns.values().every((run) =>
      run === "failed" || run === "wrong configuration" || run === "left alone"
    );
  }

  #isMisconfigured(): boolean {
    return this.#firstRuns.values().every((run) => run === "wrong configuration");
  }

  #wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = this.#options.clock.after(ms, () => {
        this.#waits.delete(timer);
        resolve();
      });
      this.#waits.set(timer, resolve);
    });
  }

  #end(process: ServerProcess): void {
    process.kill("SIGTERM");
    const timer = this.#options.clock.after(killMs, () => process.kill("SIGKILL"));
    process.status.finally(() => timer.cancel());
  }
}

function isTaken({ code, signal }: ExitStatus): boolean {
  return code === exitStatus.addressTaken && signal === null;
}

function endingText({ code, signal }: ExitStatus): string {
  return signal === null ? `ended with status ${code}` : `was killed by ${signal}`;
}
