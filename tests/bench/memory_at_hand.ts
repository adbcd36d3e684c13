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
  munmap: { parameters: ["usize", "usize"], result: "i32" },
  memset: { parameters: ["usize", "i32", "usize"], result: "usize" },
}).symbols;

const readAndWrite = 3;
const privateAnonymous = 0x22;
const hugePages = 14;

/** As much as a contestant logs in one measurement, and its connections and clients take. */
const bytes = 1024n * 1024n * 1024n;

/**
 * Uses memory and frees all of it again, before a measurement: the system hands out first what was
 * freed last, and it is seconds before any of it is given back. So whoever is measured next finds the
 * same memory, whatever ran before. None of it is kept: a page here and there would leave the others
 * in pieces, which whoever has thousands of connections would be charged for.
 */
export function bringMemoryToHand(): void {
  const start = libc.mmap(0n, bytes, readAndWrite, privateAnonymous, -1, 0n);
  // -1 as an address: no more than a measurement that is less exact.
  if (start === 0xffff_ffff_ffff_ffffn) return;
  libc.madvise(start, bytes, hugePages);
  libc.memset(start, 1, bytes);
  libc.munmap(start, bytes);
}
