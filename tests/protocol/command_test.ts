import { assert, assertEquals } from "@std/assert";
import fc from "fast-check";
import { bytesOf, textOf } from "../../lib/protocol/ascii.ts";
import { parseWhatsat, scanIamat } from "../../lib/protocol/command.ts";
import { longSeconds } from "../../lib/protocol/posix_time.ts";
import { hashId, RecordFields } from "../../lib/protocol/record.ts";
import type { LineBuffer } from "../../lib/protocol/line_buffer.ts";
import { fed } from "../feeding.ts";
import { iamatOf, type IamatWords, nanosecondsOf, nearlyCommands, whatsatOf } from "./reference.ts";

function wordsOf(bytes: Uint8Array, start: number): IamatWords | null {
  const fields = new RecordFields(12345);
  if (!scanIamat(bytes, start, fields)) return null;
  const { idStart, idEnd, locationStart, locationEnd, timeStart, timeEnd } = fields;
  assertEquals(fields.idHash, hashId(bytes, idStart, idEnd, 12345));
  assertEquals(bytes[fields.lineEnd], 0x0a);
  return {
    id: textOf(bytes.subarray(idStart, idEnd)),
    location: textOf(bytes.subarray(locationStart, locationEnd)),
    time: textOf(bytes.subarray(timeStart, timeEnd)),
  };
}

function iamat(line: string): IamatWords | null {
  return fed(line, ({ bytes, start }: LineBuffer) => wordsOf(bytes, start));
}

function whatsat(line: string): [id: string, radiusKm: number, bound: number] | null {
  return fed(line, (lines: LineBuffer) => {
    const parsed = parseWhatsat(lines.take()!);
    return parsed && [textOf(parsed.id), parsed.radiusKm, parsed.bound];
  });
}

const valid = (location: string, time = "1") => iamat(`IAMAT k ${location} ${time}`) !== null;

Deno.test({
  name: "scanIamat() takes the assignment's example",
  permissions: "none",
  fn() {
    assertEquals(
      iamat("IAMAT kiwi.cs.ucla.edu +34.068930-118.445127 1621464827.959498503"),
      {
        id: "kiwi.cs.ucla.edu",
        location: "+34.068930-118.445127",
        time: "1621464827.959498503",
      },
    );
  },
});

Deno.test({
  name: "scanIamat() takes any of the white-space characters, any number of them, anywhere between",
  permissions: "none",
  fn() {
    for (const gap of [" ", "\t", "\v", "\f", "\r", " \t\v\f\r ", "\r\r"]) {
      const words = { id: "k", location: "+1-2", time: "3" };
      assertEquals(iamat(`IAMAT${gap}k${gap}+1-2${gap}3`), words);
      assertEquals(iamat(`${gap}IAMAT k +1-2 3${gap}`), words);
    }
  },
});

Deno.test({
  name: "scanIamat() takes bytes from 0x80 on as a part of the ID, white space of Unicode too",
  permissions: "none",
  fn() {
    const ids = [
      "\xa0",
      "\x85",
      "\xc2\xa0",
      "\xe3\x80\x80",
      "\xef\xbb\xbf",
      "\xff\xfe",
      "\x00\x1b",
    ];
    for (const id of ids) assertEquals(iamat(`IAMAT ${id} +1-2 3`)?.id, id);
    assertEquals(iamat("IAMAT\xa0k +1-2 3"), null);
    assertEquals(iamat("IAMAT k\xa0+1-2 3"), null);
  },
});

Deno.test({
  name: "scanIamat() takes an ID that looks like another field",
  permissions: "none",
  fn() {
    for (const id of ["+1-2", "3", "IAMAT", "AT", "?", "kiwi,cs"]) {
      assertEquals(iamat(`IAMAT ${id} +1-2 3`)?.id, id);
    }
  },
});

