/**
 * What has changed in herd.json, and whether a server can apply it while it runs.
 *
 * @module
 */

import type { HerdFile } from "../../topology/herd_file.ts";
import type { TlsFiles } from "./tls_files.ts";

/** Parts of herd.json that only a restart changes, by their keys. */
const fixedParts = {
  places: "places",
  durable: "durable",
  forgetAfter: "forgetAfterS",
  maxClockAheadS: "maxClockAheadS",
  clients: "clients",
  limits: "limits",
} as const;

/**
 * @param before the herd.json that a server runs with
 * @param after another
 * @param options.name the server's
 * @param options.config herd.json's path, for the lines
 * @returns why the server cannot apply the other while it runs, one line a reason; or nothing
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
      `${config}: servers.${server}: is missing; the herd may still hold records that it ` +
      "received, so a running server cannot drop it; remove its links instead"
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
  /** The herd's secrets: the first is proven with, either is taken. */
  readonly secrets: readonly string[];
}

/**
 * @param before what a server ran with
 * @param after what it runs with now
 * @param name the server's
 * @returns what has changed for it, in words
 */
export function changesOf(before: Configuration, after: Configuration, name: string): string[] {
  const [old, now] = [before, after].map(({ herd }) => herd.topology.neighboursOf(name)) as [
    readonly string[],
    readonly string[],
  ];
  const changes: [string, readonly string[]][] = [
    ["added", after.herd.topology.names.filter((name) => !before.herd.servers.has(name))],
    ["linked with", now.filter((server) => !old.includes(server))],
    ["no longer linked with", old.filter((server) => !now.includes(server))],
    [
      "new address for",
      now.filter((server) =>
        old.includes(server) && dialledAt(before.herd, server) !== dialledAt(after.herd, server)
      ),
    ],
  ];
  return [
    ...changes.filter(([, names]) => names.length > 0)
      .map(([what, names]) => `${what} ${names.join(" ")}`),
    ...secretChanges(before.secrets, after.secrets),
    ...revokedChanges(before.herd.revoked, after.herd.revoked),
    ...(before.herd.acceptLinks1 === after.herd.acceptLinks1
      ? []
      : [`links of version 1 are ${after.herd.acceptLinks1 ? "accepted" : "refused"}`]),
    ...(before.files.credentials?.cert === after.files.credentials?.cert
      ? []
      : ["new certificate"]),
    ...(before.files.ca === after.files.ca ? [] : ["new authority"]),
  ];
}

function revokedChanges(before: readonly string[], after: readonly string[]): string[] {
  const more = after.filter((jti) => !before.includes(jti)).length;
  const fewer = before.filter((jti) => !after.includes(jti)).length;
  return [
    ...(more === 0 ? [] : [`tokens revoked: ${more}`]),
    ...(fewer === 0 ? [] : [`tokens no longer revoked: ${fewer}`]),
  ];
}

function secretChanges(before: readonly string[], after: readonly string[]): string[] {
  const isIn = (secrets: readonly string[]) => (secret: string) => secrets.includes(secret);
  return [
    ...(before[0] === after[0] ? [] : ["another secret is proven with"]),
    ...(after.every(isIn(before)) ? [] : ["a new secret is taken"]),
    ...(before.every(isIn(after)) ? [] : ["an old secret is refused"]),
  ];
}

function dialledAt({ servers, ca }: HerdFile, name: string): string {
  const { host, port, tls } = servers.get(name)!;
  return JSON.stringify([host, ca === null ? port : tls?.port, ca !== null]);
}
