/**
 * A herd of real servers on this machine: each a process, on a free port, with a configuration and
 * logs in a temporary directory.
 *
 * @module
 */

import { ask, Client } from "./client.ts";
import { type Ending, Program } from "./program.ts";
import { until } from "./waiting.ts";

/** The part of herd.json that tests choose. */
export interface HerdPlan {
  readonly servers?: readonly string[];
  readonly links?: readonly (readonly [string, string])[];
  readonly places?: Readonly<Record<string, string | number>>;
  /** The environment of every server. */
  readonly env?: Readonly<Record<string, string>>;
  /** `durable` and the other keys of herd.json that are about what servers remember. */
  readonly memory?: Readonly<Record<string, unknown>>;
  /** Added to every server's entry. */
  readonly entry?: Readonly<Record<string, string>>;
  /** The module that every server runs in place of `main.ts`. */
  readonly main?: URL;
  /** Further arguments of every server. */
  readonly args?: readonly string[];
  /** Those that {@linkcode RunningHerd.start} starts; all when absent. */
  readonly running?: readonly string[];
}

/** The herd of the assignment: who is in it. */
export const theFive = ["Bailey", "Bona", "Campbell", "Clark", "Jaquez"] as const;

/** The herd of the assignment: who talks with whom. */
export const theSixLinks = [
  ["Clark", "Jaquez"],
  ["Clark", "Bona"],
  ["Campbell", "Bailey"],
  ["Campbell", "Bona"],
  ["Campbell", "Jaquez"],
  ["Bona", "Bailey"],
] as const;

/** A record that has not come by now is reported anew, in milliseconds. */
const secondTryMs = 1_000;

/** A herd on this machine. Its processes are killed and its files removed when disposed of. */
export class RunningHerd implements AsyncDisposable {
  /** Holds herd.json and the logs. */
  readonly directory: string;
  readonly names: readonly string[];
  readonly links: readonly (readonly [string, string])[];
  readonly #plan: HerdPlan;
  readonly #ports: ReadonlyMap<string, number>;
  readonly #programs = new Map<string, Program>();
  readonly #configs = new Map<string, string>();
  #reports = 0;

  /** Writes the configuration; nothing is started. The herd of the assignment when not told other. */
  constructor(plan: HerdPlan = {}) {
    this.#plan = plan;
    this.names = plan.servers ?? theFive;
    this.links = plan.links ?? (plan.servers ? [] : theSixLinks);
    this.directory = Deno.makeTempDirSync({ prefix: "herd-test-" });
    const ports = freePorts(this.names.length);
    this.#ports = new Map(this.names.map((name, index) => [name, ports[index]!]));
    const entry = (name: string) => ({ host: "127.0.0.1", port: this.port(name), ...plan.entry });
    const herd = {
      servers: Object.fromEntries(this.names.map((name) => [name, entry(name)])),
      links: this.links,
      ...(plan.places === undefined ? {} : { places: plan.places }),
      ...plan.memory,
    };
    Deno.writeTextFileSync(this.config, JSON.stringify(herd, null, 2));
  }