Deno.test({
  name: "scanIamat() rejects fewer and more than four fields",
  permissions: "none",
  fn() {
    const lines = ["", " ", "\r", "IAMAT", "IAMAT ", "IAMAT k", "IAMAT k +1-2", "IAMAT k +1-2 "];
    for (const line of [...lines, "IAMAT +1-2 3", "IAMAT  +1-2 3", "IAMAT k +1-2 3 4"]) {
      assertEquals(iamat(line), null, line);
    }
  },
});

Deno.test({
  name: "scanIamat() rejects any other spelling of IAMAT",
  permissions: "none",
  fn() {
    for (const word of ["iamat", "Iamat", "IAMATT", "IAMA", "XIAMAT", "IAMAt", "\xffIAMAT", "?"]) {
      assertEquals(iamat(`${word} k +1-2 3`), null, word);
    }
    assertEquals(iamat("IAMATk +1-2 3"), null);
  },
});

Deno.test({
  name: "scanIamat() takes one or two digits of latitude and one to three of longitude",
  permissions: "none",
  fn() {
    for (const location of ["+1-2", "+12-34", "+12-134", "+01-002", "+00+000", "-0-0"]) {
      assert(valid(location), location);
    }
    for (
      const location of ["+123-1", "+001-1", "+1-1234", "+1-0001", "+-1", "+1-", "+", "-", "+."]
    ) {
      assert(!valid(location), location);
    }
  },
});

Deno.test({
  name: "scanIamat() takes a point with any digits behind it, and none before it alone",
  permissions: "none",
  fn() {
    for (const location of ["+34.-118.", "+34.-118", "+34-118.", `+1.${"0".repeat(58)}1-2`]) {
      assert(valid(location), location);
    }
    for (const location of ["+.5-1", "+1-.5", "+1..2-3", "+1.2.3-4", "+1-2.3.4", "+1.2"]) {
      assert(!valid(location), location);
    }
  },
});

Deno.test({
  name: "scanIamat() rejects a location without both signs, or with anything but digits",
  permissions: "none",
  fn() {
    const locations = ["1-2", "+1", "+12", "1+2", "+1 -2", "+1,-2", "++1-2", "+1--2", "+1e1-2"];
    for (
      const location of [...locations, "+1-2/", "+1-2N", "+0x1-2", "+NaN-2", "+1-2-3", "+1-2+"]
    ) {
      assert(!valid(location), location);
    }
  },
});

Deno.test({
  name: "scanIamat() rejects a latitude beyond 90, by however little",
  permissions: "none",
  fn() {
    for (const angle of ["90", "90.", "90.000", "89.999999999999999999999"]) {
      assert(valid(`+${angle}-1`) && valid(`-${angle}+1`), angle);
    }
    for (const angle of ["90.1", `90.${"0".repeat(50)}1`, "91", "99", "90.0000000001"]) {
      assert(!valid(`+${angle}-1`) && !valid(`-${angle}+1`), angle);
    }
  },
});

Deno.test({
  name: "scanIamat() rejects a longitude beyond 180, by however little",
  permissions: "none",
  fn() {
    for (const angle of ["180", "180.", "180.000", "179.999999999999999999999", "90.5"]) {
      assert(valid(`+1+${angle}`) && valid(`+1-${angle}`), angle);
    }
    for (const angle of ["180.1", `180.${"0".repeat(50)}1`, "181", "190", "200", "999"]) {
      assert(!valid(`+1+${angle}`) && !valid(`+1-${angle}`), angle);
    }
  },
});

Deno.test({
  name: "scanIamat() takes a time of any digits, and rejects signs, exponents and bare points",
  permissions: "none",
  fn() {
    for (const time of ["0", "000", "1.0", "0.000000000000001", "9".repeat(64), "1621464827"]) {
      assert(valid("+1-2", time), time);
    }
    const times = [
      "+1",
      "-1",
      "1e9",
      "1E9",
      "1.",
      ".5",
      "1.2.3",
      "1,5",
      "0x10",
      "NaN",
      "1-",
      "1.5e3",
    ];
    for (const time of [...times, "Infinity", "\xb2"]) assert(!valid("+1-2", time), time);
  },
});

