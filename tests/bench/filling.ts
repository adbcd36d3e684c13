/**
 * Makes many clients known to a server, and counts those that one knows.
 *
 * @module
 */

const linesAtOnce = 5_000;
const newline = 0x0a;
const encoder = new TextEncoder();

/** Writes lines on a connection, and reads until there are as many answers. */
async function converse(
  port: number,
  count: number,
  { line, onAnswers }: { line: (index: number) => string; onAnswers: (bytes: Uint8Array) => void },
): Promise<void> {
  using conn = await Deno.connect({ hostname: "127.0.0.1", port });
  const reading = (async () => {
    const buffer = new Uint8Array(256 * 1024);
    for (let got = await conn.read(buffer); got !== null; got = await conn.read(buffer)) {
      onAnswers(buffer.subarray(0, got));
    }
  })();
  for (let index = 0; index < count; index += linesAtOnce) {
    const length = Math.min(linesAtOnce, count - index);
    const lines = Array.from({ length }, (_, offset) => line(index + offset));
    const bytes = encoder.encode(lines.join(""));
    for (let at = 0; at < bytes.length;) at += await conn.write(bytes.subarray(at));
  }
  await conn.closeWrite();
  await reading;
}

/** @returns the name of a client */
export function clientId(index: number): string {
  return `client-${String(index).padStart(7, "0")}.cs.ucla.edu`;
}

/** Has so many clients report once. @throws {Error} when not every report is answered */
export async function fill(port: number, count: number): Promise<void> {
  let answers = 0;
  await converse(port, count, {
    line: (index) => `IAMAT ${clientId(index)} +34.068930-118.445127 1621464827.959498503\n`,
    onAnswers: (bytes) => {
      for (const byte of bytes) if (byte === newline) answers++;
    },
  });
  if (answers !== count) throw new Error(`${answers} answers to ${count} reports`);
}

/** @returns how many of so many clients a server knows */
export async function countKnown(port: number, count: number): Promise<number> {
  let known = 0;
  let before = newline;
  await converse(port, count, {
    line: (index) => `WHATSAT ${clientId(index)} 0 0\n`,
    onAnswers: (bytes) => {
      // An answer's first line is the only one that begins with an A.
      for (const byte of bytes) {
        if (byte === 0x41 && before === newline) known++;
        before = byte;
      }
    },
  });
  return known;
}
