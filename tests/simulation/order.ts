/**
 * The order of records, written down a second time and in another way than the table has it: by
 * time at nanoseconds, then by bytes.
 *
 * @module
 */

/** A record, as far as its order goes. */
export interface Version {
  readonly id: string;
  /** The whole line, one character a byte. */
  readonly line: string;
  /** Its time in nanoseconds since 1970. */
  readonly time: bigint;
}

/**
 * @param stamp digits, perhaps a point and digits
 * @returns nanoseconds; what is finer does not count
 */
export function nanosecondsOf(stamp: string): bigint {
  const [seconds, fraction = ""] = stamp.split(".");
  return BigInt(seconds! + fraction.slice(0, 9).padEnd(9, "0"));
}

/**
 * @param line an `AT` line, one character a byte
 * @returns the record
 */
export function versionOf(line: string): Version {
  const words = line.split(" ");
  return { id: words[3]!, line, time: nanosecondsOf(words[5]!) };
}

/** @returns more than 0 when `one` is the newer record, 0 when they are the same */
export function compare(one: Version, other: Version): number {
  if (one.time !== other.time) return one.time > other.time ? 1 : -1;
  if (one.line === other.line) return 0;
  return one.line > other.line ? 1 : -1;
}
