import { Block } from "../lib/block.ts";
import { assert, assertEquals } from "@std/assert";
import { groupBuckets, groupCount, hashBytes } from "../lib/locations/digest.ts";
import { bytesBesideCell, cellBytes } from "../lib/locations/cells.ts";
import { Backoff } from "../lib/pacing/backoff.ts";
import { Heartbeat } from "../lib/links/heartbeat.ts";
import { LineConnection } from "../lib/links/line_connection.ts";
import { LinkWriter } from "../lib/links/link_writer.ts";
import * as limits from "../lib/limits.ts";
import { bytesOf } from "../lib/protocol/ascii.ts";
import { atBytesMax, scanAt, writeAt } from "../lib/protocol/at.ts";
import { parseWhatsat, scanIamat } from "../lib/protocol/command.ts";
import { LineBuffer } from "../lib/protocol/line_buffer.ts";
import { RecordFields } from "../lib/protocol/record.ts";
import { LogFile, wireLabel } from "../lib/log/log_file.ts";
import { MemoryHerd, port } from "./links/herd_in_memory.ts";
import { MemoryClock } from "./memory_clock.ts";
import { MemoryNetwork } from "./memory_network.ts";
import { needs } from "./needs.ts";

type Limit = keyof typeof limits;

const named = new Set<Limit>();

/** A test that bears the names of the limits that it is about. */
function test(names: Limit[], criterion: string, fn: () => void | Promise<void>): void {
  for (const name of names) named.add(name);
  Deno.test({ name: `${names.join(", ")}: ${criterion}`, permissions: "none", fn });
}

/** The `AT` line for a client's line of lineBytesMax bytes, from a server with a long name. */
function longestAt(begin: string, filler: string, end: string): Uint8Array {
  const report = begin + filler.repeat(limits.lineBytesMax - begin.length - end.length) + end;
  assertEquals(report.length, limits.lineBytesMax);
  const block = Block.of(bytesOf(`${report}\n`));
  const fields = new RecordFields();
  assert(scanIamat(block.bytes, 0, fields), begin);
  const prefix = Block.of(bytesOf(`AT ${"n".repeat(255)} `));
  const target = new Block(atBytesMax(report.length, prefix.size));
  const received = { seconds: 4_000_000_000, nanoseconds: 1 };
  return target.bytes.subarray(
    0,
    writeAt(block, fields, { prefix, received, target, at: 0, record: fields }),
  );
}

test(["lineBytesMax", "linkLineBytesMax"], "a link takes what any line of a client becomes", () => {
  const lines = [
    longestAt("IAMAT k +0-0 ", "9", ""),
    longestAt("IAMAT ", "\xff", " +0-0 1"),
    longestAt("IAMAT k +0-0.", "0", " 1"),
    longestAt("IAMAT k +0-0 1.", "9", ""),
  ];
  for (const line of lines) {
    assert(line.length <= limits.linkLineBytesMax, `${line.length} bytes`);
    const ended = new Uint8Array([...line, 0x0a]);
    assert(scanAt(ended, 0, new RecordFields()) > 0);
  }
  assert(lines[0]!.length > 2 * limits.lineBytesMax, "half of the bound would not do");
});

test(
  ["linkLineBytesMax", "heartbeatMs", "catchUpMs"],
  "catch-up fits into lines, between beats",
  () => {
    const base64 = (bytes: number) => Math.ceil(bytes / 3) * 4;
    assert(base64(groupCount * hashBytes) + 10 <= limits.linkLineBytesMax);
    assert(base64(groupBuckets * hashBytes) + 20 <= limits.linkLineBytesMax);
    assert(limits.catchUpMs / 2 > limits.heartbeatMs);
  },
);

test(["readBytesMin", "readBytesMax"], "a buffer grows from one to the other, and back", () => {
  const lines = new LineBuffer({ bytesMin: limits.readBytesMin, bytesMax: limits.readBytesMax });
  assertEquals(lines.bytes.length, limits.readBytesMin);
  const read = (count: number) => {
    const room = lines.room();
    room.fill(0x0a, 0, count);
    lines.received(Math.min(count, room.length));
    lines.start = lines.complete;
  };
  for (let times = 0; times < 20; times++) read(Infinity);
  assertEquals(lines.bytes.length, limits.readBytesMax);
  for (let times = 0; times < 100; times++) read(100);
  assertEquals(lines.bytes.length, limits.readBytesMin);
});