Deno.test({
  name: "scanIamat() takes an ID of 1,024 bytes, a location and a time of 64, and none longer",
  permissions: "none",
  fn() {
    const id = (bytes: number) => iamat(`IAMAT ${"\xff".repeat(bytes)} +1-2 3`)?.id.length ?? null;
    assertEquals([1_024, 1_025, 60_000].map(id), [1_024, null, null]);
    for (const [begin, end] of [["+1.", "-2"], ["+1-2.", ""], ["+00.", "-000."]] as const) {
      const location = (bytes: number) =>
        valid(begin + "0".repeat(bytes - begin.length - end.length) + end);
      assertEquals([64, 65, 60_000].map(location), [true, false, false], begin);
    }
    for (const begin of ["", "1.", "9", "0000."]) {
      for (const digit of ["0", "9"]) {
        const time = (bytes: number) => valid("+1-2", begin + digit.repeat(bytes - begin.length));
        assertEquals([64, 65, 60_000].map(time), [true, false, false], begin);
      }
    }
  },
});

Deno.test({
  name: "parseWhatsat() takes an ID of 1,024 bytes, a radius and a bound of 64, and none longer",
  permissions: "none",
  fn() {
    const id = (bytes: number) => whatsat(`WHATSAT ${"k".repeat(bytes)} 1 2`) !== null;
    assertEquals([1_024, 1_025, 60_000].map(id), [true, false, false]);
    const zeros = (bytes: number) => "7".padStart(bytes, "0");
    const radius = (bytes: number) => whatsat(`WHATSAT k ${zeros(bytes)} 2`)?.[1] ?? null;
    assertEquals([64, 65, 60_000].map(radius), [7, null, null]);
    const decimals = (bytes: number) =>
      whatsat(`WHATSAT k ${"1.".padEnd(bytes, "0")} 2`)?.[1] ?? null;
    assertEquals([64, 65, 60_000].map(decimals), [1, null, null]);
    const bound = (bytes: number) => whatsat(`WHATSAT k 1 ${zeros(bytes)}`)?.[2] ?? null;
    assertEquals([64, 65, 60_000].map(bound), [7, null, null]);
  },
});

Deno.test({
  name: "scanIamat() agrees with the reference on 20 000 lines that are nearly commands",
  permissions: "none",
  fn() {
    const fields = new RecordFields();
    let taken = 0;
    for (const line of nearlyCommands(20_000, 1)) {
      const bytes = bytesOf(`${line}\n`);
      const expected = iamatOf(line);
      const words = wordsOf(bytes, 0);
      if (JSON.stringify(words) !== JSON.stringify(expected)) assertEquals(words, expected, line);
      if (expected === null) continue;
      taken++;
      scanIamat(bytes, 0, fields);
      const nanoseconds = nanosecondsOf(expected.time);
      assertEquals(fields.nanoseconds, Number(nanoseconds % 1_000_000_000n), line);
      const seconds = Math.min(Number(nanoseconds / 1_000_000_000n), longSeconds);
      assertEquals(fields.seconds, seconds, line);
    }
    assert(taken > 2_000 && taken < 18_000, `${taken} of the lines were commands`);
  },
});

Deno.test({
  name: "scanIamat() and parseWhatsat() never throw, whatever the bytes",
  permissions: "none",
  fn() {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (line) => {
        const text = textOf(line).replaceAll("\n", "");
        assertEquals(wordsOf(bytesOf(`${text}\n`), 0), iamatOf(text));
        assertEquals(parseWhatsat(bytesOf(text)) !== null, whatsatOf(text) !== null);
      }),
      { numRuns: 2_000 },
    );
  },
});

