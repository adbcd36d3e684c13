/**
 * How the program ends.
 *
 * @module
 */

import { ConfigurationError } from "../topology/configuration_error.ts";
import { UsageError } from "./usage.ts";

/** The exit statuses of every command but `client`. */
export const exitStatus = {
  /** All went well. */
  success: 0,
  /** Something failed; trying again may help. */
  failure: 1,
  /** Arguments or configuration are wrong: trying again does not help. */
  misconfigured: 2,
  /** Something listens at the server's address already; only for who supervises servers. */
  addressTaken: 3,
} as const;

/** The server could not start, and neither arguments nor configuration were the reason. */
export class StartError extends Error {
  override readonly name = "StartError";

  /** @param status the exit status */
  constructor(message: string, readonly status: number = exitStatus.failure) {
    super(message);
  }
}

/**
 * @param error what a command has thrown
 * @returns the exit status where the message is all that a user needs; null for a bug
 *
 * @example
 * ```ts
 * import { assertEquals } from "@std/assert";
 * import { UsageError } from "./usage.ts";
 *
 * assertEquals(exitStatusOf(new UsageError("unknown flag")), 2);
 * assertEquals(exitStatusOf(new StartError("the port is taken")), 1);
 * assertEquals(exitStatusOf(new TypeError("x is not a function")), null);
 * ```
 */
export function exitStatusOf(error: unknown): number | null {
  if (error instanceof UsageError || error instanceof ConfigurationError) {
    return exitStatus.misconfigured;
  }
  return error instanceof StartError ? error.status : null;
}
