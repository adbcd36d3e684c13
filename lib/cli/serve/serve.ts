/**
 * `serve NAME`: one server of the herd, from its configuration to its end.
 *
 * @module
 */

import { getLogger, setup } from "@std/log";
import type { EventLog } from "../../log/event_log.ts";
import { Links } from "../../links/links.ts";
import { choosePlaces } from "./choose_places.ts";
import { Server } from "../../server/server.ts";
import type { ConnectionBounds } from "../../server/connections.ts";
import type { HerdFile, LimitsEntry, ServerEntry } from "../../topology/herd_file.ts";
import type { WireLog } from "../../log/log_file.ts";
import { systemClock, systemRandom } from "../../transport/system.ts";
import { tcp } from "../../transport/tcp.ts";
import { Tls } from "../../transport/tls.ts";
import { checkSecret, tokenWarnings } from "./check_secret.ts";
import type { ServeLine } from "../command_line.ts";
import { dataDirectory } from "../data_directory.ts";
import { besideConfig, type FoundConfig, openConfig } from "../find_config.ts";
import { herdProver } from "../herd_prover.ts";
import { membersOf } from "./members.ts";
import { openLog } from "./open_log.ts";
import { Reload } from "./reload.ts";
import { serverMemory } from "./server_memory.ts";
import { inputEnded, onSignals } from "../signals.ts";
import { addressesOf, entryOf, start } from "./start.ts";
import { startLines } from "./start_lines.ts";
import { readTlsFiles, type TlsFiles } from "./tls_files.ts";

/** What a server takes from the environment. */
export interface ServeEnvironment {
  /** Reads what proves to the neighbours that this server is of the herd: see `herdSecrets()`. */
  readonly secrets: () => Promise<readonly string[]>;
  /** `GOOGLE_PLACES_API_KEY`. */
  readonly placesKey?: string | undefined;
}

/**
 * Runs a server until the process is told to stop (SIGINT, SIGTERM); on SIGHUP it reads herd.json,
 * its certificates and its secrets again.
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
  const { insecureLinks } = options;
  const secrets = await environment.secrets();
  checkSecret(herd, { insecureLinks, hasSecret: secrets.length > 0, config: config.name });
  const tlsFiles = await readTlsFiles(herd, { name: entry.name, config });
  using signals = new ServerSignals();
  if (options.supervised) inputEnded().then(() => signals.stop());
  const log = openLog(options.logDir, entry.name);
  const events = getLogger("herd");
  try {
    const isDurable = herd.durable !== false || options.dataDir !== undefined;
    const directory = isDurable ? dataDirectory(options.dataDir, config) : null;
    const { places, tls, links, tokens, server } = await makeServer(
      { herd, entry, tlsFiles, wire: log, events },
      { insecureLinks, directory, secrets, placesKey: environment.placesKey, config },
    );
    start(server, entry, options);
    const lines = startLines({
      name: entry.name,
      addresses: addressesOf(entry),
      config: config.name,
      provider: places.provider,
      logFile: `${options.logDir}/${entry.name}.log`,
      dataFile: directory && `${directory}/${entry.name}.db`,
      neighbours: herd.topology.neighboursOf(entry.name),
    });
    show(events, { lines, warnings: [...tlsFiles.warnings, ...tokenWarnings(herd, entry)] });
    const { name } = entry;
    const running = { herd, files: tlsFiles, secrets };
    const parts = { running, links, tokens, tls, events, log, print: console };
    const reload = { name, config, insecureLinks, ...parts };
    signals.onReload(new Reload({ ...reload, secrets: environment.secrets }));
    await Promise.race([signals.stopped, places.ready.then(() => signals.stopped)]);
    events.info(`${name} stops`);
    await server.stop();
    events.info(`${name} stopped`);
  } finally {
    setup({});
  }
}

/** Tells the log and the operator. */
function show(
  events: EventLog,
  { lines, warnings }: { readonly lines: readonly string[]; readonly warnings: readonly string[] },
): void {
  for (const line of lines) {
    events.info(line);
    console.log(line);
  }
  for (const warning of warnings) {
    events.warn(warning);
    console.error(warning);
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
interface Circumstances extends Pick<ServeEnvironment, "placesKey"> {
  readonly secrets: readonly string[];
  readonly config: FoundConfig;
  /** Where records are on disk; null: nowhere. */
  readonly directory: string | null;
  readonly insecureLinks: boolean;
}

async function makeServer(
  { herd, entry, tlsFiles, wire, events }: Parts,
  { config, directory, insecureLinks, secrets, placesKey }: Circumstances,
) {
  const { name, host, bind, port } = entry;
  const places = placesOf(herd, { config, key: placesKey, events });
  const prover = await herdProver(secrets);
  const memory = await serverMemory(herd, {
    name,
    directory,
    salts: prover.salts,
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
    saved: () => server.saved(),
    ...surroundings,
  });
  const hostname = bind ?? host;
  const overTls = entry.tls && { transport: tls, address: { hostname, port: entry.tls.port } };
  const tokens = await tokensOf(herd, secrets);
  const server: Server = new Server({
    name,
    address: { hostname, port },
    endpoints: overTls ? [overTls] : [],
    links,
    places,
    memory,
    tokens,
    bounds: boundsOf(herd.limits),
    ...surroundings,
  });
  return { places, tls, links, tokens, server };
}

function placesOf(
  { places }: HerdFile,
  { config, key, events }: {
    readonly config: FoundConfig;
    readonly key: string | undefined;
    readonly events: EventLog;
  },
) {
  return choosePlaces({
    ...places,
    file: places.file && besideConfig(config, places.file),
    key,
    fetch: globalThis.fetch,
    clock: systemClock,
    random: systemRandom,
    logTrouble: (trouble) => events.warn(trouble),
  });
}

/** Where clients need tokens, `jose` is loaded; elsewhere nothing of that is. */
async function tokensOf({ clients, revoked }: HerdFile, secrets: readonly string[]) {
  if (clients === "open") return null;
  const { Tokens } = await import("../../access/tokens.ts");
  return await Tokens.of({ secrets, revoked, clock: systemClock, random: systemRandom });
}

function boundsOf({ connections, silentS, idleS }: LimitsEntry): Partial<ConnectionBounds> {
  return {
    ...(connections === undefined ? {} : { connections }),
    ...(silentS === undefined ? {} : { silentMs: silentS * 1000 }),
    ...(idleS === undefined ? {} : { idleMs: idleS * 1000 }),
  };
}
