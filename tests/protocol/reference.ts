/**
 * The protocol a second time, as plainly as it can be said: regular expressions over strings with
 * one character a byte. The scanners are compared to it.
 *
 * @module
 */

import { seededRandom } from "../seeded_random.ts";

const gap = "[ \\t\\v\\f\\r]+";
const perhapsGap = "[ \\t\\v\\f\\r]*";
const field = "([^ \\t\\n\\v\\f\\r]+)";
const latitude = "[+-](?:90(?:\\.0*)?|[0-8]?[0-9](?:\\.[0-9]*)?)";
const longitude = "[+-](?:180(?:\\.0*)?|(?:0?[0-9]?[0-9]|1[0-7][0-9])(?:\\.[0-9]*)?)";
const location = `(${latitude}${longitude})`;
const time = "([0-9]+(?:\\.[0-9]+)?)";

function line(...words: string[]): RegExp {
  return new RegExp(`^${perhapsGap}${words.join(gap)}${perhapsGap}$`);
}

const iamat = line("IAMAT", field, location, time);
const whatsat = line("WHATSAT", field, "(([0-9]+)(?:\\.([0-9]+))?)", "([0-9]+)");

/** Whether all of a command's fields are within their limits. */
function isShort(id: string, fields: readonly string[]): boolean {
  return id.length <= 1_024 && fields.every(({ length }) => length <= 64);
}

/** What an IAMAT says. */
export interface IamatWords {
  readonly id: string;
  readonly location: string;
  readonly time: string;
}

/** @returns what the line says, or null when it is no IAMAT */
export function iamatOf(line: string): IamatWords | null {
  const [, id, location, time] = iamat.exec(line) ?? [];
  if (!id || !location || !time) return null;
  return isShort(id, [location, time]) ? { id, location, time } : null;
}

/** @returns the words of a WHATSAT within its limits, or null */
export function whatsatOf(line: string): { id: string; radius: string; bound: string } | null {
  const [, id, radius = "", whole, fraction = "0", bound] = whatsat.exec(line) ?? [];
  if (!id || !whole || !bound || BigInt(bound) > 20n) return null;
  if (!isShort(id, [radius, bound])) return null;
  if (BigInt(whole) > 50n || (BigInt(whole) === 50n && BigInt(fraction) > 0n)) return null;
  return { id, radius, bound };
}

/** @returns a time in nanoseconds, digits beyond the ninth left out */
export function nanosecondsOf(time: string): bigint {
  const [whole = "0", fraction = ""] = time.split(".");
  return BigInt(whole) * 1_000_000_000n + BigInt(fraction.slice(0, 9).padEnd(9, "0"));
}

const seeds = [
  "IAMAT kiwi.cs.ucla.edu +34.068930-118.445127 1621464827.959498503",
  "IAMAT k +90-180 0",
  "IAMAT \xc3\xa9\xa0 -90.000+180. 99999999999999999999.1",
  "\tIAMAT\vk\f-1.5+179.999\r1.0000000001  ",
  "WHATSAT kiwi.cs.ucla.edu 10 5",
  " WHATSAT k 50.000 20\r",
  "WHATSAT k 049.9 0",
  `IAMAT ${"\xff".repeat(1_024)} +1-2 3`,
  `IAMAT k +1.${"2".repeat(58)}-34 5`,
  `IAMAT k +1-2 ${"6".repeat(64)}`,
  `WHATSAT k 1.${"5".repeat(62)} ${"0".repeat(63)}7`,
  "AT Clark +0.263873386 kiwi.cs.ucla.edu +34.068930-118.445127 1621464827.959498503",
  "",
];

const bits = " \t\r\v\f+-..0123456789901800518IAMTWHSeE\xa0\x85\x00\xff".split("");

/**
 * @param count how many
 * @param seed the same seed gives the same lines
 * @returns commands and what becomes of them when a few bytes are changed, left out or put in
 */
export function* nearlyCommands(count: number, seed: number): Generator<string> {
  const random = seededRandom(seed);
  const below = (bound: number) => Math.floor(random.fraction() * bound);
  for (let number = 0; number < count; number++) {
    const bytes = seeds[below(seeds.length)]!.split("");
    for (let changes = below(4); changes > 0; changes--) {
      const bit = random.fraction() < 0.8
        ? bits[below(bits.length)]!
        : String.fromCharCode(below(256)).replace("\n", "\v");
      const gone = below(3);
      bytes.splice(below(bytes.length + 1), gone === 2 ? 1 : gone, ...(gone === 2 ? [] : [bit]));
    }
    yield bytes.join("");
  }
}
