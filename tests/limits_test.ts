import { Block, wordBytes } from "../lib/block.ts";
import { assert, assertEquals, assertLess, assertThrows } from "@std/assert";
import { patternTrouble } from "../lib/access/id_pattern.ts";
import { groupBuckets, groupCount, hashBytes } from "../lib/locations/digest.ts";
import { bytesBesideCell, cellBytes } from "../lib/locations/cells.ts";
import { Backoff } from "../lib/pacing/backoff.ts";
import { Heartbeat } from "../lib/links/heartbeat.ts";
import { LineConnection } from "../lib/links/line_connection.ts";
import { LinkWriter } from "../lib/links/link_writer.ts";
import * as limits from "../lib/limits.ts";
import { bytesOf } from "../lib/protocol/ascii.ts";
import { atBytesMax, scanAt, tooLong, writeAt } from "../lib/protocol/at.ts";
import { parseWhatsat, scanIamat } from "../lib/protocol/command.ts";
import { LineBuffer } from "../lib/protocol/line_buffer.ts";
import { RecordFields } from "../lib/protocol/record.ts";
import { readPlaces } from "../lib/places/gazetteer/gazetteer_file.ts";
import { GeoJsonReader } from "../lib/places/gazetteer/geojson.ts";
import { GeoNamesReader } from "../lib/places/gazetteer/geonames.ts";
import { PlaceRecords } from "../lib/places/gazetteer/place_records.ts";
import { PlaceTable } from "../lib/places/gazetteer/place_table.ts";
import { Results } from "../lib/places/gazetteer/results.ts";
import { PlacesFileError, shown } from "../lib/places/gazetteer/places_file.ts";
import { Budget } from "../lib/places/google/budget.ts";
import { messageOf } from "../lib/places/google/reply.ts";
import { Forgetting } from "../lib/server/forgetting.ts";
import { Table } from "../lib/locations/table.ts";
import { HerdFileError, parseHerdFile } from "../lib/topology/herd_file.ts";
import { duplicateNames, JsonTextError } from "../lib/topology/json_text.ts";
import { checkHerd } from "../lib/topology/herd_checks.ts";
import { escapedBytes } from "../lib/log/escape.ts";
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

/** The `AT` line for the longest report that there may be, from a server with a long name. */
function longestAt(): Uint8Array {
  const { idBytesMax, fieldBytesMax, lineBytesMax } = limits;
  const id = "\xff".repeat(idBytesMax);
  const fields = `${"+0-0.".padEnd(fieldBytesMax, "0")} ${"9".repeat(fieldBytesMax)}`;
  const report = Block.of(bytesOf(`IAMAT ${id} ${fields}`.padEnd(lineBytesMax) + "\n"));
  const scanned = new RecordFields();
  assert(scanIamat(report.bytes, 0, scanned));
  const prefix = Block.of(bytesOf(`AT ${"n".repeat(255)} `));
  const target = new Block(atBytesMax(scanned, prefix.size));
  const received = { seconds: 4_000_000_000, nanoseconds: 1 };
  const end = writeAt(report, scanned, { prefix, received, target, at: 0, record: scanned });
  target.bytes[end] = 0x0a;
  assert(end < target.size, "no room for the newline");
  return target.bytes.subarray(0, end + 1);
}

test(["lineBytesMax", "linkLineBytesMax"], "a link takes what any line of a client becomes", () => {
  const line = longestAt();
  assert(line.length <= limits.linkLineBytesMax, `${line.length} bytes`);
  assert(scanAt(line, 0, new RecordFields()) > 0);
});