  /** Has a server dial a neighbour at another port from its next start on: it gets a file of its own. */
  redirect(from: string, to: string, port: number): void {
    const herd = JSON.parse(Deno.readTextFileSync(this.#configOf(from)));
    herd.servers[to].port = port;
    const path = `${this.directory}/${from}.json`;
    Deno.writeTextFileSync(path, JSON.stringify(herd, null, 2));
    this.#configs.set(from, path);
  }

  #configOf(name: string): string {
    return this.#configs.get(name) ?? this.config;
  }

  /** Starts the servers of a herd, and waits until news gets from each to every other. */
  static async start(plan: HerdPlan = {}): Promise<RunningHerd> {
    const herd = new RunningHerd(plan);
    try {
      const running = plan.running ?? herd.names;
      await Promise.all(running.map((name) => herd.start(name)));
      await herd.connected(new Set(running));
      return herd;
    } catch (error) {
      await herd[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** herd.json's path. */
  get config(): string {
    return `${this.directory}/herd.json`;
  }

  /** Where the logs are. */
  get logDir(): string {
    return `${this.directory}/logs`;
  }

  /** Where the files of a durable herd are. */
  get dataDir(): string {
    return `${this.directory}/data`;
  }

  port(name: string): number {
    const port = this.#ports.get(name);
    if (port === undefined) throw new RangeError(`no server ${name} in this herd`);
    return port;
  }

  /** The process of a server. */
  program(name: string): Program {
    const program = this.#programs.get(name);
    if (program === undefined) throw new RangeError(`${name} was not started`);
    return program;
  }

  /** The arguments that start a server of this herd. */
  args(name: string): string[] {
    const flags = ["--config", this.#configOf(name), "--log-dir", this.logDir];
    if (this.#plan.memory?.["durable"]) flags.push("--data-dir", this.dataDir);
    return ["serve", name, ...flags, ...(this.#plan.args ?? [])];
  }

  /** Starts a server, and waits until it takes connections. */
  async start(name: string, env: Readonly<Record<string, string>> = {}): Promise<void> {
    const { main } = this.#plan;
    const program = new Program(this.args(name), {
      env: { ...this.#plan.env, ...env },
      ...(main === undefined ? {} : { main }),
    });
    this.#programs.set(name, program);
    await until(async () => {
      if (program.ending !== null) throw new Error(`${name} did not start:\n${program.printed}`);
      try {
        using _client = await Client.connect(this.port(name));
        return true;
      } catch (error) {
        if (error instanceof Deno.errors.ConnectionRefused) return false;
        throw error;
      }
    }, `${name} takes connections`);
  }

  /** Kills a server as a crash would, and waits until it is gone. */
  async kill(name: string): Promise<Ending> {
    const program = this.program(name);
    program.signal("SIGKILL");
    return await program.ended();
  }

  /** What a server's log holds, the files set aside not counted. */
  log(name: string): string {
    return Deno.readTextFileSync(`${this.logDir}/${name}.log`);
  }

  /** Waits until a server's log holds something. */
  async logged(name: string, pattern: RegExp): Promise<RegExpMatchArray> {
    return await until(() => this.log(name).match(pattern), `${pattern} in ${name}'s log`);
  }

  connect(name: string): Promise<Client> {
    return Client.connect(this.port(name));
  }

  /** Sends to a server, half-closes, and reads to the end of file. */
  ask(name: string, data: string | Uint8Array): Promise<string> {
    return ask(this.port(name), data);
  }

  /**
   * Reports a client's location to a server, each time with a later time stamp.
   *
   * @returns the AT line
   */
  async report(name: string, id: string, location = "+34.068930-118.445127"): Promise<string> {
    const nanoseconds = String(this.#reports++).padStart(6, "0").slice(-6);
    const millis = String(Date.now());
    const time = `${millis.slice(0, -3)}.${millis.slice(-3)}${nanoseconds}`;
    const answer = await this.ask(name, `IAMAT ${id} ${location} ${time}\n`);
    if (!answer.startsWith("AT ")) throw new Error(`${name} answered ${JSON.stringify(answer)}`);
    return answer.trimEnd();
  }

  /** @returns the AT line that a server has for a client, or null when it knows none */
  async record(name: string, id: string): Promise<string | null> {
    const [line = ""] = (await this.ask(name, `WHATSAT ${id} 1 0\n`)).split("\n");
    return line.startsWith("AT ") ? line : null;
  }

  /** Waits until a server has a record. */
  async learns(name: string, id: string, line: string): Promise<void> {
    await until(async () => await this.record(name, id) === line, `${name} learns of ${line}`);
  }

  /** Those that news from a server gets to while these run, the server itself included. */
  reachable(from: string, running: ReadonlySet<string> = new Set(this.names)): Set<string> {
    const reached = new Set(running.has(from) ? [from] : []);
    for (const name of reached) {
      for (const link of this.links) {
        const other = link[0] === name ? link[1] : link[1] === name ? link[0] : null;
        if (other !== null && running.has(other)) reached.add(other);
      }
    }
    return reached;
  }

  /** Waits until news gets from each of these to every other that it should get to. */
  async connected(running: ReadonlySet<string> = new Set(this.names)): Promise<void> {
    await Promise.all([...running].map(async (from) => {
      const reached = this.reachable(from, running);
      // A report may be lost on a link that breaks under it, so that one is not enough.
      await until(async () => {
        const line = await this.report(from, `probe.${from}`);
        return await this.#allLearn(reached, `probe.${from}`, line);
      }, `news gets from ${from} to ${[...reached].join(", ")}`);
    }));
  }

  /** Gives a record a moment to get to these servers. */
  async #allLearn(names: Iterable<string>, id: string, line: string): Promise<boolean> {
    const learned = [...names].map((name) =>
      until(async () => await this.record(name, id) === line, "", secondTryMs)
    );
    const results = await Promise.allSettled(learned);
    return results.every(({ status }) => status === "fulfilled");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(
      [...this.#programs.values()].map((program) => program[Symbol.asyncDispose]()),
    );
    await Deno.remove(this.directory, { recursive: true });
  }
}

/** Below the ports that systems give to outgoing connections, which come and go. */
const portMin = 12_500;
const portMax = 32_000;

/**
 * @param count how many
 * @returns ports that nobody listens on just now
 */
export function freePorts(count: number): number[] {
  const listeners = new Map<number, Deno.TcpListener>();
  try {
    while (listeners.size < count) {
      const port = portMin + Math.floor(Math.random() * (portMax - portMin));
      try {
        listeners.set(port, Deno.listen({ hostname: "127.0.0.1", port }));
      } catch (error) {
        if (!(error instanceof Deno.errors.AddrInUse)) throw error;
      }
    }
    return [...listeners.keys()];
  } finally {
    for (const listener of listeners.values()) listener.close();
  }
}
