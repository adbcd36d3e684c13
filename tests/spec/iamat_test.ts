// The assignment's paragraphs on IAMAT and its answer, sentence by sentence.

import { assert, assertEquals, assertMatch } from "@std/assert";
import { askBytes } from "../process/client.ts";
import { chapter, processes } from "../process/chapter.ts";
import { RunningHerd } from "../process/running_herd.ts";

const says = chapter(
  "A client tells a server where it is",
  () => RunningHerd.start({ servers: ["Clark", "Bona"] }),
);

const location = "+34.068930-118.445127";
const time = "1621464827.959498503";
const kiwi = `kiwi.cs.ucla.edu ${location} ${time}`;
const atKiwi =
  /^AT Clark \+\d+\.\d{9} kiwi\.cs\.ucla\.edu \+34\.068930-118\.445127 1621464827\.959498503\n$/;

/** Whether a line is answered with AT; if not, its answer must be `? ` and the line. */
async function isTaken(herd: RunningHerd, line: string): Promise<boolean> {
  const answer = await herd.ask("Clark", `${line}\n`);
  if (answer.startsWith("AT Clark ")) return true;
  assertEquals(answer, `? ${line}\n`);
  return false;
}

/** The time difference in an AT line, in nanoseconds. */
function differenceNs(at: string): bigint {
  const [, sign, seconds, nanoseconds] = at.match(/^AT \S+ ([+-])(\d+)\.(\d{9}) /) ?? [];
  assert(seconds !== undefined, `no difference in ${at}`);
  const ns = BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds!);
  return sign === "-" ? -ns : ns;
}

says(
  '"A client should be able to send its location to the server by sending a message using this ' +
    'format: IAMAT kiwi.cs.ucla.edu +34.068930-118.445127 1621464827.959498503"',
  async (herd) => assertMatch(await herd.ask("Clark", `IAMAT ${kiwi}\n`), atKiwi),
);

says(
  '"The first field IAMAT is name of the command where the client tells the server where it is"',
  async (herd) => {
    for (const name of ["iamat", "IAMATX", "IAMA", "AT", "", "I AMAT"]) {
      assert(!await isTaken(herd, `${name} ${kiwi}`), name);
    }
  },
);

says('"Its operands are": a line with more or fewer of them is no command', async (herd) => {
  const [id, place, at] = kiwi.split(" ");
  const lines = [
    "IAMAT",
    `IAMAT ${id}`,
    `IAMAT ${id} ${place}`,
    `IAMAT ${place} ${at}`,
    `IAMAT ${kiwi} ${at}`,
  ];
  for (const line of lines) assert(!await isTaken(herd, line), line);
});

says(
  '"the latitude and longitude in decimal degrees using ISO 6709 notation"',
  async (herd) => {
    const right = [
      "+34.068930-118.445127",
      "-34.068930+118.445127",
      "+00-000",
      "+1-1",
      "+0.-0.",
      "+90+180",
      "-90.000-180.000",
      "+89.999999999999-179.999999999999",
    ];
    for (const place of right) assert(await isTaken(herd, `IAMAT iso ${place} ${time}`), place);
  },
);

says("A location beyond ±90 and ±180, or written otherwise, is invalid", async (herd) => {
  const wrong = [
    "34.068930-118.445127",
    "+34.068930,-118.445127",
    "+34.068930",
    "+-118.445127",
    "+34.068930-",
    "+.5-118",
    "+34-.5",
    "+90.000001-118",
    "+91+000",
    "+034-118",
    "+34-180.0000001",
    "+34-181",
    "+34-0118",
    "+34.0.1-118",
    "+34e0-118",
    "+34-118/",
    "+34-118.4+12",
    "\u221234.068930+118.445127",
    "+NaN-118",
    "+٣٤-118",
  ];
  for (const place of wrong) assert(!await isTaken(herd, `IAMAT iso ${place} ${time}`), place);
});

says('"expressed in POSIX time, which consists of seconds and nanoseconds"', async (herd) => {
  const right = [
    "1621464827.959498503",
    "1621464827",
    "0",
    "0.0",
    "007.5",
    "1.12345678901234567890",
  ];
  for (const at of right) assert(await isTaken(herd, `IAMAT t ${location} ${at}`), at);
  const wrong = [
    "-1",
    "+1",
    "1.",
    ".5",
    "1e9",
    "1,5",
    "1.5.5",
    "0x10",
    "now",
    "Infinity",
    "2021-05-19",
    "1_000",
    "١",
  ];
  for (const at of wrong) assert(!await isTaken(herd, `IAMAT t ${location} ${at}`), at);
});

says('"A client ID may be any string of non-white-space characters"', async (herd) => {
  const ids = [
    "a",
    "?",
    "AT",
    "IAMAT",
    "+34-118",
    "{}",
    "\\n\"'%00",
    "kiwi\u00a0cs",
    "\u3000",
    "\u2028",
    "\ufeff",
    "日本語",
    "\u{1f95d}",
    "\0",
    "\x1b[31m",
    "\x1c\x1d\x1e\x1f",
    "\x85",
    "__proto__",
    "x".repeat(1_024),
  ];
  for (const id of ids) {
    const answer = await herd.ask("Clark", `IAMAT ${id} ${location} ${time}\n`);
    assertEquals(answer.replace(/^AT Clark \S+/, "AT"), `AT ${id} ${location} ${time}\n`);
  }
});

says("An ID that is not UTF-8 comes back byte for byte", async (herd) => {
  const every = Uint8Array.from({ length: 256 }, (_, byte) => byte)
    .filter((byte) => byte !== 0x20 && (byte < 0x09 || byte > 0x0d));
  const end = new TextEncoder().encode(` ${location} ${time}\n`);
  const line = Uint8Array.of(...new TextEncoder().encode("IAMAT "), ...every, ...end);
  const answer = await askBytes(herd.port("Clark"), line);
  assertEquals(answer.subarray(-every.length - end.length), Uint8Array.of(...every, ...end));
});

