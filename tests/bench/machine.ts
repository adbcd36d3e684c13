/**
 * What the kernel tells of a process and of the machine.
 *
 * @module
 */

/** The kernel counts CPU time in ticks of this many a second, on every Linux in use. */
const ticksPerSecond = 100;

/**
 * @param pid a process
 * @returns CPU time it has used so far, its own and the kernel's for it, in seconds
 */
export function cpuSeconds(pid: number): number {
  const stat = Deno.readTextFileSync(`/proc/${pid}/stat`);
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
}

/**
 * @param pid a process
 * @returns its resident memory in bytes
 */
export function residentBytes(pid: number): number {
  const status = Deno.readTextFileSync(`/proc/${pid}/status`);
  return Number(/VmRSS:\s*(\d+)/.exec(status)?.[1]) * 1024;
}

/** @returns what kind of machine this is; no names, no paths */
export function machineKind(): Record<string, string> {
  const cpu = Deno.readTextFileSync("/proc/cpuinfo");
  const memory = Deno.readTextFileSync("/proc/meminfo");
  const kilobytes = Number(/MemTotal:\s*(\d+)/.exec(memory)?.[1]);
  return {
    cores: String(navigator.hardwareConcurrency),
    cpu: /model name\s*:\s*(.*)/.exec(cpu)?.[1] ?? Deno.build.arch,
    memory: `${Math.round(kilobytes / 2 ** 20)} GiB`,
    os: `${Deno.build.os} ${Deno.osRelease().replace(/[-+].*/, "")}`,
    deno: Deno.version.deno,
    v8: Deno.version.v8,
  };
}

/** @returns the middle of the numbers */
export function median(numbers: readonly number[]): number {
  return quantile([...numbers].sort((one, other) => one - other), 0.5);
}

/**
 * @param sorted numbers in ascending order
 * @param share 0 to 1
 * @returns the number below which that share of them lies
 */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  if (sorted.length === 0) return NaN;
  const at = (sorted.length - 1) * share;
  const low = sorted[Math.floor(at)]!;
  return low + (sorted[Math.ceil(at)]! - low) * (at - Math.floor(at));
}
