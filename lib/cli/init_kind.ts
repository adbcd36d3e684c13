/**
 * What `init` makes.
 *
 * @module
 */

/** Files for what keeps servers running, and a secret. */
export const initKinds = ["systemd", "docker", "compose", "secret"] as const;

/** One of {@linkcode initKinds}. */
export type InitKind = typeof initKinds[number];