says(
  '"A white space character is space, tab, carriage return, newline, formfeed, or vertical tab"',
  async (herd) => {
    for (const space of [" ", "\t", "\r", "\f", "\v"]) {
      const line = ["IAMAT", ...kiwi.split(" ")].join(space);
      assertMatch(await herd.ask("Clark", `${line}\n`), atKiwi, JSON.stringify(space));
    }
    for (const other of ["\u00a0", "\u0085", "\u2003", "\u3000", "\x1f", "\0", "\\t", "_"]) {
      const line = ["IAMAT", ...kiwi.split(" ")].join(other);
      assert(!await isTaken(herd, line), JSON.stringify(other));
    }
  },
);

says('"Fields are separated by one or more white space characters"', async (herd) => {
  const line = ["IAMAT", ...kiwi.split(" ")].join(" \t\v\f\r  ");
  assertMatch(await herd.ask("Clark", `${line}\n`), atKiwi);
});

says('"ignore any leading or trailing white space on the line"', async (herd) => {
  for (const space of [" ", "\t \t", "\r", " \f\v\r"]) {
    const answer = await herd.ask("Clark", `${space}IAMAT ${kiwi}${space}\n`);
    assertMatch(answer, atKiwi, JSON.stringify(space));
  }
});

says(
  '"The server should respond to clients with a message using this format: AT Clark +0.263873386 …"',
  async (herd) => {
    const now = `${(Date.now() / 1000).toFixed(3)}000000`;
    const answer = await herd.ask("Clark", `IAMAT kiwi ${location} ${now}\n`);
    assertMatch(answer, /^AT Clark \+\d+\.\d{9} kiwi \+34\.068930-118\.445127 \d+\.\d{9}\n$/);
  },
);

says(
  '"AT is the name of the response, Clark is the ID of the server that got the message"',
  async (herd) => {
    assertMatch(await herd.ask("Bona", `IAMAT ${kiwi}\n`), /^AT Bona /);
    assertMatch(await herd.ask("Clark", `IAMAT ${kiwi}\n`), /^AT Clark /);
  },
);

says(
  "\"+0.263873386 is the difference between the server's idea of when it got the message from " +
    "the client and the client's time stamp\"",
  async (herd) => {
    const before = BigInt(Date.now()) * 1_000_000n;
    const stamp = "1621464827.959498503";
    const answer = await herd.ask("Clark", `IAMAT difference ${location} ${stamp}\n`);
    const after = BigInt(Date.now() + 1) * 1_000_000n;
    const received = differenceNs(answer) + 1_621_464_827_959_498_503n;
    // Clocks of one machine, but read in milliseconds here and finer there.
    const slack = 5_000_000n;
    assert(received >= before - slack && received <= after + slack, answer);
  },
);

Deno.test({
  name: "The difference is exact to the nanosecond, however far the stamp is off",
  ...processes,
  async fn() {
    const memory = { maxClockAheadS: null };
    await using herd = await RunningHerd.start({ servers: ["Clark"], memory });
    const stamps = [
      "0",
      "0.000000001",
      "1621464827.959498503",
      "1621464827.959498504",
      "9007199254740991.999999999",
      "9007199254740992.000000001",
      "99999999999999999999999999.999999999",
    ];
    // In one piece, so that all were received at the same time.
    const lines = stamps.map((stamp, index) => `IAMAT exact${index} ${location} ${stamp}\n`).join(
      "",
    );
    const answers = (await herd.ask("Clark", lines)).trimEnd().split("\n");
    const received = answers.map((answer, index) => {
      const [seconds = "", nanoseconds = ""] = stamps[index]!.split(".");
      return differenceNs(answer) + BigInt(seconds + nanoseconds.padEnd(9, "0"));
    });
    assertEquals(new Set(received).size, 1, answers.join("\n"));
  },
});

says(
  '"the difference is positive, but it might be negative if there was enough clock skew in that ' +
    'direction"',
  async (herd) => {
    const ahead = `${Math.ceil(Date.now() / 1000) + 100}.5`;
    const answer = await herd.ask("Clark", `IAMAT ahead ${location} ${ahead}\n`);
    const difference = differenceNs(answer);
    assert(difference < 0n && difference > -102_000_000_000n, answer);
  },
);

says('"the remaining fields are a copy of the IAMAT data"', async (herd) => {
  const fields = [
    "copy +1.-1. 5",
    "copy +01.50-001.5000 0000000005.1000000000000000",
    "copy -0-0 6.000",
  ];
  for (const data of fields) {
    const answer = await herd.ask("Clark", `IAMAT  ${data.replaceAll(" ", "\t ")}\n`);
    assertEquals(answer.replace(/^AT Clark \S+ /, ""), `${data}\n`);
  }
});

says(
  "A report that is not newer is answered with its own data, and changes nothing",
  async (herd) => {
    await herd.ask("Clark", "IAMAT stale +1-1 1000.000000002\n");
    for (const at of ["1000.000000001", "999", "0"]) {
      assertMatch(
        await herd.ask("Clark", `IAMAT stale +2-2 ${at}\n`),
        new RegExp(`^AT Clark \\S+ stale \\+2-2 ${at.replace(".", "\\.")}\n$`),
      );
    }
    assertMatch(await herd.record("Clark", "stale") ?? "", / stale \+1-1 1000\.000000002$/);
    await herd.ask("Clark", "IAMAT stale +3-3 1000.000000003\n");
    assertMatch(await herd.record("Clark", "stale") ?? "", / stale \+3-3 1000\.000000003$/);
  },
);
