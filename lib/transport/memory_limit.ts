/**
 * How much memory this process may have.
 *
 * @module
 */

import process from "node:process";

/**
 * @returns bytes of the machine's memory, or of the container's where that is less (its control group:
 *   Docker's `--memory`, systemd's `MemoryMax`); null where the process may not know
 */
export function memoryLimitBytes(): number | null {
  try {
    return Math.min(Deno.systemMemoryInfo().total, process.constrainedMemory() || Infinity);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) return null;
    throw error;
  }
}
