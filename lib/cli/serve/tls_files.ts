/**
 * The certificates of herd.json. No message holds anything of a file but its name.
 *
 * @module
 */

import { type HerdFile, HerdFileError } from "../../topology/herd_file.ts";
import { systemClock } from "../../transport/system.ts";
import { type Credentials, CredentialsError, tryCredentials } from "../../transport/tls.ts";
import { besideConfig, type FoundConfig, readFailure } from "../find_config.ts";

/** What {@linkcode readTlsFiles} found. */
export interface TlsFiles {
  /** The server's certificate and key; null when herd.json gives it no TLS. */
  readonly credentials: Credentials | null;
  /** The certificates of the links' authority, in PEM; null when herd.json names none. */
  readonly ca: string | null;
  /** What can be used, but should be changed; a line each. */
  readonly warnings: readonly string[];
}

/** A file that herd.json names. */
interface NamedFile {
  /** Where herd.json names it, and its name; every message about it begins so. */
  readonly where: string;
  readonly path: string;
  readonly text: string;
}

const certificateForm = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;
const readableByAll = 0o004;

/**
 * Reads and checks the certificates that one server needs; those of other servers may be on other
 * machines.
 *
 * @param herd herd.json
 * @param options.name the server's
 * @param options.config where herd.json is
 * @throws {HerdFileError} when a file cannot be read or used
 */
export async function readTlsFiles(
  herd: HerdFile,
  { name, config }: { readonly name: string; readonly config: FoundConfig },
): Promise<TlsFiles> {
  const tls = herd.servers.get(name)?.tls;
  if (tls === undefined && herd.ca === null) return { credentials: null, ca: null, warnings: [] };
  const read = (key: string, file: string) => readNamed(file, { key, config });
  const ca = herd.ca === null ? null : await read("ca", herd.ca);
  if (ca !== null) await certificatesOf(ca);
  if (tls === undefined) return { credentials: null, ca: ca?.text ?? null, warnings: [] };
  const cert = await read(`servers.${name}.tls.cert`, tls.cert);
  const key = await read(`servers.${name}.tls.key`, tls.key);
  const credentials = { cert: cert.text, key: key.text };
  const [validTo = Infinity] = await certificatesOf(cert);
  try {
    tryCredentials(credentials);
  } catch (error) {
    if (!(error instanceof CredentialsError)) throw error;
    throw new HerdFileError([`${key.where} cannot be used with ${tls.cert}: ${error.message}`]);
  }
  const warnings = [];
  if (validTo < nowMs()) warnings.push(`${cert.where} expired on ${dateText(validTo)}`);
  if (((await Deno.stat(key.path)).mode ?? 0) & readableByAll) {
    warnings.push(`${key.where}: every user of this machine can read it; "chmod o-r" helps`);
  }
  return { credentials, ca: ca?.text ?? null, warnings };
}

async function readNamed(
  file: string,
  { key, config }: { readonly key: string; readonly config: FoundConfig },
): Promise<NamedFile> {
  const where = `${config.name}: ${key}: ${JSON.stringify(file)}`;
  const path = besideConfig(config, file);
  try {
    return { where, path, text: await Deno.readTextFile(path) };
  } catch (error) {
    throw new HerdFileError([`${where}: ${readFailure(error)}`]);
  }
}

/** @returns when each certificate of a file expires, in milliseconds since 1970 */
async function certificatesOf({ where, text }: NamedFile): Promise<number[]> {
  const { X509Certificate } = await import("node:crypto");
  const certificates = text.match(certificateForm) ?? [];
  if (certificates.length === 0) throw new HerdFileError([`${where} holds no certificate in PEM`]);
  try {
    return certificates.map((pem) => Date.parse(new X509Certificate(pem).validTo));
  } catch {
    throw new HerdFileError([`${where} holds a damaged certificate`]);
  }
}

function nowMs(): number {
  const now = { seconds: 0, nanoseconds: 0 };
  systemClock.now(now);
  return now.seconds * 1000;
}

function dateText(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
