/**
 * `check`: is a configuration right, and what herd does it make?
 *
 * @module
 */

import { type HerdFile, HerdFileError, type ServerEntry } from "../../topology/herd_file.ts";
import { addressText } from "../../transport/address.ts";
import { exitStatus } from "../exit_status.ts";
import { type FoundConfig, openConfig } from "../find_config.ts";

/** What {@linkcode check} needs. */
export interface CheckOptions {
  readonly print?: Pick<Console, "log" | "error">;
  readonly faultsOf: (
    herd: HerdFile,
    config: FoundConfig,
  ) => Promise<{ readonly errors: readonly string[]; readonly warnings: readonly string[] }>;
}

/**
 * Prints the herd of a configuration, or what is wrong with it, one error a line.
 *
 * @param config what `--config` says
 * @param options.print where to: the herd to `log`, errors and warnings to `error`
 * @param options.faultsOf finds what would keep servers from starting, in files and environment
 * @returns the exit status: 0, or 2 when something is wrong
 */
export async function check(
  config: string | undefined,
  { print = console, faultsOf }: CheckOptions,
): Promise<number> {
  try {
    const { config: found, herd } = await openConfig(config);
    const { name } = found;
    const faults = await faultsOf(herd, found);
    if (faults.errors.length > 0) throw new HerdFileError(faults.errors);
    print.log(describeHerd(herd, name));
    const prefix = `${name}: `;
    for (const warning of [...warnings(herd), ...faults.warnings]) {
      const text = warning.startsWith(prefix) ? warning.slice(prefix.length) : warning;
      print.error(`${prefix}warning: ${text}`);
    }
    return exitStatus.success;
  } catch (error) {
    if (!(error instanceof HerdFileError)) throw error;
    for (const line of error.errors) print.error(line);
    return exitStatus.misconfigured;
  }
}

/**
 * A herd for people: how large it is, where its servers are and who their neighbours are, and
 * where places come from.
 *
 * @param fileName what the text calls the configuration
 * @returns several lines, the last without its end
 */
export function describeHerd(herd: HerdFile, fileName: string): string {
  const { servers, links, topology } = herd;
  const diameter = topology.diameter();
  const size = [
    counted(servers.size, "server"),
    counted(links.length, "link"),
    diameter === null ? `${topology.parts().length} parts without a link` : `diameter ${diameter}`,
  ];
  const rows = [...servers.values()].map((server) => [
    server.name,
    whereText(server),
    topology.neighboursOf(server.name).join(", ") || "none",
  ]);
  return [
    `${fileName}: ${size.join(", ")}`,
    "",
    ...table([["server", "address", "neighbours"], ...rows]),
    "",
    `places: ${placesText(herd)}`,
    ...(herd.ca === null ? [] : [`links: over TLS, the authority is ${herd.ca}`]),
  ].join("\n");
}

function warnings({ topology, acceptLinks1 }: HerdFile): string[] {
  const parts = topology.parts();
  const groups = parts.map((part) => part.join(" ")).join(" | ");
  return [
    ...(parts.length === 1
      ? []
      : [`links should connect all servers; news never gets from one part to another: ${groups}`]),
    ...(acceptLinks1
      ? [
        "acceptLinks1: is for the time of an upgrade: servers prove the secret to whoever says a " +
        "neighbour's hello; take it out when every server speaks version 2",
      ]
      : []),
  ];
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}

function whereText({ host, port, bind, tls }: ServerEntry): string {
  const plain = addressText({ hostname: host, port });
  const address = tls === undefined ? plain : `${plain}, TLS ${tls.port}`;
  return bind === undefined ? address : `${address} (listens on ${bind})`;
}

function placesText({ places: { provider, endpoint, file } }: HerdFile): string {
  const source = provider ?? "google when GOOGLE_PLACES_API_KEY is set, else gazetteer";
  return source + (endpoint ? `, at ${endpoint}` : "") + (file ? `, from ${file}` : "");
}

/** Columns of one width, the last left as it is. */
function table(rows: readonly (readonly string[])[]): string[] {
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  return rows.map((row) =>
    row.map((cell, column) => column === row.length - 1 ? cell : cell.padEnd(width(column)))
      .join("  ")
  );
}
