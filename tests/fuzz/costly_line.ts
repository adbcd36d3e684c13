/**
 * Lines that were made to cost much: of one thing over and over, of as many bytes as a line may have.
 *
 * @module
 */

import { lineBytesMax } from "../../lib/limits.ts";
import type { Random } from "../../lib/transport/transport.ts";

/** What a line is filled with, one character a byte. */
const fillers = {
  "0xff": "\xff",
  "0xc2": "\xc2",
  "UTF-8 cut short": "\xe6\x9d",
  "UTF-8 cut shorter": "\xf0\x9f\xa5",
  "surrogates": "\xed\xa0\x80",
  "private use": "\xee\x80\x80",
  "private planes": "\xf4\x8f\xbf\xbf",
  "turned around": "\xe2\x80\xae",
  "printable": "\xf0\x9f\xa5\x9d",
  "any of UTF-8's leads": "\xc3\xa9\xe6\x97\xa5\xf0\x9f\xa5\x9d\x80",
  "backslashes": "\\",
  "controls": "\x1b",
  "zeros": "0",
  "nines": "9",
  "points": "1.",
  "signs": "+1-1",
  "letters": "x",
  "spaces": " ",
  "white space": "\t\v\f\r",
  "short fields": "k ",
} as const;

/** The names of what a line can be filled with. */
export const fillerNames = Object.keys(fillers) as (keyof typeof fillers)[];

/** What stands around the filling; its place is `*`. */
export const frames = [
  "*",
  "IAMAT * +1-1 5",
  "IAMAT k +1.*-1 5",
  "IAMAT k +1-1.* 5",
  "IAMAT k +1-1 *",
  "IAMAT k +1-1 *1",
  "IAMAT k +1-1 1.*",
  "IAMAT*k +1-1 5",
  "IAMAT k +1-1 5*",
  "*IAMAT k +1-1 5",
  "WHATSAT * 1 0",
  "WHATSAT k * 0",
  "WHATSAT k 1.* 0",
  "WHATSAT k 1 *",
  "WHATSAT*k 1 0",
  "HELLO *",
  "HELLO 1 Bona Clark *",
  "HELLO 1 * Clark 0123456789abcdef0123456789abcdef",
  "AT Clark +0.000000001 * +1-1 5",
] as const;

/** A line and how it was made. */
export interface CostlyLine {
  readonly name: string;
  /** One character a byte, without its newline. */
  readonly text: string;
}

/**
 * @param frame what stands around the filling
 * @param filler what it is filled with
 * @param bytes how long the line is
 * @returns the line
 */
export function lineOf(
  frame: typeof frames[number],
  filler: typeof fillerNames[number],
  bytes = lineBytesMax,
): CostlyLine {
  const [before = "", behind = ""] = frame.split("*");
  const filling = "".padEnd(bytes - before.length - behind.length, fillers[filler]);
  return { name: `${frame}, ${filler}`, text: before + filling + behind };
}

/** Many lines in as many bytes as one may have. */
export const manyLines: readonly CostlyLine[] = [
  "",
  "x",
  "\xff",
  "IAMAT k +1-1 1",
  `IAMAT k +1-1 ${"9".repeat(64)}`,
  `IAMAT ${"\xc2".repeat(1_024)} +1-1 1`,
  "WHATSAT k 1 0",
  "WHATSAT nobody 1 0",
].map((line) => {
  const count = Math.floor(lineBytesMax / (line.length + 1));
  return {
    name: `${count} lines of ${line.slice(0, 20)}`,
    text: Array(count).fill(line).join("\n"),
  };
});

/** @returns one of them, most of them as long as a line may be, some mixed of two */
export function costlyLine(random: Random): CostlyLine {
  const one = <T>(of: readonly T[]) => of[Math.floor(random.fraction() * of.length)]!;
  const bytes = random.fraction() < 0.8
    ? lineBytesMax
    : 100 + Math.floor(random.fraction() * (lineBytesMax - 100));
  const line = lineOf(one(frames), one(fillerNames), bytes);
  if (random.fraction() < 0.5) return line;
  const other = lineOf(one(frames), one(fillerNames), bytes);
  const cut = Math.floor(random.fraction() * bytes);
  const name = `${line.name}, from ${cut} on ${other.name}`;
  return { name, text: line.text.slice(0, cut) + other.text.slice(cut) };
}