test(["idBytesMax", "fieldBytesMax"], "a field that long is taken, one byte more is not", () => {
  const { idBytesMax, fieldBytesMax } = limits;
  assertEquals([limits.idBytesMax, limits.fieldBytesMax], [1_024, 64]);
  const iamat = (id: number, field: number) => {
    const line = `IAMAT ${"k".repeat(id)} ${"+1-2.".padEnd(field, "3")} ${"4".repeat(field)}\n`;
    return scanIamat(bytesOf(line), 0, new RecordFields());
  };
  const whatsat = (id: number, field: number) => {
    const line = `WHATSAT ${"k".repeat(id)} ${"1".padStart(field, "0")} ${
      "2".padStart(field, "0")
    }`;
    return parseWhatsat(bytesOf(line)) !== null;
  };
  const at = (id: number, field: number) => {
    const fields = `${"k".repeat(id)} ${"+1-2.".padEnd(field, "3")} ${"4".repeat(field)}`;
    return scanAt(bytesOf(`AT Clark +0.000000001 ${fields}\n`), 0, new RecordFields());
  };
  assert(at(idBytesMax, fieldBytesMax) > 0);
  assertEquals(at(idBytesMax + 1, fieldBytesMax), tooLong);
  assertEquals(at(idBytesMax, fieldBytesMax + 1), tooLong);
  for (const isTaken of [iamat, whatsat]) {
    assert(isTaken(idBytesMax, fieldBytesMax));
    assert(!isTaken(idBytesMax + 1, fieldBytesMax));
    assert(!isTaken(idBytesMax, fieldBytesMax + 1));
  }
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

test(
  ["linkWordsBytesMax", "linkSaidBytesMax", "differGroupsMax"],
  "the longest words of catch-up are read, and the names of all groups may wait",
  () => {
    const base64 = (bytes: number) => Math.ceil(bytes / 3) * 4;
    const digestBytes = "DIGEST ".length + base64(groupCount * hashBytes);
    assert(digestBytes < limits.linkWordsBytesMax && limits.linkWordsBytesMax < 2 * digestBytes);
    const names = Array.from({ length: groupCount }, (_, group) => `DIFFER ${group}\n`).join("");
    assert(names.length * 10 < limits.linkSaidBytesMax);
    assertEquals(groupCount % limits.differGroupsMax, 0);
  },
);

test(["askAgainMs", "catchUpMs"], "a neighbour is asked again long before its next turn", () => {
  assert(limits.askAgainMs * 10 < limits.catchUpMs / 2);
});

test(
  ["linkReadBytesMin", "readBytesMax"],
  "a link's first buffer holds all words of a digest",
  () => {
    assert(limits.linkWordsBytesMax <= limits.linkReadBytesMin);
    assert(limits.linkReadBytesMin < limits.readBytesMax);
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

test(
  ["firstReadBytes", "slabBytes", "readBytesMin", "connectionsMax"],
  "all connections idle wait with 8 MiB, and the longest sensible command fits the next buffer",
  () => {
    const block = limits.firstReadBytes + wordBytes;
    assertEquals([4096 % block, limits.slabBytes % block], [0, 0]);
    assert(limits.connectionsMax * block <= 8 * 1024 * 1024);
    const command = limits.idBytesMax + 2 * limits.fieldBytesMax + "IAMAT   \r\n".length;
    assert(limits.firstReadBytes < command && command < limits.readBytesMin);
  },
);

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

test(
  ["placesPerMinute", "placesPerDay", "placesBudgetMax"],
  "budgets, the largest in 16 MB",
  () => {
    assert(limits.placesPerMinute <= limits.placesPerDay);
    assert(limits.placesPerDay < limits.placesPerMinute * 24 * 60, "the day's is a bound too");
    const clock = new MemoryClock();
    const ofDay = { perMinute: limits.placesBudgetMax, perDay: limits.placesPerDay, clock };
    const budget = new Budget(ofDay);
    const allowed = Array.from({ length: limits.placesPerDay + 1 }, () => budget.take());
    assertEquals(allowed.indexOf("perDay"), limits.placesPerDay);
    assert(2 * limits.placesBudgetMax * Float64Array.BYTES_PER_ELEMENT <= 16_000_000);
  },
);

test(["placesBudgetLogMs"], "a stranger makes the log grow by less than 1 MB a day", () => {
  const lineBytes = 250;
  assert(24 * 60 * 60_000 / limits.placesBudgetLogMs * lineBytes < 1_000_000);
});

test(
  ["placesQuestionsPerConnectionMax", "placesCallsMax", "unansweredMax"],
  "one connection does not take all calls, and its questions wait within its commands",
  () => {
    assert(limits.placesQuestionsPerConnectionMax * 16 <= limits.placesCallsMax);
    assert(limits.placesQuestionsPerConnectionMax <= limits.unansweredMax);
  },
);

test(["placesRetryMs", "placesTimeoutMs"], "the second call has most of the time", () => {
  assert(limits.placesRetryMs * 10 <= limits.placesTimeoutMs);
});

test(["placesMessageCharactersMax"], "so much of Google's message is passed on", () => {
  const [most, more] = [0, 1].map((beyond) =>
    "x".repeat(limits.placesMessageCharactersMax + beyond)
  );
  assertEquals([messageOf(most, 400), messageOf(more, 400)], [most, most]);
});

test(
  ["placeBytesMax", "placesReadBytes"],
  "a place may take many reads, not any number",
  async () => {
    assert(limits.placesReadBytes * 4 <= limits.placeBytesMax);
    const fields = ["1", "", "", "", "1", "2", "P", "PPL", ...Array(11).fill("")];
    const dump = (bytes: number) => {
      const rest = fields.join("\t").length;
      return bytesOf(fields.with(1, "n".repeat(bytes - rest)).join("\t"));
    };
    function* reads(bytes: Uint8Array) {
      for (let at = 0; at < bytes.length; at += limits.placesReadBytes) {
        yield bytes.slice(at, at + limits.placesReadBytes);
      }
    }
    const table = await readPlaces(reads(dump(limits.placeBytesMax)), { soon: queueMicrotask });
    assertEquals(table.size, 1);
    const reader = new GeoNamesReader(() => {});
    assertThrows(() => reader.push(dump(limits.placeBytesMax + 1)), PlacesFileError, "longer");
  },
);

test(["placesQuoteCharactersMax"], "an error quotes so much of a file of places", () => {
  const lengths = [1, limits.placesQuoteCharactersMax - 2, limits.placesQuoteCharactersMax]
    .map((length) => shown("x".repeat(length)).length);
  // The quotation marks count.
  assertEquals(lengths, [3, limits.placesQuoteCharactersMax, limits.placesQuoteCharactersMax]);
});

test(["placesSliceMax"], "others have their turn while a gazetteer is indexed", () => {
  const turns = (count: number) => {
    const table = new PlaceTable();
    for (let at = 0; at < count; at++) {
      table.add({ name: "n", latitude: at % 179 - 89, longitude: at % 359 - 179, ...aPark });
    }
    return [...table.index()].length;
  };
  assertEquals(turns(100), 0);
  assert(turns(limits.placesSliceMax) >= 2);
});

test(["placesChunkBytes"], "places beyond one piece of memory are found as those in it", () => {
  const table = new PlaceTable();
  const name = "n".repeat(limits.placesChunkBytes / 10);
  const names = [...Array.from({ length: 25 }, (_, at) => `${at}${name}`), name.repeat(12), "last"];
  for (const [at, name] of names.entries()) {
    table.add({ name, latitude: at, longitude: 1, ...aPark });
  }
  for (const _ of table.index());
  for (const [at, name] of names.entries()) {
    assertEquals(table.findNearest({ latitude: at, longitude: 1, radiusKm: 1 }, 1), 1);
    const record = table.record(table.found(0));
    const text = new TextDecoder().decode(
      record.block.bytes.subarray(record.name, record.types),
    );
    assert(text === JSON.stringify(name), `place ${at}`);
  }
});

test(["placesTypesKept"], "so many lists of types have their text kept, and all are right", () => {
  const records = new PlaceRecords();
  for (let at = 0; at < 2 * limits.placesTypesKept; at++) {
    records.add({ name: "n", latitude: 0, longitude: 0, types: [`t${at}`], vicinity: "" });
    const { block, types, vicinity } = records.at(at);
    const text = new TextDecoder().decode(block.bytes.subarray(types, vicinity));
    assertEquals(text, `[ "t${at}" ]`);
  }
  assertEquals(records.typesKept, limits.placesTypesKept);
});

test(["placesReadyBytesMax"], "a gazetteer keeps no more ready than so much", () => {
  const table = new PlaceTable();
  const bytes = limits.placesReadyBytesMax / 20;
  const count = 30;
  for (let at = 0; at < count; at++) {
    const length = at === count - 1 ? limits.placesReadyBytesMax : bytes;
    table.add({ name: `${at}`.padEnd(length, "n"), latitude: at, longitude: 1, ...aPark });
  }
  for (const _ of table.index());
  const results = new Results(table);
  for (let turn = 0; turn < 2 * count; turn++) {
    const latitude = turn % count;
    const found = table.findNearest({ latitude, longitude: 1, radiusKm: 1 }, 1);
    const answer = results.of(found);
    const target = new Block(answer.bytes);
    answer.writeTo(target, 0);
    const [result] = JSON.parse(new TextDecoder().decode(target.bytes)).results;
    assertEquals(parseInt(result.name), latitude);
    assert(results.readyBytes <= limits.placesReadyBytesMax);
    if (turn > 0 && turn < 5) assert(results.readyBytes > bytes);
  }
});

const aPark = { types: ["park"], vicinity: "" };

test(["geoJsonNameBytesMax"], "the name of the features may be so far before them", () => {
  const count = (blanks: number) => {
    let places = 0;
    const feature = '{"type":"Feature","properties":{"name":"n"},' +
      '"geometry":{"type":"Point","coordinates":[1,2]}}';
    const reader = new GeoJsonReader(() => places++);
    const text = `{"type":"FeatureCollection","features":${" ".repeat(blanks)}[${feature}]}`;
    reader.push(bytesOf(text));
    reader.end();
    return places;
  };
  const name = ',"features":['.length;
  assertEquals(count(limits.geoJsonNameBytesMax - name), 1);
  assertEquals(count(limits.geoJsonNameBytesMax - name + 1), 0);
});

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
  await clock.run(1_000 * limits.linkGatherMs);
  assertEquals(lines, []);
  assert(limits.linkLineBytesMax <= limits.linkWriteBytesMax);
  assert(Math.max(...writes) <= limits.linkWriteBytesMax);
  assert(Math.max(...writes) > limits.linkWriteBytesMin);
  connection.close();
  listener.close();
});

test(
  ["linkGatherMs", "linkWriteBytesMin", "heartbeatMs"],
  "a link gathers much shorter than it beats, and catches up 16 MB/s and more meanwhile",
  () => {
    assert(100 * limits.linkGatherMs <= limits.heartbeatMs);
    assert(limits.linkWriteBytesMin / limits.linkGatherMs >= 16_000);
  },
);

test(
  ["readBytesMin", "busyBytes"],
  "a small read goes on at once, a large one lets others in",
  () => {
    assert(limits.readBytesMin < limits.busyBytes && limits.busyBytes < limits.readBytesMax);
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
  ["saveMs", "saveRetryMsMin", "saveRetryMsMax", "saveBatchBytes"],
  "a lock is noticed to be gone soon, and a disk that fails for long is not asked at every batch",
  () => {
    assert(limits.saveRetryMsMin < limits.saveMs);
    assert(limits.saveRetryMsMax >= 10 * limits.saveMs);
    assert(limits.saveBatchBytes >= 100 * cellBytes);
  },
);

test(
  ["acknowledgeMsMax", "saveRetryMsMax", "slowClientMs", "diskTroubleMs"],
  "the disk is tried several times before an answer is given up, and the client is not the slow one",
  () => {
    assert(limits.acknowledgeMsMax >= 5 * limits.saveRetryMsMax);
    assert(limits.acknowledgeMsMax < limits.slowClientMs);
    assert(limits.diskTroubleMs >= 10 * limits.acknowledgeMsMax);
  },
);

test(
  ["storeOpenMs", "storeOpenRetryMs"],
  "another program's lock is waited for at a start as long as later, and looked at often",
  () => {
    assert(limits.storeOpenMs >= limits.acknowledgeMsMax);
    assert(limits.storeOpenRetryMs * 20 <= limits.storeOpenMs);
  },
);

test(
  ["storeStaleMs", "storeStaleFirstMs", "storeRewriteRecords", "storeDropBatches"],
  "what is stale goes within the hour, in slices that are about one batch",
  () => {
    assert(limits.storeStaleFirstMs < limits.storeStaleMs && limits.storeStaleMs <= 3_600_000);
    assert(limits.storeRewriteRecords * cellBytes <= limits.saveBatchBytes * 2);
    assert(limits.storeDropBatches * limits.saveBatchBytes <= 512 * 1024);
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

test(["logMovedSeenS", "logFlushMs"], "a log file that was moved is seen within 5 s", () => {
  // The clock is read in whole seconds: up to one more may pass.
  assert((limits.logMovedSeenS + 1) * 1000 + limits.logFlushMs < 5_000);
});

test(
  ["logFileBytesMax", "logFilesKept", "logBufferBytes"],
  "the logs of a server take at most 2 GiB, and the longest line fits the buffer",
  () => {
    assert(limits.logFileBytesMax * (limits.logFilesKept + 1) <= 2 * 1024 ** 3);
    assert(limits.logBufferBytes * 100 < limits.logFileBytesMax);
    const rest = 1024;
    assert(escapedBytes * limits.lineBytesMax + rest <= limits.logBufferBytes);
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

test(["tombstoneS"], "tombstones outlive every catch-up by far", () => {
  assert(limits.tombstoneS * 1000 > 1_000 * limits.catchUpMs);
});

test(["secretBytesMin"], "guessing takes longer than there is", () => {
  // Printable characters have six bits at least, and a fast machine tries 2 ** 40 a second.
  const years = 2 ** (limits.secretBytesMin * 6 - 40) / (365 * 86_400);
  assert(years > 1e9, `${years} years`);
});

test(["faultMs", "faultCharactersMax"], "a kind of fault logs less than 6 MB a day", () => {
  assert(86_400_000 / limits.faultMs * limits.faultCharactersMax < 6_000_000);
});

test(["linesAtOnceMax", "turnLinesMax", "turnsMs"], "a turn is longer than what needs none", () => {
  assert(limits.linesAtOnceMax < limits.turnLinesMax);
  assert(limits.turnsMs >= limits.sliceMs, "clients wait no longer for work than for each other");
});

test(["forgetMsMin", "forgetMsMax"], "no round of forgetting comes sooner, none later", () => {
  const waitMs = (afterS: number) => {
    const clock = new MemoryClock();
    const waits: number[] = [];
    const after = (ms: number, callback: () => void) => {
      waits.push(ms);
      return clock.after(ms, callback);
    };
    const watched = {
      now: clock.now.bind(clock),
      steadyMs: () => clock.steadyMs(),
      soon: clock.soon.bind(clock),
      after,
    };
    new Forgetting(new Table(), { clock: watched, afterS }).start();
    return waits[0];
  };
  assertEquals(waitMs(1), limits.forgetMsMin);
  assertEquals(waitMs(600), 30_000);
  assertEquals(waitMs(30 * 86_400), limits.forgetMsMax);
});

test(["sweepMs", "slowClientMs"], "a slow client is found within a second of its time", () => {
  assertEquals(limits.slowClientMs % limits.sweepMs, 0);
  assert(limits.sweepMs <= 1_000);
});

test(["askAgainMs", "heartbeatMs"], "a neighbour is asked again between two beats", () => {
  assert(limits.askAgainMs < limits.heartbeatMs);
});

test(
  ["linkReadBytesMin", "readBytesMin", "readBytesMax"],
  "a link begins with more than a client has, and grows as one does",
  () => {
    assert(limits.readBytesMin < limits.linkReadBytesMin);
    assert(limits.linkReadBytesMin < limits.readBytesMax);
  },
);

test(["lingeringMax", "connectionsMax"], "strangers that never shake hands leave room", () => {
  assert(2 * limits.lingeringMax < limits.connectionsMax / 10);
});

test(["renewalMs", "lingerMs"], "connections that are ending do not keep a certificate", () => {
  assert(limits.renewalMs > limits.lingerMs);
});

test(["killMs", "stopMs", "lingerMs", "logFlushMs"], "no server is killed while it stops", () => {
  assert(limits.killMs > limits.stopMs + limits.lingerMs + limits.logFlushMs);
});

test(
  ["restartMsMin", "restartMsMax", "goodRunMs"],
  "waits grow, and a good run is longer than any",
  () => {
    assertLess(limits.restartMsMin, limits.restartMsMax);
    assertLess(limits.restartMsMax, limits.goodRunMs);
  },
);

test(
  ["answerTimeoutMs", "placesTimeoutMs"],
  "the client waits longer than a server for Google",
  () => {
    assert(limits.answerTimeoutMs > 2 * limits.placesTimeoutMs);
  },
);

test(
  ["pingTimeoutMs", "turnsMs", "sliceMs"],
  "a busy server has hundreds of turns to answer",
  () => {
    assert(limits.pingTimeoutMs > 100 * (limits.turnsMs + limits.sliceMs));
  },
);

test(["unansweredShownMax", "historyLinesMax"], "fit a terminal, and a memory", () => {
  assertLess(limits.unansweredShownMax, 24);
  assertLess(limits.historyLinesMax * limits.lineBytesMax, 100 * 1024 * 1024);
});

test(["shownValueMax", "shownLineBytesMax"], "a message stays a message", () => {
  const links = JSON.stringify({ servers: {}, links: "x".repeat(10_000) });
  const { errors } = assertThrows(() => parseHerdFile(links, "h.json"), HerdFileError);
  for (const error of errors) assertLess(error.length, limits.shownValueMax + 100);
  const { place, message } = assertThrows(() => duplicateNames("x".repeat(10_000)), JsonTextError);
  assertEquals(place, { line: 1, column: 1 });
  assertLess(message.length, limits.shownValueMax + 100);
  assert(limits.shownLineBytesMax > 2 * limits.nameBytesMax, "an ordinary line is shown whole");
});

test(["nameBytesMax"], "a name that long is taken, one byte more is not", () => {
  const problems = (name: string) =>
    checkHerd({ servers: { [name]: { host: "::1", port: 1 } }, links: [] }).length;
  assertEquals(problems("n".repeat(limits.nameBytesMax)), 0);
  assertEquals(problems("n".repeat(limits.nameBytesMax + 1)), 1);
});

test(["smallReadsMax", "readBytesMin", "readBytesMax"], "a grown buffer shrinks with time", () => {
  const { readBytesMin: bytesMin, readBytesMax: bytesMax } = limits;
  const lines = new LineBuffer({ bytesMin, bytesMax });
  for (let reads = 0; reads < 20; reads++) lines.received(lines.room().length), lines.clear();
  assertEquals(lines.bytes.length, bytesMax);
  const read = () => {
    lines.room();
    lines.received(1);
    lines.clear();
  };
  for (let reads = 1; reads < limits.smallReadsMax; reads++) read();
  assertEquals(lines.bytes.length, bytesMax);
  read();
  assertEquals(lines.bytes.length, bytesMin);
});

test(["tokenBytesMax", "idPatternsMax", "idBytesMax"], "a token fits a line", () => {
  assert(limits.tokenBytesMax < limits.lineBytesMax / 2);
  const ids = Array<string>(limits.idPatternsMax).fill("family/jane");
  assert(JSON.stringify({ read: ids, report: ids }).length * 4 / 3 < limits.tokenBytesMax);
  assert(patternTrouble(ids) === null);
  assert(patternTrouble([...ids, "one more"]) !== null);
  assert(patternTrouble(["x".repeat(limits.idBytesMax + 1)]) !== null);
});

test(["refusalsMax"], "a client may err, and a stranger gets nowhere", () => {
  assert(limits.refusalsMax > 1 && limits.refusalsMax < 10);
});

test(["tokensRememberedMax", "tokenBytesMax"], "tokens in memory have a bound", () => {
  assert(limits.tokensRememberedMax * limits.tokenBytesMax <= 16 * 1024 * 1024);
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

test(["clockAheadS"], "a stamp in milliseconds is refused, a clock in another zone is not", () => {
  const herd = parseHerdFile(
    '{ "servers": { "A": { "host": "::1", "port": 1 } }, "links": [] }',
    "h",
  );
  assertEquals(herd.maxClockAheadS, limits.clockAheadS);
  assert(limits.clockAheadS > 14 * 3_600 && limits.clockAheadS < 1.6e12);
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
