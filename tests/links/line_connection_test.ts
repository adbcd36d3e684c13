import { assert, assertEquals, assertFalse, assertRejects } from "@std/assert";
import { LinkError } from "../../lib/links/hello.ts";
import { LineConnection } from "../../lib/links/line_connection.ts";
import { linkLineBytesMax } from "../../lib/limits.ts";
import { bytesOf, textOf } from "../../lib/protocol/ascii.ts";
import { LineBuffer } from "../../lib/protocol/line_buffer.ts";
import type { Connection } from "../../lib/transport/transport.ts";
import { feed } from "../feeding.ts";
import { MemoryNetwork, type MemoryNetworkOptions } from "../memory_network.ts";
import { seededRandom } from "../seeded_random.ts";

const address = { hostname: "127.0.0.1", port: 1 };

/** Both ends of a connection. */
async function ends(options?: MemoryNetworkOptions): Promise<[Connection, Connection]> {
  const transport = new MemoryNetwork(options).transport(address.hostname);
  const listener = transport.listen(address);
  const client = await transport.connect(address, new AbortController().signal);
  const server = await listener.accept();
  listener.close();
  return [client, server!];
}

const bytes = (text: string) => Uint8Array.from(bytesOf(text));

for (const random of [undefined, seededRandom(4)]) {
  Deno.test({
    name: `LineConnection.line() gives line after line${random ? ", in pieces of any size" : ""}`,
    permissions: "none",
    async fn() {
      const [client, server] = await ends(random ? { random } : {});
      const [link, peer] = [new LineConnection(server), new LineConnection(client)];
      const lines = ["HELLO", "", "x".repeat(8_000), "\xff\r", "BEAT"];
      await peer.write(bytes(lines.map((line) => `${line}\n`).join("")));
      for (const line of lines) assertEquals(textOf(await link.line()), line);
      peer.close();
      link.close();
    },
  });
}

Deno.test({
  name: "LineConnection.line() begins with what was read already",
  permissions: "none",
  async fn() {
    const [client, server] = await ends();
    const lines = new LineBuffer({ bytesMin: 16, bytesMax: 16 });
    feed(lines, bytes("one\ntwo\nthr"));
    const link = new LineConnection(server, lines);
    await client.write(bytes("ee\n"));
    for (const line of ["one", "two", "three"]) assertEquals(textOf(await link.line()), line);
    link.close();
    client.close();
  },
});

Deno.test({
  name: "LineConnection.more() drops an unfinished line at the end of file",
  permissions: "none",
  async fn() {
    const [client, server] = await ends();
    await client.write(bytes("whole\nhalf a li"));
    client.close();
    const link = new LineConnection(server);
    assert(await link.more());
    assertEquals(textOf(link.lines.take()!), "whole");
    assertFalse(await link.more());
    await assertRejects(() => link.line(), LinkError, "closed by the neighbour");
    link.close();
  },
});

Deno.test({
  name: "LineConnection.more() takes a line of linkLineBytesMax and refuses a longer one",
  permissions: "none",
  async fn() {
    const fed = async (length: number) => {
      const [client, server] = await ends({ bufferBytes: 4_096 });
      const link = new LineConnection(server);
      const writing = new LineConnection(client).write(bytes(`${"x".repeat(length)}\n`));
      try {
        return (await link.line()).length;
      } finally {
        link.close();
        await writing.catch(() => {});
        client.close();
      }
    };
    assertEquals(await fed(linkLineBytesMax), linkLineBytesMax);
    await assertRejects(() => fed(linkLineBytesMax + 4_096), LinkError, "endless");
  },
});

Deno.test({
  name: "LineConnection.onHeard is called whenever bytes come, a whole line or not",
  permissions: "none",
  async fn() {
    const [client, server] = await ends();
    const link = new LineConnection(server);
    let heard = 0;
    link.onHeard = () => heard++;
    const more = link.more();
    await client.write(bytes("ha"));
    await client.write(bytes("lf\n"));
    await more;
    assertEquals(heard, 2);
    link.lines.take();
    client.close();
    assertFalse(await link.more());
    assertEquals(heard, 2, "the end of file is no sign of life");
    link.close();
  },
});

Deno.test({
  name: "LineConnection.write() writes all of it where the connection takes a little at a time",
  permissions: "none",
  async fn() {
    const [client, server] = await ends({ bufferBytes: 7, random: seededRandom(5) });
    const [link, peer] = [new LineConnection(server), new LineConnection(client)];
    const line = "0123456789".repeat(500);
    const [, read] = await Promise.all([peer.write(bytes(`${line}\n`)), link.line()]);
    assertEquals(textOf(read), line);
    link.close();
    await assertRejects(() => link.line());
    await assertRejects(() => peer.write(bytes("nobody reads this\n")));
    peer.close();
  },
});

Deno.test({
  name: "LineConnection.close() tells who reads and who writes why, by the first reason given",
  permissions: "none",
  async fn() {
    const [client, server] = await ends({ bufferBytes: 4 });
    const link = new LineConnection(server);
    const read = assertRejects(() => link.line(), LinkError, "the first");
    const written = assertRejects(() => link.write(bytes("stuck in it")), LinkError, "the first");
    link.close(new LinkError("the first"));
    link.close(new LinkError("the second"));
    await Promise.all([read, written]);
    await assertRejects(() => link.more(), LinkError, "the first");
    client.close();
  },
});
