/**
 * One line, fed to what reads it in every way in which a network may bring it.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { bytesOf, textOf } from "../lib/protocol/ascii.ts";
import { LineBuffer } from "../lib/protocol/line_buffer.ts";

/** Small, so that lines of tests make it grow and move what it holds. */
const options = { bytesMin: 16, bytesMax: 64 };

/**
 * @param lines takes the bytes
 * @param bytes what comes
 * @param pieceBytes how much of it comes at a time
 */
export function feed(lines: LineBuffer, bytes: Uint8Array, pieceBytes = bytes.length): void {
  for (let at = 0; at < bytes.length;) {
    const room = lines.room();
    const count = Math.min(pieceBytes, room.length, bytes.length - at);
    room.set(bytes.subarray(at, at + count));
    lines.received(count);
    at += count;
  }
}

/** What comes behind a line and must be there still when that was read. */
const leftOver = "IAMAT left ov";

/**
 * Reads a line that came whole, byte by byte, and between two others of which one is not complete.
 *
 * @param line a line without its newline, one character a byte
 * @param read reads one line; what it gives must not depend on where the line lies
 * @returns what it gave, which was the same each time
 */
export function fed<T>(line: string, read: (lines: LineBuffer) => T): T {
  const bytes = bytesOf(`${line}\n`);

  const whole = new LineBuffer(options);
  feed(whole, bytes);
  const result = read(whole);

  const byteByByte = new LineBuffer(options);
  feed(byteByByte, bytes, 1);
  assertEquals(read(byteByByte), result, `byte by byte: ${line}`);

  const between = new LineBuffer(options);
  feed(between, bytesOf(`WHATSAT first 10 5\n${line}\n${leftOver}`));
  assertEquals(textOf(between.take()!), "WHATSAT first 10 5");
  assertEquals(read(between), result, `with bytes left over: ${line}`);
  between.start = between.complete;
  feed(between, bytesOf("er\n"));
  assertEquals(textOf(between.take()!), `${leftOver}er`);
  return result;
}