Deno.test({
  name: "scanIamat() looks no further than the line's newline",
  permissions: "none",
  fn() {
    const line = "IAMAT k +12.5-100.25 3.5";
    for (let length = 0; length < line.length - 2; length++) {
      const cut = line.slice(0, length);
      if (iamatOf(cut) !== null) continue;
      assert(!scanIamat(bytesOf(`${cut}\n${line.slice(length)}\n`), 0, new RecordFields()), cut);
    }
  },
});

Deno.test({
  name: "parseWhatsat() takes the assignment's example",
  permissions: "none",
  fn() {
    assertEquals(whatsat("WHATSAT kiwi.cs.ucla.edu 10 5"), ["kiwi.cs.ucla.edu", 10, 5]);
  },
});

Deno.test({
  name:
    "parseWhatsat() takes any of the white-space characters, any number of them, anywhere between",
  permissions: "none",
  fn() {
    assertEquals(whatsat("\t\v WHATSAT\fk \r 10\t\t5 \r"), ["k", 10, 5]);
    assertEquals(whatsat("WHATSAT \xa0 10 5"), ["\xa0", 10, 5]);
    assertEquals(whatsat("WHATSAT k\xa010 5"), null);
  },
});

Deno.test({
  name: "parseWhatsat() takes a radius from 0 to 50 and nothing beyond, by however little",
  permissions: "none",
  fn() {
    const good = [
      "0",
      "0.0",
      "00",
      "50",
      "50.0000",
      "050",
      "49.999999999999999999999",
      "0.5",
      "1.25",
    ];
    for (const radius of good) {
      assertEquals(whatsat(`WHATSAT k ${radius} 5`), ["k", Number(radius), 5]);
    }
    const bad = [
      "50.0001",
      `50.${"0".repeat(30)}1`,
      "51",
      "100",
      "9".repeat(64),
      "-1",
      "+5",
      "-0",
    ];
    for (const radius of [...bad, "5.", ".5", "5e1", "1e1", "5,0", "0x5", "5km", "5.0.0", "\xb2"]) {
      assertEquals(whatsat(`WHATSAT k ${radius} 5`), null, radius);
    }
  },
});

Deno.test({
  name: "parseWhatsat() takes a bound from 0 to 20, digits only",
  permissions: "none",
  fn() {
    for (const bound of ["0", "1", "20", "020", "00"]) {
      assertEquals(whatsat(`WHATSAT k 10 ${bound}`), ["k", 10, Number(bound)]);
    }
    for (
      const bound of ["21", "100", "5.0", "5.", "+5", "-1", "-0", "1e1", "five", "9".repeat(64)]
    ) {
      assertEquals(whatsat(`WHATSAT k 10 ${bound}`), null, bound);
    }
  },
});

Deno.test({
  name: "parseWhatsat() rejects other words and fewer or more than four fields",
  permissions: "none",
  fn() {
    const lines = ["", "WHATSAT", "WHATSAT k", "WHATSAT k 10", "WHATSAT k 10 5 6", "WHATSAT 10 5"];
    for (
      const line of [...lines, "whatsat k 10 5", "WHATSATT k 10 5", "IAMAT k 10 5", "WHATSATk 1 5"]
    ) {
      assertEquals(whatsat(line), null, line);
    }
  },
});

Deno.test({
  name: "parseWhatsat() agrees with the reference on 20 000 lines that are nearly commands",
  permissions: "none",
  fn() {
    let taken = 0;
    for (const line of nearlyCommands(20_000, 2)) {
      const parsed = parseWhatsat(bytesOf(line));
      const expected = whatsatOf(line);
      assertEquals(parsed === null, expected === null, line);
      if (parsed === null || expected === null) continue;
      taken++;
      const { id, radius, bound } = expected;
      assertEquals([textOf(parsed.id), parsed.radiusKm, parsed.bound], [
        id,
        Number(radius),
        Number(bound),
      ]);
    }
    assert(taken > 1_000, `${taken} of the lines were commands`);
  },
});
