/**
 * How much memory a process takes.
 *
 * @module
 */

/**
 * @param pid a process
 * @returns the bytes of memory that it has resident, or null where the system does not tell so
 */
export function residentBytes(pid: number): number | null {
  try {
    const [, kibibytes] =
      Deno.readTextFileSync(`/proc/${pid}/status`).match(/^VmRSS:\s+(\d+) kB$/m) ??
        [];
    return kibibytes === undefined ? null : Number(kibibytes) * 1024;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound || error instanceof Deno.errors.NotCapable) {
      return null;
    }
    throw error;
  }
}
