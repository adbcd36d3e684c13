/**
 * What the system tells about processes, as far as it has a /proc.
 *
 * @module
 */

/** Whether there is a /proc to ask. */
export const hasProc = Deno.build.os === "linux";

/** Deno itself lets nobody read /proc who has not all permissions. */
async function cat(...paths: string[]): Promise<string> {
  const { stdout } = await new Deno.Command("cat", { args: paths, stderr: "null" }).output();
  return new TextDecoder().decode(stdout);
}

/**
 * @param pid a process
 * @returns the bytes of memory that it has resident, or null where the system does not tell so
 */
export async function residentBytes(pid: number): Promise<number | null> {
  if (!hasProc) return null;
  const [, kibibytes] = (await cat(`/proc/${pid}/status`)).match(/^VmRSS:\s+(\d+) kB$/m) ?? [];
  return kibibytes === undefined ? null : Number(kibibytes) * 1024;
}

/**
 * @param pid a process
 * @param word one of the child's arguments
 * @returns its child that was started with this word, or null when there is none
 */
export async function childOf(pid: number, word: string): Promise<number | null> {
  const children = (await cat(`/proc/${pid}/task/${pid}/children`)).trim().split(" ");
  for (const child of children.filter((number) => number !== "").map(Number)) {
    if ((await cat(`/proc/${child}/cmdline`)).split("\0").includes(word)) return child;
  }
  return null;
}
