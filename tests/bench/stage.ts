/**
 * What measurements share, and servers of ours that a measurement starts for itself.
 *
 * @module
 */

import { freePorts } from "../process/running_herd.ts";
import { until } from "../process/waiting.ts";
import { type Contestant, neighbourNames, serve, serverName, type Sinks } from "./contestants.ts";
import type { Generator } from "./generator.ts";
import type { Processes } from "./processes.ts";
import type { Redis } from "./redis.ts";

/** What a measurement is given. */
export interface Stage {
  readonly processes: Processes;
  readonly generator: Generator;
  readonly sinks: Sinks;
  /** This herd's server first, the echo second, then the rivals. */
  readonly contestants: readonly Contestant[];
  readonly redis: Redis | null;
}

/** @returns the contestant of that name */
export function contestant({ contestants }: Stage, name: string): Contestant {
  return contestants.find((one) => one.name === name)!;
}

/**
 * Servers of ours in one herd.json. What they logged is removed with it: it takes memory that the next
 * would have.
 */
export interface Servers extends Disposable {
  readonly config: string;
  readonly logDir: string;
  readonly ports: Readonly<Record<string, number>>;
}

let herds = 0;

/**
 * Writes a herd.json.
 *
 * @param ports of those whose port is given already: sinks, readers
 * @param more further keys of herd.json
 */
export function planHerd(
  { processes }: Stage,
  { names, links, ports = {}, more = {} }: {
    readonly names: readonly string[];
    readonly links: readonly (readonly [string, string])[];
    readonly ports?: Readonly<Record<string, number>>;
    readonly more?: Readonly<Record<string, unknown>>;
  },
): Servers {
  const free = freePorts(names.length);
  const all = Object.fromEntries(names.map((name, at) => [name, ports[name] ?? free[at]!]));
  const entry = (name: string) => [name, { host: "127.0.0.1", port: all[name] }];
  const herd = { servers: Object.fromEntries(names.map(entry)), links, ...more };
  const directory = `${processes.directory}/herd-${herds++}`;
  Deno.mkdirSync(directory);
  Deno.writeTextFileSync(`${directory}/herd.json`, JSON.stringify(herd));
  return {
    config: `${directory}/herd.json`,
    logDir: `${directory}/logs`,
    ports: all,
    [Symbol.dispose]: () => Deno.removeSync(directory, { recursive: true }),
  };
}

/** How a server of ours is started. */
export interface ServerOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Waits until these links are made. */
  readonly linked?: readonly string[];
}

/** Starts a server of a herd, and waits until it listens and its links are made. */
export async function startServer(
  { processes }: Stage,
  servers: Servers,
  name: string,
  { env = {}, linked = [] }: ServerOptions = {},
): Promise<number> {
  const words = serve(servers, { name });
  const pid = await processes.start(words, { port: servers.ports[name]!, env });
  await areLinked(servers, name, linked);
  return pid;
}

/** Waits until a server's log tells that links were made. */
export async function areLinked(
  { logDir }: Servers,
  name: string,
  neighbours: readonly string[],
): Promise<void> {
  await until(() => {
    const log = Deno.readTextFileSync(`${logDir}/${name}.log`);
    return neighbours.every((neighbour) => log.includes(`link to ${neighbour} made`));
  }, `links of ${name}`);
}

/** Starts this herd's server with its log on and a live link to each sink. */
export async function startHerd(stage: Stage): Promise<Contestant> {
  const servers = planMeasured(stage);
  const pid = await startServer(stage, servers, serverName, { linked: neighbourNames });
  const port = servers.ports[serverName]!;
  return { name: "herd", dialect: "iamat", server: serverName, port, pid };
}

/** A herd of one server that is linked to the two sinks, in a directory of its own. */
export function planMeasured(stage: Stage, more: Record<string, unknown> = {}): Servers {
  const ports = Object.fromEntries(
    neighbourNames.map((name, at) => [name, stage.sinks.ports[at]!]),
  );
  const links = neighbourNames.map((name) => [serverName, name] as const);
  return planHerd(stage, { names: [serverName, ...neighbourNames], links, ports, more });
}
