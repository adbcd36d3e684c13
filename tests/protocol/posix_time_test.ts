import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { fieldBytesMax } from "../../lib/limits.ts";
import { bytesOf, textOf } from "../../lib/protocol/ascii.ts";
import {
  compareLongSeconds,
  differenceBytesMax,
  longSeconds,
  scanTime,
  type Stamp,
  writeDifference,
  writeNineDigits,
  writeSigned,
} from "../../lib/protocol/posix_time.ts";
import { fed } from "../feeding.ts";
import { nanosecondsOf } from "./reference.ts";

const billion = 1_000_000_000n;

/** A time field of any length that one may have, short ones and ones around the limits of numbers often. */
const time = fc.tuple(
  fc.oneof(
    fc.stringMatching(/^[0-9]{1,12}$/),
    fc.stringMatching(/^[0-9]{13,18}$/),
    fc.stringMatching(/^0{0,20}9007199254[0-9]{6}$/),
    fc.stringMatching(/^[0-9]{19,43}$/),
    // Where subtracting borrows through all digits, and leaves fewer.
    fc.stringMatching(/^0{0,5}10{16,37}$/),
  ),
  fc.option(fc.stringMatching(/^[0-9]{1,20}$/), { nil: null }),
).map(([whole, fraction]) => fraction === null ? whole : `${whole}.${fraction}`);

const received = fc.record({
  seconds: fc.oneof(fc.integer({ min: 0, max: 4e9 }), fc.constant(1621464828)),
  nanoseconds: fc.integer({ min: 0, max: 999_999_999 }),
});

function stampOf(text: string): Stamp {
  const stamp = { seconds: -1, nanoseconds: -1 };
  const length = fed(text, ({ bytes, start }) => scanTime(bytes, start, stamp) - start);
  assertEquals(length, text.length);
  return stamp;
}

function spanOf(text: string) {
  return { bytes: bytesOf(`x ${text} y`), start: 2, end: 2 + text.length };
}

function differenceOf(received: Stamp, text: string): string {
  const target = new Uint8Array(3 + differenceBytesMax);
  const end = writeDifference(received, stampOf(text), { time: spanOf(text), target, at: 3 });
  assert(end <= target.length, "more than differenceBytesMax");
  return textOf(target.subarray(3, end));
}

/** The same in one big integer. */
function exactDifference({ seconds, nanoseconds }: Stamp, text: string): string {
  const difference = BigInt(seconds) * billion + BigInt(nanoseconds) - nanosecondsOf(text);
  const size = difference < 0n ? -difference : difference;
  const decimals = String(size % billion).padStart(9, "0");
  return `${difference < 0n ? "-" : "+"}${size / billion}.${decimals}`;
}

Deno.test({
  name: "scanTime() reads seconds and nanoseconds, digits beyond the ninth left out",
  permissions: "none",
  fn() {
    fc.assert(fc.property(time, (text) => {
      const nanoseconds = nanosecondsOf(text);
      assertEquals(stampOf(text), {
        seconds: Math.min(Number(nanoseconds / billion), longSeconds),
        nanoseconds: Number(nanoseconds % billion),
      });
    }));
    assertEquals(stampOf("1.9999999999999"), { seconds: 1, nanoseconds: 999_999_999 });
    assertEquals(stampOf("0.0000000009"), { seconds: 0, nanoseconds: 0 });
    assertEquals(stampOf("1.5"), { seconds: 1, nanoseconds: 500_000_000 });
  },
});

Deno.test({
  name: "scanTime() rejects what is no time",
  permissions: "none",
  fn() {
    const stamp = { seconds: 0, nanoseconds: 0 };
    for (const text of ["", "+1", "-1", ".5", "1.", "1. 5", "1e5", "1.5.5", "x", "1x", "1\xa0"]) {
      assertEquals(fed(text, ({ bytes, start }) => scanTime(bytes, start, stamp)), -1, text);
    }
  },
});

Deno.test({
  name: "writeDifference() is exact, whatever the stamp",
  permissions: "none",
  fn() {
    fc.assert(
      fc.property(received, time, (received, text) => {
        assertEquals(differenceOf(received, text), exactDifference(received, text));
      }),
      { numRuns: 2_000 },
    );
  },
});

Deno.test({
  name: "writeDifference() is exact where both are close, on either side of a second and of zero",
  permissions: "none",
  fn() {
    const near = fc.bigInt({ min: -3n * billion, max: 3n * billion });
    fc.assert(
      fc.property(received, near, (received, away) => {
        const at = BigInt(received.seconds) * billion + BigInt(received.nanoseconds) + away;
        fc.pre(at >= 0n);
        const text = `${at / billion}.${String(at % billion).padStart(9, "0")}`;
        assertEquals(differenceOf(received, text), exactDifference(received, text));
      }),
      { numRuns: 2_000 },
    );
  },
});

