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
    // Deno 2.4 cannot tell what its control group allows.
    const constrained = process.constrainedMemory?.() || Infinity;
    return Math.min(Deno.systemMemoryInfo().total, constrained);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) return null;
    throw error;
  }
}
