import { assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { bytesOf } from "../lib/protocol/ascii.ts";
import type { Connection } from "../lib/transport/transport.ts";
import { MemoryClock } from "./memory_clock.ts";
import { MemoryNetwork } from "./memory_network.ts";
import { seededRandom } from "./seeded_random.ts";
import { contract } from "./transport/contract.ts";

for (const [demand, fn] of Object.entries(contract)) {
  Deno.test({
    name: `MemoryNetwork: ${demand}`,
    permissions: "none",
    fn: () => fn(new MemoryNetwork().transport("127.0.0.1")),
  });
  Deno.test({
    name: `MemoryNetwork in pieces: ${demand}`,
    permissions: "none",
    fn: () => fn(new MemoryNetwork({ random: seededRandom(1) }).transport("127.0.0.1")),
  });
}

const [here, there] = ["127.0.0.1", "127.0.0.2"];
const port = 1;

async function connected(network: MemoryNetwork): Promise<[Connection, Connection]> {
  const listener = network.transport(there).listen({ hostname: there, port });
  const accepting = listener.accept();
  const { signal } = new AbortController();
  const client = await network.transport(here).connect({ hostname: there, port }, signal);
  const server = await accepting;
  listener.close();
  return [client, server!];
}

const text = (value: string) => Uint8Array.from(bytesOf(value));

Deno.test({
  name: "MemoryNetwork.cut() holds back what is sent, and mend() lets it through",
  permissions: "none",
  async fn() {
    const network = new MemoryNetwork({ bufferBytes: 4 });
    const clock = new MemoryClock();
    const [client, server] = await connected(network);
    network.cut(there, here);
    const buffer = new Uint8Array(10);
    const read = server.read(buffer);
    assertEquals(await client.write(text("abcdef")), 4);
    let more: number | null = null;
    client.write(text("ef")).then((count) => more = count);
    await clock.settle();
    assertEquals(more, null);
    network.mend(here, there);
    assertEquals([await read, buffer[0]], [4, 0x61]);
    assertEquals(await server.read(buffer), 2);
    assertEquals(more, 2);
  },
});

Deno.test({
  name: "MemoryNetwork.cut() leaves a dial without an answer until mend() or its signal",
  permissions: "none",
  async fn() {
    const network = new MemoryNetwork();
    const listener = network.transport(there).listen({ hostname: there, port });
    network.cut(here, there);
    const abort = new AbortController();
    const dial = () => network.transport(here).connect({ hostname: there, port }, abort.signal);
    const first = dial();
    network.mend(here, there);
    await first;
    network.cut(here, there);
    const failed = assertRejects(dial, Error, "given up");
    abort.abort(new Error("given up"));
    await failed;
    listener.close();
  },
});

Deno.test({
  name: "MemoryNetwork.reset() breaks connections on both ends",
  permissions: "none",
  async fn() {
    const network = new MemoryNetwork();
    const [client, server] = await connected(network);
    await client.write(text("lost"));
    network.reset(here, there);
    await assertRejects(() => server.read(new Uint8Array(10)), Error, "reset");
    await assertRejects(() => client.read(new Uint8Array(10)), Error, "reset");
    await assertRejects(() => client.write(text("more")));
    assertEquals(network.connections, 1);
    client.close();
    server.close();
    assertEquals(network.connections, 0);
  },
});

Deno.test({
  name: "MemoryNetwork resets where an end closes that has not read everything",
  permissions: "none",
  async fn() {
    const [client, server] = await connected(new MemoryNetwork());
    await server.write(text("never read"));
    await client.write(text("unread"));
    server.close();
    await assertRejects(() => client.read(new Uint8Array(20)), Error, "reset");
  },
});

Deno.test({
  name: "MemoryClock fires timers in the order of their times, those set meanwhile too",
  permissions: "none",
  fn() {
    const clock = new MemoryClock(1_000);
    const called: string[] = [];
    const note = (name: string) => () => called.push(`${name} ${clock.steadyMs()}`);
    clock.after(20, note("b"));
    clock.after(10, note("a"));
    clock.after(20, note("c"));
    clock.after(15, () => clock.after(5, note("d")));
    clock.after(12, note("never")).cancel();
    clock.after(30, note("late"));
    clock.soon(note("soon"));
    clock.advance(25);
    assertEquals(called, ["soon 0", "a 10", "b 20", "c 20", "d 20"]);
    assertEquals([clock.timers, clock.steadyMs()], [1, 25]);
    const instant = { seconds: 0, nanoseconds: 0 };
    clock.now(instant);
    assertEquals(instant, { seconds: 1, nanoseconds: 25_000_000 });
  },
});

Deno.test({
  name: "MemoryClock.run() lets promises go on before each timer",
  permissions: "none",
  async fn() {
    const clock = new MemoryClock();
    const called: string[] = [];
    clock.after(1, async () => {
      for (let turn = 0; turn < 100; turn++) await Promise.resolve();
      clock.soon(() => called.push("first"));
    });
    clock.after(1, () => called.push("second"));
    await clock.run(1);
    assertEquals(called, ["first", "second"]);
  },
});

Deno.test({
  name: "seededRandom() is the same for the same seed and fills its range",
  permissions: "none",
  fn() {
    const [one, same, other] = [seededRandom(1), seededRandom(1), seededRandom(2)];
    const first = one.bytes(20);
    assertEquals(same.bytes(20), first);
    assertNotEquals(other.bytes(20), first);
    const tenths = new Array(10).fill(0);
    for (let at = 0; at < 10_000; at++) tenths[Math.floor(one.fraction() * 10)]++;
    assertEquals(tenths.filter((count) => count > 850 && count < 1150).length, 10);
  },
});
