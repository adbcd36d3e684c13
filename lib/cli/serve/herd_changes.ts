/**
 * What is different in another herd.json, and whether a server can take it over while it runs.
 *
 * @module
 */

import type { HerdFile } from "../../topology/herd_file.ts";
import type { TlsFiles } from "./tls_files.ts";

/** Parts of herd.json that a server takes with it to its end, by their keys. */
const fixedParts = {
  places: "places",
  durable: "durable",
  forgetAfter: "forgetAfterS",
  maxClockAheadS: "maxClockAheadS",
  limits: "limits",
} as const;

/**
 * @param before the herd.json that a server runs with
 * @param after another
 * @param options.name the server's
 * @param options.config herd.json's path, for the lines
 * @returns what keeps the server from taking the other over while it runs, a line each
 */
export function refusals(
  before: HerdFile,
  after: HerdFile,
  { name, config }: { readonly name: string; readonly config: string },
): string[] {
  const restart = "cannot change while the server runs; restart it";
  const removed = [...before.servers.keys()].filter((server) => !after.servers.has(server));
  const parts = Object.entries(fixedParts).filter(([, part]) =>
    JSON.stringify(before[part]) !== JSON.stringify(after[part])
  );
  const isMoved = after.servers.has(name) && listensAt(before, name) !== listensAt(after, name);
  return [
    ...removed.map((server) =>
      `${config}: servers.${server}: is missing; records that it took may be about in the herd, so ` +
      "that a running server cannot forget it; take its links away instead"
    ),
    ...(isMoved ? [`${config}: servers.${name}: where it listens ${restart}`] : []),
    ...parts.map(([key]) => `${config}: ${key}: ${restart}`),
  ];
}

function listensAt({ servers }: HerdFile, name: string): string {
  const { host, bind, port, tls } = servers.get(name)!;
  return JSON.stringify([bind ?? host, port, tls?.port ?? null]);
}

/** What a server runs with. */
export interface Configuration {
  readonly herd: HerdFile;
  readonly files: TlsFiles;
}

/**
 * @param before what a server ran with
 * @param after what it runs with now
 * @param name the server's
 * @returns what is different for it, in words
 */
export function changesOf(before: Configuration, after: Configuration, name: string): string[] {
  const [old, now] = [before, after].map(({ herd }) => herd.topology.neighboursOf(name)) as [
    readonly string[],
    readonly string[],
  ];
  const changes: [string, readonly string[]][] = [
    ["new in the herd", after.herd.topology.names.filter((name) => !before.herd.servers.has(name))],
    ["new links with", now.filter((server) => !old.includes(server))],
    ["no more links with", old.filter((server) => !now.includes(server))],
    [
      "dialled elsewhere",
      now.filter((server) =>
        old.includes(server) && dialledAt(before.herd, server) !== dialledAt(after.herd, server)
      ),
    ],
  ];
  return [
    ...changes.filter(([, names]) => names.length > 0)
      .map(([what, names]) => `${what} ${names.join(" ")}`),
    ...(before.files.credentials?.cert === after.files.credentials?.cert
      ? []
      : ["another certificate"]),
    ...(before.files.ca === after.files.ca ? [] : ["another authority"]),
  ];
}

function dialledAt({ servers, ca }: HerdFile, name: string): string {
  const { host, port, tls } = servers.get(name)!;
  return JSON.stringify([host, ca === null ? port : tls?.port, ca !== null]);
}
