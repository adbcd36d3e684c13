/**
 * The least that a server in Deno can do: what comes goes back. The limit that the others are held
 * against.
 *
 *     deno run --allow-net tests/bench/echo.ts PORT [BYTES]
 *
 * `BYTES` are those of each connection's buffer, 64 KiB when absent.
 *
 * @module
 */

const bufferBytes = Number(Deno.args[1] ?? 64 * 1024);
const listener = Deno.listen({ hostname: "127.0.0.1", port: Number(Deno.args[0]) });
console.log("listens");
for await (const conn of listener) {
  conn.setNoDelay(true);
  serve(conn).catch(() => {}).finally(() => conn.close());
}

async function serve(conn: Deno.Conn): Promise<void> {
  const buffer = new Uint8Array(bufferBytes);
  for (let count = await conn.read(buffer); count !== null; count = await conn.read(buffer)) {
    for (let sent = 0; sent < count;) sent += await conn.write(buffer.subarray(sent, count));
  }
}
