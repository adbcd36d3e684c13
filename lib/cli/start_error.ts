/**
 * The error of a server that cannot start.
 *
 * @module
 */

/** The server could not start, and its arguments were not the reason: exit status 1. */
export class StartError extends Error {
  override readonly name = "StartError";
}
