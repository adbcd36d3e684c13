/**
 * Who takes part: this herd's server, a bare echo, and the rivals that the machine can run. What is
 * missing is named.
 *
 * @module
 */

import { freePorts } from "../process/running_herd.ts";
import type { Dialect } from "./load/traffic.ts";
import { denoRun, isThere, type Processes, repository } from "./processes.ts";

/** A running server that can be measured. */
export interface Contestant {
  readonly name: string;
  readonly dialect: Dialect;
  /** Its name in its answers. */
  readonly server: string;
  readonly port: number;
  readonly pid: number;
  /** Lines in flight over all connections at the most: it would answer more only after many seconds. */
  readonly underWayMax?: number;
  /** Its log, cut off between rounds so that no disk fills up. */
  readonly log?: string;
}

/** The name of the server that is measured, and of its two neighbours. */
export const serverName = "Clark";
export const neighbourNames = ["Jaquez", "Bona"] as const;

/** The far ends of links: two processes that all contestants share, since one is measured at a time. */
export interface Sinks {
  readonly ports: readonly number[];
  readonly pids: readonly number[];
}

/** Starts them. */
export async function startSinks(processes: Processes): Promise<Sinks> {
  const ports = freePorts(neighbourNames.length);
  const pids = await Promise.all(
    ports.map((port) => processes.start(denoRun("./sink.ts", port), { port })),
  );
  return { ports, pids };
}

/**
 * The command of a server of ours.
 *
 * @param herd where its herd.json is, and where its log goes
 * @param options.v8Flags for instance `--trace-gc`
 * @param options.source the directory with its main.ts, if not this one
 */
export function serve(
  { config, logDir }: { readonly config: string; readonly logDir: string },
  { name = serverName, v8Flags = [], source = repository }: {
    name?: string;
    v8Flags?: readonly string[];
    source?: string;
  } = {},
): string[] {
  const main = `${source.replace(/\/$/, "")}/main.ts`;
  const flags = v8Flags.length === 0 ? [] : [`--v8-flags=${v8Flags.join(",")}`];
  const permissions = ["--allow-net", "--allow-read", "--allow-write", "--allow-env"];
  const arguments_ = ["serve", name, "--config", config, "--log-dir", logDir];
  return [Deno.execPath(), "run", "--no-lock", ...flags, ...permissions, main, ...arguments_];
}

/** Starts the echo. @param bufferBytes of each connection, where they are not as many as is usual */
export async function startEcho(processes: Processes, bufferBytes?: number): Promise<Contestant> {
  const [port] = freePorts(1) as [number];
  const words = bufferBytes === undefined ? [port] : [port, bufferBytes];
  const pid = await processes.start(denoRun("./echo.ts", ...words), { port });
  const name = bufferBytes === undefined ? "echo" : `echo, ${bufferBytes} bytes`;
  return { name, dialect: "echo", server: "", port, pid };
}

/** A rival's program: how it is run, and what it needs. */
interface Rival {
  readonly name: string;
  readonly needs: [string, ...string[]];
  readonly underWayMax?: number;
  /** @returns the command, its arguments apart */
  command(processes: Processes): Promise<string[]> | string[];
}

const file = (name: string) =>
  decodeURIComponent(new URL(`./rivals/${name}`, import.meta.url).pathname);

const rivals: readonly Rival[] = [
  {
    name: "asyncio",
    needs: ["python3", "--version"],
    command: () => ["python3", file("asyncio_links.py")],
  },
  {
    name: "asyncio + uvloop",
    needs: ["python3", "-c", "import uvloop"],
    command: () => ["python3", file("asyncio_links.py"), "--uvloop"],
  },
  {
    name: "asyncio, a connection a message",
    needs: ["python3", "--version"],
    underWayMax: 1_000,
    command: () => ["python3", file("asyncio_dials.py")],
  },
  {
    name: "Node net",
    needs: ["node", "--version"],
    command: () => ["node", file("node_net.mjs")],
  },
  { name: "Java NIO", needs: ["javac", "-version"], command: java },
  {
    name: "Java threads",
    needs: ["javac", "-version"],
    command: async (processes) => [...await java(processes), "--threads"],
  },
];

/** Compiles the server in Java, once. */
async function java(processes: Processes): Promise<string[]> {
  const classes = `${processes.directory}/java`;
  const isCompiled = await Deno.stat(classes).then(() => true, () => false);
  if (!isCompiled) await processes.run(["javac", "-d", classes, file("HerdServer.java")]);
  return ["java", "-cp", classes, "HerdServer"];
}

/** Starts the rivals that can be. @param missing hears of those that cannot */
export async function startRivals(
  processes: Processes,
  { sinks, missing }: { readonly sinks: Sinks; readonly missing: (name: string) => void },
): Promise<Contestant[]> {
  const contestants: Contestant[] = [];
  for (const { name, needs, command, underWayMax } of rivals) {
    if (!await isThere(...needs)) {
      missing(`${name} (${needs.join(" ")})`);
      continue;
    }
    const [port] = freePorts(1) as [number];
    const log = `${processes.directory}/${port}.log`;
    const args = [serverName, port, log, ...sinks.ports].map(String);
    const pid = await processes.start([...await command(processes), ...args], { port });
    contestants.push({
      name,
      dialect: "iamat",
      server: serverName,
      port,
      pid,
      log,
      ...(underWayMax && { underWayMax }),
    });
  }
  return contestants;
}
