/**
 * What `init` makes files for.
 *
 * @module
 */

/** What keeps servers running. */
export const initKinds = ["systemd", "docker", "compose"] as const;

/** One of {@linkcode initKinds}. */
export type InitKind = typeof initKinds[number];
