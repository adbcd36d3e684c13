/**
 * `serve NAME`: one server of the herd, from its configuration to its end.
 *
 * @module
 */

import { getLogger, setup } from "@std/log";
import type { EventLog } from "../../log/event_log.ts";
import { Links } from "../../links/links.ts";
import { proverOf } from "../../links/proof.ts";
import { choosePlaces } from "./choose_places.ts";
import { Server } from "../../server/server.ts";
import type { HerdFile, ServerEntry } from "../../topology/herd_file.ts";
import type { WireLog } from "../../log/log_file.ts";
import { addressText } from "../../transport/address.ts";
import { systemClock, systemRandom } from "../../transport/system.ts";
import { tcp } from "../../transport/tcp.ts";
import { Tls } from "../../transport/tls.ts";
import { AddressInUseError } from "../../transport/transport.ts";
import { checkSecret } from "./check_secret.ts";
import type { ServeLine } from "../command_line.ts";
import { dataDirectory } from "../data_directory.ts";
import { besideConfig, type FoundConfig, openConfig } from "../find_config.ts";
import { membersOf } from "./members.ts";
import { openLog } from "./open_log.ts";
import { Reload } from "./reload.ts";
import { serverMemory } from "./server_memory.ts";
import { serverNamed } from "../server_named.ts";
import { inputEnded, onSignals } from "../signals.ts";
import { startLines } from "./start_lines.ts";
import { exitStatus, StartError } from "../exit_status.ts";
import { readTlsFiles, type TlsFiles } from "./tls_files.ts";

/** What a server takes from the environment. */
export interface ServeEnvironment {
  /** `HERD_SECRET`: proves to the neighbours that this server is of the herd. */
  readonly secret?: string | undefined;
  /** `GOOGLE_PLACES_API_KEY`. */
  readonly placesKey?: string | undefined;
}

/**
 * Runs a server until the process is told to stop (SIGINT, SIGTERM); on SIGHUP it reads herd.json
 * and its certificates again.
 *
 * @param options what the command line says
 * @param environment what the environment says
 * @throws {HerdFileError} when herd.json or a certificate cannot be used
 * @throws {PlacesConfigurationError} when the provider of places cannot be used
 * @throws {PlacesFileError} when the gazetteer's file cannot be used
 * @throws {UsageError} when there is no server of this name, or links would be open to everyone
 * @throws {StartError} when the port is taken, the log cannot be written, or records are to be kept
 *   and their file cannot be used
 */
export async function serve(
  options: Omit<ServeLine, "command">,
  environment: ServeEnvironment,
): Promise<void> {
  const { config, herd } = await openConfig(options.config);
  const entry = entryOf(herd, { ...options, config });
  const safety = { insecureLinks: options.insecureLinks, secret: environment.secret };
  checkSecret(herd, { ...safety, config: config.name });
  const tlsFiles = await readTlsFiles(herd, { name: entry.name, config });
  using signals = new ServerSignals();
  if (options.supervised) inputEnded().then(() => signals.stop());
  const log = openLog(options.logDir, entry.name);
  const events = getLogger("herd");
  try {
    const isDurable = herd.durable !== false || options.dataDir !== undefined;
    const directory = isDurable ? dataDirectory(options.dataDir, config) : null;
    const { places, tls, links, server } = await makeServer(
      { herd, entry, tlsFiles, wire: log, events },
      { ...options, ...environment, config, directory },
    );
    start(server, entry, options);
    for (
      const line of startLines({
        name: entry.name,
        addresses: addressesOf(entry),
        config: config.name,
        provider: places.provider,
        logFile: `${options.logDir}/${entry.name}.log`,
        dataFile: directory && `${directory}/${entry.name}.db`,
        neighbours: herd.topology.neighboursOf(entry.name),
      })
    ) {
      events.info(line);
      console.log(line);
    }
    for (const warning of tlsFiles.warnings) {
      events.warn(warning);
      console.error(warning);
    }
    const { name } = entry;
    signals.onReload(
      new Reload({ ...safety, name, config, herd, tlsFiles, links, tls, events, print: console }),
    );
    await Promise.race([signals.stopped, places.ready.then(() => signals.stopped)]);
    events.info(`${name} stops`);
    await server.stop();
    events.info(`${name} stopped`);
  } finally {
    setup({});
  }
}

