/**
 * Subscribes to the channel `herd` of a Redis and reads, as lazily as a sink does.
 *
 *     deno run --allow-net tests/bench/subscriber.ts PORT NAME
 *
 * @module
 */

const restMs = 1;

const conn = await Deno.connect({ hostname: "127.0.0.1", port: Number(Deno.args[0]) });
await conn.write(new TextEncoder().encode("SUBSCRIBE herd\r\n"));
const buffer = new Uint8Array(1024 * 1024);
while (await conn.read(buffer) !== null) await new Promise((done) => setTimeout(done, restMs));