test(["readBytesMin", "connectionsMax"], "all connections idle take at most 64 MiB", () => {
  assert(limits.connectionsMax * limits.readBytesMin <= 64 * 1024 * 1024);
});

test(["lineBytesMax", "readBytesMax", "linkWriteBytesMax"], "one read takes one of either", () => {
  assert(limits.lineBytesMax <= limits.readBytesMax);
  assert(limits.linkWriteBytesMax <= limits.readBytesMax);
});

test(
  ["answerBytesMax", "unansweredMax"],
  "the longest answers to one line and many short ones fit",
  () => {
    assert(limits.linkLineBytesMax + limits.lineBytesMax <= limits.answerBytesMax);
    assert(limits.unansweredMax * cellBytes <= limits.answerBytesMax);
  },
);

test(["slowClientMs", "placesTimeoutMs"], "who waits for Google is not taken for slow", () => {
  // A first try, a wait and a second.
  assert(limits.slowClientMs > 2 * limits.placesTimeoutMs);
});

test(["stopMs", "lingerMs", "logFlushMs"], "a server stops within two seconds, words read", () => {
  assert(limits.lingerMs < limits.stopMs);
  assert(limits.stopMs + limits.logFlushMs < 2_000);
});

test(
  ["placesCallsMax", "placesBodyBytesMax"],
  "answers of Google under way take at most 1 GiB",
  () => {
    assert(limits.placesCallsMax * limits.placesBodyBytesMax <= 1024 ** 3);
    assert(limits.placesBodyBytesMax >= limits.boundMax * 64 * 1024);
  },
);

test(["boundMax"], "a question for that many is taken, for one more is not", () => {
  assertEquals(limits.boundMax, 20);
  const bound = (items: number) => parseWhatsat(bytesOf(`WHATSAT k 1 ${items}`))?.bound;
  assertEquals([bound(limits.boundMax), bound(limits.boundMax + 1)], [limits.boundMax, undefined]);
});

test(["radiusKmMax"], "a question that far is taken, and none beyond", () => {
  assertEquals(limits.radiusKmMax, 50);
  const radius = (km: string) => parseWhatsat(bytesOf(`WHATSAT k ${km} 1`))?.radiusKm;
  assertEquals(radius(`${limits.radiusKmMax}.0000`), limits.radiusKmMax);
  assertEquals(radius(`${limits.radiusKmMax}.0001`), undefined);
});

test(
  ["heartbeatMs", "silenceMs"],
  "two beats may be lost, and a dead peer is found in seconds",
  () => {
    assert(limits.silenceMs > 3 * limits.heartbeatMs);
    const clock = new MemoryClock();
    let silentMs = 0;
    new Heartbeat({ beat() {}, silent: () => silentMs = clock.steadyMs() }, clock);
    clock.advance(60_000);
    assert(silentMs > limits.silenceMs && silentMs <= 5_000, `${silentMs} ms`);
  },
);

test(["backoffMsMin", "backoffMsMax"], "waits go from one to the other, doubling", () => {
  assertEquals([limits.backoffMsMin, limits.backoffMsMax], [50, 2_000]);
  const backoff = new Backoff({
    msMin: limits.backoffMsMin,
    msMax: limits.backoffMsMax,
    fraction: () => 1,
  });
  const waits = Array.from({ length: 20 }, () => backoff.nextMs());
  assertEquals([waits[0], waits[1], waits.at(-1)], [50, 100, 2_000]);
});

test(
  ["dialTimeoutMs", "helloTimeoutMs"],
  "a neighbour that says nothing is dialled again",
  async () => {
    const herd = await MemoryHerd.make("Bona-Clark");
    const clark = herd.server("Clark");
    const hostname = herd.hostnameOf("Bona");
    const listener = herd.network.transport(hostname).listen({ hostname, port });
    clark.start();
    await herd.clock.run(limits.helloTimeoutMs + limits.backoffMsMin);
    assertEquals(clark.dialsMs.length, 2);
    listener.close();
    herd.network.cut(hostname, clark.hostname);
    await herd.clock.run(limits.helloTimeoutMs + limits.dialTimeoutMs + limits.backoffMsMax);
    assert(clark.dialsMs.length >= 3);
    await herd.stop();
  },
);

