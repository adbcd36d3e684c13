import { assert, assertEquals, assertStrictEquals } from "@std/assert";
import fc from "fast-check";
import { bytesOf, textOf } from "../../lib/protocol/ascii.ts";
import { BlockPool } from "../../lib/protocol/block_pool.ts";
import { LineBuffer } from "../../lib/protocol/line_buffer.ts";
import { fed, feed } from "../feeding.ts";

function takeAll(lines: LineBuffer): string[] {
  const taken: string[] = [];
  for (let line = lines.take(); line !== null; line = lines.take()) taken.push(textOf(line));
  return taken;
}

/** Bytes with a line end now and then. */
const input = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.stringMatching(/^[a-z\r \xff]{0,12}$/) },
    { weight: 4, arbitrary: fc.constant("\n") },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 300 }).map((length) => "x".repeat(length)) },
  ),
  { maxLength: 40 },
).map((parts) => parts.join(""));

const sizes = fc.constantFrom(
  { bytesMin: 1, bytesMax: 1 },
  { bytesMin: 2, bytesMax: 64 },
  { bytesMin: 7, bytesMax: 50 },
  { bytesMin: 64, bytesMax: 16 },
  { bytesMin: 128, bytesMax: 1024 },
  { bytesMin: 64, bytesMax: 1024, pool: new BlockPool(8) },
);

Deno.test({
  name:
    "LineBuffer.take() gives the lines of the input, however it comes and whenever they are taken",
  permissions: "none",
  fn() {
    const pieces = fc.infiniteStream(fc.integer({ min: 1, max: 100 }));
    const patience = fc.infiniteStream(fc.integer({ min: 0, max: 6 }));
    fc.assert(
      fc.property(input, sizes, pieces, patience, (text, sizes, pieces, patience) => {
        const lines = new LineBuffer(sizes);
        const taken: string[] = [];
        for (let at = 0; at < text.length;) {
          const count = Math.min(pieces.next().value, text.length - at);
          feed(lines, bytesOf(text.slice(at, at + count)));
          at += count;
          for (let more = patience.next().value; more > 0; more--) {
            const line = lines.take();
            if (line !== null) taken.push(textOf(line));
          }
          const came = text.slice(0, at);
          assertEquals(lines.unfinishedBytes, came.length - 1 - came.lastIndexOf("\n"));
        }
        const expected = text.split("\n");
        const last = expected.pop()!;
        assertEquals([...taken, ...takeAll(lines)], expected);
        lines.end();
        assertEquals(takeAll(lines), last === "" ? [] : [last]);
        assertEquals(lines.unfinishedBytes, 0);
      }),
      { numRuns: 1_000 },
    );
  },
});

Deno.test({
  name: "LineBuffer.start and complete bound the lines that are due for who scans them in place",
  permissions: "none",
  fn() {
    const line = fed("IAMAT k +1-2 3", (lines) => {
      const { bytes, start, complete } = lines;
      assertEquals(bytes[complete - 1], 0x0a);
      lines.start = bytes.indexOf(0x0a, start) + 1;
      assertEquals(lines.start, complete);
      assertStrictEquals(lines.take(), null);
      return textOf(bytes.subarray(start, lines.start));
    });
    assertEquals(line, "IAMAT k +1-2 3\n");
  },
});

Deno.test({
  name: "LineBuffer.take() keeps carriage returns and gives blank lines",
  permissions: "none",
  fn() {
    const lines = new LineBuffer({ bytesMin: 8, bytesMax: 8 });
    feed(lines, bytesOf("a\r\n\n\r\n b \n"));
    assertEquals(takeAll(lines), ["a\r", "", "\r", " b "]);
  },
});

Deno.test({
  name: "LineBuffer.take() gives a view that holds until room() is asked for",
  permissions: "none",
  fn() {
    const lines = new LineBuffer({ bytesMin: 16, bytesMax: 64 });
    feed(lines, bytesOf("one\ntwo\nthr"));
    const one = lines.take()!;
    const two = lines.take()!;
    lines.end();
    const three = lines.take()!;
    assertEquals([one, two, three].map(textOf), ["one", "two", "thr"]);
  },
});

Deno.test({
  name: "LineBuffer.room() always has room, and what waits is not written over",
  permissions: "none",
  fn() {
    const lines = new LineBuffer({ bytesMin: 4, bytesMax: 8 });
    const line = "x".repeat(5_000);
    for (let at = 0; at < line.length; at++) {
      assert(lines.room().length > 0);
      feed(lines, bytesOf(line[at]!));
    }
    assertEquals(lines.unfinishedBytes, 5_000);
    feed(lines, bytesOf("\n"));
    assertEquals(takeAll(lines), [line]);
  },
});

Deno.test({
  name: "LineBuffer grows when reads fill it, up to its bound",
  permissions: "none",
  fn() {
    const lines = new LineBuffer({ bytesMin: 64, bytesMax: 1024 });
    const sizes = new Set<number>();
    for (let read = 0; read < 20; read++) {
      const room = lines.room();
      room.fill(0x78);
      room[room.length - 1] = 0x0a;
      lines.received(room.length);
      takeAll(lines);
      sizes.add(lines.bytes.length);
    }
    assertEquals([...sizes], [128, 256, 512, 1024]);
  },
});

