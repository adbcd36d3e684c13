/**
 * `serve NAME`: one server of the herd, from its configuration to its end.
 *
 * @module
 */

import { getLogger, setup } from "@std/log";
import { isLoopback } from "../herd/incoming.ts";
import { proverOf } from "../herd/proof.ts";
import { choosePlaces } from "../places/provide.ts";
import { Server } from "../server/server.ts";
import type { HerdFile, ServerEntry } from "../topology/herd_file.ts";
import { systemClock, systemRandom } from "../transport/system.ts";
import { tcp } from "../transport/tcp.ts";
import { AddressInUseError } from "../transport/transport.ts";
import type { ServeOptions } from "./command_line.ts";
import { findConfig, readConfig } from "./find_config.ts";
import { openLog } from "./open_log.ts";
import { openMemory } from "./open_memory.ts";
import { serverNamed } from "./server_named.ts";
import { StartError } from "./start_error.ts";
import { UsageError } from "./usage.ts";

/** The environment that a server looks at. */
export interface ServeEnvironment {
  /** `HERD_SECRET`: proves to the neighbours that this server is of the herd. */
  readonly secret?: string | undefined;
  /** `GOOGLE_PLACES_API_KEY`. */
  readonly placesKey?: string | undefined;
}

/**
 * Runs a server until the process is told to stop (SIGINT, SIGTERM).
 *
 * @param options what the command line says
 * @param environment what the environment says
 * @throws {HerdFileError} when herd.json cannot be used
 * @throws {PlacesConfigurationError} when the provider of places cannot be used
 * @throws {PlacesFileError} when the gazetteer's file cannot be used
 * @throws {UsageError} when there is no server of this name, or links would be open to everyone
 * @throws {StartError} when the port is taken or the log cannot be written
 */
export async function serve(
  options: ServeOptions & { readonly name: string | undefined },
  environment: ServeEnvironment,
): Promise<void> {
  const config = await findConfig(options.config);
  const herd = await readConfig(config);
  const entry = serverNamed(options.name, { herd, config: config.name });
  checkSecret(herd, { ...options, ...environment, config: config.name });
  const stopped = stopSignal();
  const log = openLog(options.logDir, entry.name);
  const events = getLogger("herd");
  try {
    const places = choosePlaces({
      ...herd.places,
      file: herd.places.file && besideConfig(config.path ?? "", herd.places.file),
      key: environment.placesKey,
      fetch: globalThis.fetch,
      clock: systemClock,
      random: systemRandom,
      logTrouble: (trouble) => events.warn(trouble),
    });
    const prover = await proverOf(environment.secret);
    const memory = await openMemory(herd, { ...options, name: entry.name, salt: prover.salt });
    const neighbours = herd.topology.neighboursOf(entry.name).map((name) =>
      herd.servers.get(name)!
    );
    const server = new Server({
      name: entry.name,
      address: { hostname: entry.bind ?? entry.host, port: entry.port },
      neighbours,
      names: [...herd.servers.keys()],
      prover,
      insecureLinks: options.insecureLinks,
      places,
      memory,
      transport: tcp,
      clock: systemClock,
      random: systemRandom,
      events,
      wire: log,
    });
    const { hostname, port } = start(server, entry);
    const listens = `${entry.name} listens on ${hostname}:${port}`;
    events.info(`${listens}, neighbours ${neighbours.map(({ name }) => name).join(" ") || "none"}`);
    console.log(`${listens} (${config.name}, places from ${places.provider})`);
    await Promise.race([stopped, places.ready.then(() => stopped)]);
    events.info(`${entry.name} stops`);
    await server.stop();
    events.info(`${entry.name} stopped`);
  } finally {
    setup({});
  }
}

function start(server: Server, { name, host, bind, port }: ServerEntry) {
  try {
    return server.start();
  } catch (error) {
    const why = error instanceof AddressInUseError
      ? "another program listens there; is the server running already?"
      : error instanceof Error
      ? error.message
      : String(error);
    throw new StartError(`${name} cannot listen on ${bind ?? host}:${port}: ${why}`);
  }
}

/** Links between machines without a secret would let everybody put records into the herd. */
function checkSecret(
  herd: HerdFile,
  { config, insecureLinks, secret }: ServeOptions & ServeEnvironment,
): void {
  if (secret || insecureLinks) return;
  for (const { name, host } of herd.servers.values()) {
    if (host === "localhost" || isLoopback(host)) continue;
    throw new UsageError(
      `${config}: servers.${name}.host: ${JSON.stringify(host)} is another machine: links to it ` +
        "need HERD_SECRET in the environment, the same for every server (or --insecure-links)",
    );
  }
}

/** @returns a path as the configuration means it: beside itself, unless absolute */
function besideConfig(config: string, file: string): string {
  const directory = /^(.*)[/\\][^/\\]*$/.exec(config)?.[1];
  const isAbsolute = /^([/\\]|[A-Za-z]:[/\\])/.test(file);
  return isAbsolute || directory === undefined ? file : `${directory}/${file}`;
}

/** @returns what resolves when the process is told to stop */
function stopSignal(): Promise<void> {
  const signals: Deno.Signal[] = Deno.build.os === "windows"
    ? ["SIGINT", "SIGBREAK"]
    : ["SIGINT", "SIGTERM"];
  return new Promise((resolve) => {
    for (const signal of signals) Deno.addSignalListener(signal, () => resolve());
  });
}