test(["linkWriteBytesMax", "linkLineBytesMax"], "no write is longer, nor is any line", async () => {
  const address = { hostname: "127.0.0.1", port: 1 };
  const network = new MemoryNetwork({ bufferBytes: 4 * 1024 * 1024 });
  const listener = network.transport("127.0.0.1").listen(address);
  const { signal } = new AbortController();
  const connection = await network.transport("127.0.0.1").connect(address, signal);
  const writes: number[] = [];
  const link = new LineConnection({
    remote: address,
    read: (into) => connection.read(into),
    write(bytes) {
      writes.push(bytes.length);
      return connection.write(bytes);
    },
    closeWrite: () => connection.closeWrite(),
    close: () => connection.close(),
  });
  const lines = [...Array(20_000).fill(100), limits.linkLineBytesMax, 100];
  const clock = new MemoryClock();
  const nextBytes = () => lines[0] ?? 0;
  const fill = (buffer: Block, at: number) => {
    while (lines.length > 0 && at + nextBytes() <= buffer.size) at += lines.shift()!;
    return at;
  };
  const onBroken = (error: unknown) => {
    throw error;
  };
  new LinkWriter(link, { clock, records: { nextBytes, fill }, onBroken }).wake();
  await clock.settle();
  assertEquals(lines, []);
  assert(limits.linkLineBytesMax <= limits.linkWriteBytesMax);
  assert(Math.max(...writes) <= limits.linkWriteBytesMax);
  assert(Math.max(...writes) > limits.linkWriteBytesMin);
  connection.close();
  listener.close();
});

test(
  ["linkWriteBytesMin", "busyBytes"],
  "a small read goes on at once, a large one or a full write lets others in",
  () => {
    assert(limits.readBytesMin < limits.busyBytes && limits.busyBytes < limits.readBytesMax);
    assert(limits.busyBytes < limits.linkWriteBytesMin);
  },
);

test(["sliceMs", "saveSliceMs", "saveMs"], "work in slices delays no record to be saved", () => {
  assert(limits.sliceMs * 4 <= limits.saveMs);
  assert(limits.sliceMs <= limits.saveSliceMs && limits.saveSliceMs * 4 <= limits.saveMs);
});

test(
  ["linesAtOnceMax", "turnLinesMax", "turnsMs"],
  "who says little comes before who floods, and a turn is a part of the time for all",
  () => {
    assert(limits.linesAtOnceMax * 4 <= limits.turnLinesMax);
    // A short line takes about a microsecond.
    assert(limits.turnLinesMax / 1_000 * 2 <= limits.turnsMs);
    assert(limits.turnsMs <= limits.saveSliceMs);
  },
);

test(
  ["saveMs", "saveRetryMs", "saveBatchBytes"],
  "a disk that failed is not asked at every batch",
  () => {
    assert(limits.saveRetryMs >= 10 * limits.saveMs);
    assert(limits.saveBatchBytes >= 100 * cellBytes);
  },
);

test(
  ["storeLinesMin", "storeSurplusMax"],
  "a store is at least half surplus when it is written anew",
  () => {
    assert(limits.storeSurplusMax >= 2);
    assert(limits.storeLinesMin * cellBytes < 16 * 1024 * 1024, "a small store is a small file");
  },
);

test(
  ["logFileBytesMax", "logFilesKept", "logBufferBytes"],
  "the logs of a server take at most 2 GiB",
  () => {
    assert(limits.logFileBytesMax * (limits.logFilesKept + 1) <= 2 * 1024 ** 3);
    assert(limits.logBufferBytes * 100 < limits.logFileBytesMax);
  },
);