Deno.test({
  name: "LineBuffer does not grow while reads leave room",
  permissions: "none",
  fn() {
    const lines = new LineBuffer({ bytesMin: 64, bytesMax: 1024 });
    for (let read = 0; read < 1_000; read++) {
      feed(lines, bytesOf(`${"x".repeat(40)}\n`));
      takeAll(lines);
    }
    assertEquals(lines.bytes.length, 64);
  },
});

Deno.test({
  name: "LineBuffer shrinks after traffic and after a long line, with what is due in it",
  permissions: "none",
  fn() {
    const lines = new LineBuffer({ bytesMin: 64, bytesMax: 128 });
    feed(lines, bytesOf(`${"x".repeat(10_000)}\n`), 50);
    assert(lines.bytes.length >= 10_000);
    takeAll(lines);
    feed(lines, bytesOf("begun"));
    for (let read = 0; read < 200; read++) {
      feed(lines, bytesOf(`-\n${read}`));
      assertEquals(takeAll(lines), [read === 0 ? "begun-" : `${read - 1}-`]);
    }
    assertEquals(lines.bytes.length, 64);
  },
});

Deno.test({
  name: "LineBuffer.end() makes a line of what is left, of nothing when nothing is",
  permissions: "none",
  fn() {
    const options = { bytesMin: 4, bytesMax: 4 };
    const ended = (text: string) => {
      const lines = new LineBuffer(options);
      feed(lines, bytesOf(text));
      lines.end();
      lines.end();
      return takeAll(lines);
    };
    assertEquals(ended(""), []);
    assertEquals(ended("a\n"), ["a"]);
    assertEquals(ended("a\nb"), ["a", "b"]);
    assertEquals(ended("full"), ["full"]);
    assertEquals(ended("a\n\r"), ["a", "\r"]);
  },
});

Deno.test({
  name: "LineBuffer.clear() drops lines that are due and the unfinished one",
  permissions: "none",
  fn() {
    const lines = new LineBuffer({ bytesMin: 16, bytesMax: 16 });
    feed(lines, bytesOf("one\ntwo\nthr"));
    lines.clear();
    assertEquals([lines.take(), lines.unfinishedBytes], [null, 0]);
    lines.end();
    assertStrictEquals(lines.take(), null);
    feed(lines, bytesOf("four\n"));
    assertEquals(takeAll(lines), ["four"]);
  },
});

Deno.test({
  name:
    "LineBuffer grows within its budget, gives it back, and drops a line that it has no room for",
  permissions: "none",
  fn() {
    let left = 3 * 64;
    const budget = {
      take: (bytes: number) => bytes <= left && (left -= bytes, true),
      give: (bytes: number) => void (left += bytes),
    };
    const lines = new LineBuffer({ bytesMin: 64, bytesMax: 1024, budget });
    const read = (text: string) => {
      for (let at = 0; at < text.length;) {
        const room = lines.room();
        const piece = bytesOf(text.slice(at, at + room.length));
        room.set(piece);
        lines.received(piece.length);
        at += piece.length;
      }
    };
    read("x".repeat(200));
    assertEquals([lines.bytes.length, left, lines.isStarved], [256, 0, false]);
    read("y\n");
    assertEquals(textOf(lines.take()!), `${"x".repeat(200)}y`);
    for (let times = 0; times < 100; times++) {
      read("z\n");
      lines.take();
    }
    assertEquals([lines.bytes.length, left], [64, 3 * 64]);
    read("x".repeat(300));
    assertEquals([lines.isStarved, lines.bytes.length], [true, 256]);
    lines.leaveBudget();
    assertEquals(left, 3 * 64);
  },
});

Deno.test({
  name: "LineBuffer has a block of its pool while little comes, gives it back, and takes one again",
  permissions: "none",
  fn() {
    let grown = 0;
    const budget = {
      take: (bytes: number) => (grown += bytes, true),
      give: (bytes: number) => void (grown -= bytes),
    };
    const pool = new BlockPool(24);
    const [first, second] = [pool.take(), pool.take()];
    for (const block of [second, first]) pool.give(block);
    const lines = new LineBuffer({ bytesMin: 64, bytesMax: 128, budget, pool });
    assertEquals(lines.block, first);
    feed(lines, bytesOf("one\nand a line that is longer\n"));
    assertEquals(takeAll(lines), ["one", "and a line that is longer"]);
    assertEquals([lines.bytes.length, grown], [64, 0], "its own, which is not counted");
    assertEquals(pool.take(), first, "given back");
    feed(lines, bytesOf(`${"x".repeat(100)}\n`));
    assertEquals([takeAll(lines)[0]?.length, lines.bytes.length, grown], [100, 128, 64]);
    for (let times = 0; times < 100; times++) {
      feed(lines, bytesOf("z\n"));
      assertEquals(takeAll(lines), ["z"]);
    }
    assertEquals([lines.block, grown], [second, 0], "small again");
    feed(lines, bytesOf("half"));
    lines.release();
    assertEquals([pool.take(), lines.bytes.length, lines.unfinishedBytes], [second, 0, 0]);
  },
});
