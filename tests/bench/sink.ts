/**
 * The far ends of links, a process of its own: completes the hello of a server that dials, says that
 * it lives, and reads. Who begins with no hello is a rival's server: it is read from, and no more.
 *
 *     deno run --allow-net tests/bench/sink.ts PORT...
 *
 * In life it is on another machine; here it shares two cores with what is measured, so it reads what
 * came once a millisecond and looks at none of it.
 *
 * @module
 */

import {
  heartbeatWord,
  helloLine,
  lineOf,
  linkVersion,
  parseHello,
} from "../../lib/links/hello.ts";

const restMs = 1;
const beatMs = 500;
const newline = 0x0a;

for (const port of Deno.args) listen(Number(port));

async function listen(port: number): Promise<void> {
  for await (const conn of Deno.listen({ hostname: "127.0.0.1", port })) {
    take(conn).catch(() => {}).finally(() => conn.close());
  }
}

async function take(conn: Deno.Conn): Promise<void> {
  const buffer = new Uint8Array(16 * 1024);
  const count = await conn.read(buffer);
  if (count === null) return;
  const line = buffer.subarray(0, buffer.subarray(0, count).indexOf(newline));
  const hello = parseHello(line);
  if (hello === null) return await read(conn);
  const said = { version: linkVersion, from: hello.to, to: hello.from, nonce: "0".repeat(32) };
  await conn.write(helloLine(said));
  await conn.read(buffer);
  await conn.write(lineOf("WELCOME", "-"));
  const timer = setInterval(() => conn.write(lineOf(heartbeatWord)).catch(() => {}), beatMs);
  try {
    await read(conn);
  } finally {
    clearInterval(timer);
  }
}

/** Reads to the end; the buffer is small until more comes than it holds. */
async function read(conn: Deno.Conn): Promise<void> {
  let buffer = new Uint8Array(16 * 1024);
  for (;;) {
    const count = await conn.read(buffer);
    if (count === null) return;
    if (count === buffer.length) buffer = new Uint8Array(1024 * 1024);
    await new Promise((done) => setTimeout(done, restMs));
  }
}
