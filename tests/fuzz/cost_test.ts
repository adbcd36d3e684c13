// Issue "The edge", 1: every byte has a bounded cost. What `deno task fuzz` measures for long, on every
// line that was made to cost much, and every case of a client that was found.

import { assertRejects } from "@std/assert";
import { bytesOf } from "../../lib/protocol/ascii.ts";
import { escapedOf } from "../log/reference.ts";
import { needs } from "../needs.ts";
import { corpus, sessionCase } from "./corpus.ts";
import { CostMeter } from "./cost_meter.ts";
import { fillerNames, frames, lineOf, manyLines } from "./costly_line.ts";

const files = await needs("read", "write");

Deno.test({
  name: "A line of 64 KiB costs at most 2 ms, whatever it is filled with",
  ...files,
  async fn() {
    await using meter = await CostMeter.open();
    for (const frame of frames) {
      for (const filler of fillerNames) await meter.check(lineOf(frame, filler));
    }
  },
});

Deno.test({
  name: "64 KiB of short lines cost no more than so many lines may",
  ...files,
  async fn() {
    await using meter = await CostMeter.open();
    for (const lines of manyLines) await meter.check(lines);
  },
});

Deno.test({
  name: "Every case that was found costs no more than its lines may",
  ...files,
  async fn() {
    await using meter = await CostMeter.open();
    for (const name of corpus().filter((name) => name.startsWith("session-"))) {
      await meter.check({ name, text: sessionCase(name) });
    }
  },
});

Deno.test({
  name: "CostMeter finds an exception a byte, as the first version's log had it",
  ...files,
  async fn() {
    await using meter = await CostMeter.open((log) => ({
      ...log,
      at: (time) => log.at(time),
      line(label, bytes, start, end) {
        const line = bytes.subarray(start, end);
        const isPlain = line.every((byte) => byte >= 0x20 && byte < 0x7f);
        const escaped = isPlain ? line : bytesOf(escapedOf(line));
        log.line(label, escaped, 0, escaped.length);
      },
    }));
    await assertRejects(() => meter.check(lineOf("*", "0xff", 4_000)), Error, "*, 0xff: ");
    await meter.check({ name: "a short line", text: "\xff" });
  },
});
