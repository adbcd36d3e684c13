/**
 * Memory that is at hand. A virtual machine gives free memory back to its host, in blocks of 2 MiB, and
 * who is given such a block next waits for the host: some 2 ns a byte, six times what writing to a file
 * costs otherwise. Contestants that write a log would be charged for that, or not, as it happens; on a
 * machine with memory of its own nobody is.
 *
 * @module
 */

const libc = Deno.dlopen("libc.so.6", {
  mmap: { parameters: ["usize", "usize", "i32", "i32", "i32", "i64"], result: "usize" },
  madvise: { parameters: ["usize", "usize", "i32"], result: "i32" },
  memset: { parameters: ["usize", "i32", "usize"], result: "usize" },
}).symbols;

const readAndWrite = 3;
const privateAnonymous = 0x22;
const noHugePages = 15;
const dontNeed = 4;

const gibibyte = 1024n * 1024n * 1024n;
const pageBytes = 4096n;
const blockBytes = 1024n * 1024n;

/**
 * Uses memory and frees it again, but for a page here and there: what is free between them is too small
 * to be given back, and is what the system hands out first. The pages are kept until this process ends.
 *
 * @param gibibytes as much as all contestants together log until it is on disk or cut off, and their
 *   clients
 */
export function keepMemoryAtHand(gibibytes: number): void {
  const bytes = BigInt(gibibytes) * gibibyte;
  const start = libc.mmap(0n, bytes, readAndWrite, privateAnonymous, -1, 0n);
  // -1 as an address: no more than a measurement that is less exact.
  if (start === 0xffff_ffff_ffff_ffffn) return;
  libc.madvise(start, bytes, noHugePages);
  libc.memset(start, 1, bytes);
  for (let at = 0n; at < bytes; at += blockBytes) {
    libc.madvise(start + at + pageBytes, blockBytes - pageBytes, dontNeed);
  }
}