Deno.test({
  name:
    "logFlushMs, logBufferBytes: a line is on disk after 100 ms, and more than the buffer at once",
  ...await needs("read", "write"),
  fn() {
    const path = Deno.makeTempFileSync();
    const clock = new MemoryClock();
    const log = new LogFile({
      path,
      fileBytesMax: limits.logFileBytesMax,
      filesKept: limits.logFilesKept,
      bufferBytes: limits.logBufferBytes,
      flushMs: limits.logFlushMs,
      clock,
      onTrouble: (message) => {
        throw new Error(message);
      },
    });
    const label = wireLabel("in", "127.0.0.1:5");
    const line = bytesOf("x".repeat(100));
    log.line(label, line, 0, line.length);
    assertEquals(Deno.statSync(path).size, 0);
    clock.advance(100);
    const lineBytes = Deno.statSync(path).size;
    assert(lineBytes > line.length);
    for (let bytes = 0; bytes <= limits.logBufferBytes; bytes += lineBytes) {
      log.line(label, line, 0, line.length);
    }
    assert(Deno.statSync(path).size > limits.logBufferBytes / 2);
    log.destroy();
    Deno.removeSync(path);
  },
});

test(["faultMs", "faultCharactersMax"], "a kind of fault logs less than 6 MB a day", () => {
  assert(86_400_000 / limits.faultMs * limits.faultCharactersMax < 6_000_000);
});

test(["linesAtOnceMax", "turnLinesMax", "turnsMs"], "a turn is longer than what needs none", () => {
  assert(limits.linesAtOnceMax < limits.turnLinesMax);
  assert(limits.turnsMs >= limits.sliceMs, "clients wait no longer for work than for each other");
});

test(
  ["answerBytesMin", "answerBlockBytesMin", "answerBlockBytesKept", "bufferBytesMax"],
  "buffers begin small, and what they grow to is a part of the memory of a small machine",
  () => {
    assert(limits.answerBlockBytesMin * limits.connectionsMax <= 32 * 1024 * 1024);
    assert(limits.answerBlockBytesMin < limits.answerBytesMin);
    assert(limits.answerBytesMin * 4 <= limits.answerBytesMax);
    assert(limits.answerBlockBytesKept >= limits.answerBytesMax + limits.readBytesMax);
    assert(limits.bufferBytesMax <= 100_000_000);
    assert(limits.bufferBytesMax >= 64 * (limits.answerBlockBytesKept + limits.readBytesMax));
  },
);

test(
  ["silentClientMs", "idleClientMs", "sweepMs", "edgeLogMs"],
  "who says nothing goes long before who said something, and is looked for often enough",
  () => {
    assert(limits.silentClientMs * 60 <= limits.idleClientMs);
    assert(limits.sweepMs * 10 <= limits.silentClientMs);
    assert(limits.silentClientMs > 10 * limits.helloTimeoutMs);
    assert(limits.edgeLogMs >= 60 * limits.sweepMs, "a flood of connections is a line a minute");
  },
);

test(["acceptPauseMs"], "a neighbour that waits for a file is let in before it gives up", () => {
  assert(limits.acceptPauseMs * 10 <= limits.dialTimeoutMs);
});

test(
  ["recordBytes", "clientBytes"],
  "an ID of 60 bytes costs what a client is reckoned with",
  () => {
    const at = "AT Campbell +173729044.417886018  +34.068930-118.445127 1621464827.959498503";
    const beside = (idBytes: number) => bytesBesideCell(at.length + idBytes);
    assertEquals(limits.recordBytes + beside(60), limits.clientBytes);
    assertEquals(bytesBesideCell("AT Clark +0.250000000 ".length + 36 + 43), 0);
    // The cell; half as many slots of the index as there are, twice while it grows; two buckets.
    assert(limits.recordBytes >= 128 + 8 * 3 + 8 * 3 + 2 * 6 + 5);
  },
);

test(["clientsMaxUnknown", "clientsMaxMax"], "numbers of records have 31 bits", () => {
  assertEquals(limits.clientsMaxUnknown * limits.clientBytes, 2 ** 30);
  assert(limits.clientsMaxMax < 2 ** 31);
});

test(["quietSecondsMax"], "a year of seconds is a timer's milliseconds in whole numbers", () => {
  assert(Number.isSafeInteger(limits.quietSecondsMax * 1_000));
  assert(limits.idleClientMs <= limits.quietSecondsMax * 1_000);
});

Deno.test({
  name: "every limit is a positive whole number, and a test bears its name",
  permissions: "none",
  fn() {
    const names = Object.keys(limits) as Limit[];
    assertEquals([...named].sort(), names.sort());
    for (const name of names) assert(Number.isInteger(limits[name]) && limits[name] > 0, name);
  },
});