Deno.test({
  name: "writeDifference() gives the assignment's example, and a plus for no difference",
  permissions: "none",
  fn() {
    const stamp = "1621464827.959498503";
    const difference = (seconds: number, nanoseconds: number) =>
      differenceOf({ seconds, nanoseconds }, stamp);
    assertEquals(difference(1621464828, 222_871_889), "+0.263373386");
    assertEquals(difference(1621464828, 223_371_889), "+0.263873386");
    assertEquals(difference(1621464827, 959_498_503), "+0.000000000");
    assertEquals(difference(1621464827, 959_498_502), "-0.000000001");
    assertEquals(difference(1621464827, 959_498_504), "+0.000000001");
    assertEquals(difference(1621464826, 959_498_502), "-1.000000001");
  },
});

Deno.test({
  name: "writeDifference() is exact on either side of the stamps that are exact as numbers",
  permissions: "none",
  fn() {
    const now = { seconds: 1621464828, nanoseconds: 1 };
    for (let away = -3n; away <= 3n; away++) {
      for (const fraction of ["", ".0", ".000000002", ".999999999999"]) {
        const text = `${BigInt(longSeconds) + away}${fraction}`;
        assertEquals(differenceOf(now, text), exactDifference(now, text));
      }
    }
  },
});

Deno.test({
  name: "writeDifference() is exact for the longest stamps that there may be",
  permissions: "none",
  fn() {
    const received = fc.oneof(
      fc.record({ seconds: fc.nat(longSeconds - 1), nanoseconds: fc.nat(999_999_999) }),
      fc.constant({ seconds: 0, nanoseconds: 0 }),
      fc.constant({ seconds: longSeconds - 1, nanoseconds: 999_999_999 }),
    );
    const longest = fc.oneof(
      fc.stringMatching(/^[0-9]{64}$/),
      fc.stringMatching(/^[0-9]{54}\.[0-9]{9}$/),
      fc.stringMatching(/^0{40}[0-9]{20}\.0{3}$/),
      fc.stringMatching(/^[0-9]\.[0-9]{62}$/),
      fc.constantFrom("9".repeat(64), "0".repeat(64), `1${"0".repeat(63)}`, `1.${"3".repeat(62)}`),
    );
    fc.assert(
      fc.property(received, longest, (received, text) => {
        assert(text.length <= fieldBytesMax);
        assertEquals(differenceOf(received, text), exactDifference(received, text));
      }),
      { numRuns: 2_000 },
    );
    const { length } = differenceOf({ seconds: 0, nanoseconds: 0 }, "9".repeat(64));
    assertEquals(length, differenceBytesMax, "a smaller bound would do");
  },
});

Deno.test({
  name: "compareLongSeconds() orders whole seconds of any length, zeros in front not counted",
  permissions: "none",
  fn() {
    const long = fc.stringMatching(/^0{0,3}[0-9]{17,30}(\.[0-9]{1,12})?$/);
    const pairs = fc.oneof(
      fc.tuple(long, long),
      long.map((text) => [text, `00${text}`] as const),
      long.map((text) => [text, text.replace(/\d(?=\.|$)/, "5")] as const),
    );
    fc.assert(
      fc.property(pairs, ([one, other]) => {
        const seconds = (text: string) => nanosecondsOf(text) / billion;
        const difference = seconds(one) - seconds(other);
        const sign = Math.sign(compareLongSeconds(spanOf(one), spanOf(other)));
        assertEquals(sign, difference < 0n ? -1 : difference > 0n ? 1 : 0);
      }),
      { numRuns: 1_000 },
    );
  },
});

Deno.test({
  name: "writeNineDigits() writes every number of nanoseconds with its zeros",
  permissions: "none",
  fn() {
    const target = new Uint8Array(10);
    const edges = [0, 1, 999, 1_000, 999_999, 1_000_000, 999_999_999, 100_000_000];
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999_999 }), (number) => {
        assertEquals(writeNineDigits(number, target, 1), 10);
        assertEquals(textOf(target.subarray(1)), String(number).padStart(9, "0"));
      }),
      { examples: edges.map((edge) => [edge]) },
    );
  },
});

Deno.test({
  name: "writeSigned() is exact up to the last whole number that is",
  permissions: "none",
  fn() {
    const target = new Uint8Array(40);
    const powers = Array.from({ length: 16 }, (_, power) => 10 ** power);
    const edges = powers.flatMap((
      power,
    ) => [power - 1, power, power + 1, 9 * power - 1, 9 * power]);
    for (const size of [...edges, longSeconds - 1].filter((edge) => edge < longSeconds)) {
      for (const seconds of [size, -size]) {
        for (const nanoseconds of [0, 1, -1, 999_999_999, -999_999_999]) {
          const total = BigInt(seconds) * billion + BigInt(nanoseconds);
          const absolute = total < 0n ? -total : total;
          const end = writeSigned(seconds, nanoseconds, target, 0);
          const decimals = String(absolute % billion).padStart(9, "0");
          const expected = `${total < 0n ? "-" : "+"}${absolute / billion}.${decimals}`;
          assertEquals(textOf(target.subarray(0, end)), expected);
        }
      }
    }
  },
});
