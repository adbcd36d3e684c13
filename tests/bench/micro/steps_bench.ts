/**
 * The steps of one line through a server, each by itself:
 *
 *     deno bench --allow-all tests/bench/micro
 *
 * @module
 */

import { Block } from "../../../lib/block.ts";
import { Outbox } from "../../../lib/locations/outbox.ts";
import { Table } from "../../../lib/locations/table.ts";
import { bytesOf } from "../../../lib/protocol/ascii.ts";
import { atBytesMax, scanAt, writeAt } from "../../../lib/protocol/at.ts";
import { scanIamat } from "../../../lib/protocol/command.ts";
import { LineBuffer } from "../../../lib/protocol/line_buffer.ts";
import { RecordFields } from "../../../lib/protocol/record.ts";
import { LogFile, wireLabel } from "../../../lib/log/log_file.ts";
import { systemClock } from "../../../lib/transport/system.ts";
import { Blocks, Stamps } from "../load/traffic.ts";

/** How many clients take turns. */
const clients = 10_000;
/** Lines of a read. */
const linesOfRead = 100;

const blocks = new Blocks({
  dialect: "iamat",
  inFlight: linesOfRead,
  firstClient: 0,
  clients,
  stamps: new Stamps(),
});
const block = blocks.next();
const lineBytes = block.length / linesOfRead;
const line = Block.of(block.subarray(0, lineBytes));
const fields = new RecordFields(20_211);
const record = new RecordFields(20_211);
const prefix = Block.of(bytesOf("AT Clark "));
const received = { seconds: 0, nanoseconds: 0 };
systemClock.now(received);
scanIamat(line.bytes, 0, fields);
const target = new Block(atBytesMax(fields, prefix.size));
const atBytes = writeLine(line);

/** Writes the `AT` line of a report to `target`. @returns its length */
function writeLine(report: Block): number {
  scanIamat(report.bytes, 0, fields);
  return writeAt(report, fields, { prefix, received, target, at: 0, record });
}

Deno.bench("await, which the following includes", async () => {
  await null;
});

Deno.bench("clock.now(), the first of a turn", async () => {
  await null;
  systemClock.now(received);
});

Deno.bench("clock.now(), those behind it", () => systemClock.now(received));

Deno.bench("scanIamat()", () => {
  scanIamat(line.bytes, 0, fields);
});

Deno.bench("scanIamat() and writeAt()", () => {
  writeLine(line);
});

const atLine = new Uint8Array(atBytes + 1);
atLine.set(target.bytes.subarray(0, atBytes));
atLine[atBytes] = 0x0a;
Deno.bench("scanAt()", () => {
  scanAt(atLine, 0, fields);
});

const table = new Table();
const nextLine = new Block(lineBytes);
const reports = new Blocks({
  dialect: "iamat",
  inFlight: 1,
  firstClient: 0,
  clients,
  stamps: new Stamps(),
});
Deno.bench("Blocks.next(), the next line of 10,000 clients, which the following includes", () => {
  reports.next();
});

Deno.bench("scanIamat(), writeAt() and Table.report() of the next line", () => {
  nextLine.bytes.set(reports.next());
  const end = writeLine(nextLine);
  table.report({ bytes: target.bytes, view: target.view, start: 0, end, fields: record });
});

const outbox = new Outbox();
const toNeighbour = new Block(256);
let number = 0;
Deno.bench("Outbox.mark(), take() and Table.copyLine()", () => {
  number = (number + 7) % table.size;
  outbox.mark(number);
  table.copyLine(outbox.take(), toNeighbour, 0);
});

const lines = new LineBuffer({ bytesMin: 4_096, bytesMax: 256 * 1024 });
Deno.bench("LineBuffer, a read of 25 lines", () => {
  lines.room();
  lines.bytes.set(block.subarray(0, lineBytes * 25));
  lines.received(lineBytes * 25);
  lines.start = lines.complete;
});

const log = new LogFile({
  path: "/dev/null",
  fileBytesMax: Infinity,
  filesKept: 1,
  bufferBytes: 64 * 1024,
  flushMs: 100,
  // Flushed when full: a timer would outlive the benchmark.
  clock: { now: systemClock.now.bind(systemClock), after: () => ({ cancel() {} }) },
  onTrouble: console.error,
});
const label = wireLabel("in", "127.0.0.1:50000");
Deno.bench("LogFile.line()", () => log.line(label, target.bytes, 0, atBytes));
Deno.bench("LogFile.plainLine()", () => log.plainLine(label, target.view, 0, atBytes));
Deno.bench("LogFile.at(), once a read", () => log.at(received));