/** The signals that a server gets, from its start on. */
class ServerSignals implements Disposable {
  /** Resolves when the server is to stop. */
  readonly stopped: Promise<void>;
  /** Has it resolve. */
  readonly stop: () => void;
  readonly #signals: Disposable;
  #reload: Reload | null = null;
  #isReloadDue = false;

  constructor() {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.stopped = promise;
    this.stop = resolve;
    const reload = () => {
      this.#isReloadDue = this.#reload === null;
      this.#reload?.request();
    };
    this.#signals = onSignals({ stop: resolve, reload });
  }

  /** Reads the configuration again on SIGHUP; at once if one has come already. */
  onReload(reload: Reload): void {
    this.#reload = reload;
    if (this.#isReloadDue) reload.request();
  }

  [Symbol.dispose](): void {
    this.#signals[Symbol.dispose]();
  }
}

/** What a server is made from. */
interface Parts {
  readonly herd: HerdFile;
  readonly entry: ServerEntry;
  readonly tlsFiles: TlsFiles;
  readonly wire: WireLog;
  readonly events: EventLog;
}

/** What the command line and the environment add to them. */
interface Circumstances extends ServeEnvironment {
  readonly config: FoundConfig;
  /** Where records are on disk; null: nowhere. */
  readonly directory: string | null;
  readonly insecureLinks: boolean;
}

async function makeServer(
  { herd, entry, tlsFiles, wire, events }: Parts,
  { config, directory, insecureLinks, secret, placesKey }: Circumstances,
) {
  const { name, host, bind, port } = entry;
  const places = choosePlaces({
    ...herd.places,
    file: herd.places.file && besideConfig(config, herd.places.file),
    key: placesKey,
    fetch: globalThis.fetch,
    clock: systemClock,
    random: systemRandom,
    logTrouble: (trouble) => events.warn(trouble),
  });
  if (secret) await hideDeprecations();
  const prover = await proverOf(secret);
  const memory = await serverMemory(herd, {
    name,
    directory,
    salt: prover.salt,
    clock: systemClock,
    random: systemRandom,
    events,
    print: console,
  });
  const tls = new Tls(tlsFiles);
  const { table, hashSeed } = memory;
  const surroundings = { transport: tcp, clock: systemClock, random: systemRandom, events, wire };
  const links = new Links({
    name,
    ...membersOf(herd, { name, tls }),
    table,
    hashSeed,
    prover,
    insecureLinks,
    ...surroundings,
  });
  const hostname = bind ?? host;
  const overTls = entry.tls && { transport: tls, address: { hostname, port: entry.tls.port } };
  const server = new Server({
    name,
    address: { hostname, port },
    endpoints: overTls ? [overTls] : [],
    links,
    places,
    memory,
    ...surroundings,
  });
  return { places, tls, links, server };
}

/** Deno 2.4 warns of its own use of `crypto.Hmac`, which no operator can change. */
async function hideDeprecations(): Promise<void> {
  const { default: process } = await import("node:process");
  Object.assign(process, { noDeprecation: true });
}

/** The server that is meant; `--bind` goes before what herd.json says. */
function entryOf(
  herd: HerdFile,
  { name, bare, bind, config }: Omit<ServeLine, "command" | "config"> & {
    readonly config: FoundConfig;
  },
): ServerEntry {
  const entry = serverNamed(name, { herd, config: config.name, orCommand: bare });
  return bind === undefined ? entry : { ...entry, bind };
}

/** @returns where it listens, in words */
function addressesOf({ host, bind, port, tls }: ServerEntry): string {
  const hostname = bind ?? host;
  const plain = addressText({ hostname, port });
  return tls === undefined
    ? plain
    : `${plain} and, for TLS, ${addressText({ hostname, port: tls.port })}`;
}

function start(
  server: Server,
  entry: ServerEntry,
  { supervised }: { readonly supervised: boolean },
): void {
  try {
    server.start();
  } catch (error) {
    const isTaken = error instanceof AddressInUseError;
    const why = isTaken
      ? "another program listens there; is the server running already?"
      : error instanceof Error
      ? error.message
      : String(error);
    throw new StartError(
      `${entry.name} cannot listen on ${addressesOf(entry)}: ${why}`,
      isTaken && supervised ? exitStatus.addressTaken : exitStatus.failure,
    );
  }
}
