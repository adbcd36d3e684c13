/**
 * The tests' certificates; `make.sh` says what each is.
 *
 * @module
 */

import type { Credentials } from "../../lib/transport/tls.ts";

/**
 * @param file one of the files beside this one
 * @returns where it is
 */
export function pathOf(file: string): string {
  return decodeURIComponent(new URL(file, import.meta.url).pathname);
}

/**
 * @param file one of the files beside this one
 * @returns what it holds
 */
export function pem(file: string): string {
  return Deno.readTextFileSync(pathOf(file));
}

/**
 * @param name `server` for `server.pem` and `server.key`
 * @returns what they hold
 */
export function credentialsOf(name: string): Credentials {
  return { cert: pem(`${name}.pem`), key: pem(`${name}.key`) };
}
