import { assert, assertEquals, assertRejects } from "@std/assert";
import { seededRandom } from "../seeded_random.ts";
import { contract } from "../transport/contract.ts";
import { Network } from "./network.ts";
import { Process } from "./process.ts";
import { VirtualTime } from "./virtual_time.ts";

function networkOf(pieces: number) {
  const time = new VirtualTime();
  const network = new Network({
    time,
    random: seededRandom(1),
    delayMsMax: 20,
    bufferBytes: 64 * 1024,
    pieces,
    onArrival() {},
  });
  return { time, network };
}

/** Lets time pass until something has come about. */
async function during<Result>(time: VirtualTime, result: Promise<Result>): Promise<Result> {
  let isSettled = false;
  result.finally(() => isSettled = true).catch(() => {});
  while (!isSettled) {
    await time.runUntil(time.nowMs + 100, () => !isSettled);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return await result;
}

for (const [demand, fn] of Object.entries(contract)) {
  for (const pieces of [0, 0.5]) {
    Deno.test({
      name: `Network${pieces > 0 ? " in pieces" : ""}: ${demand}`,
      permissions: "none",
      fn() {
        const { time, network } = networkOf(pieces);
        return during(time, fn(network.transport(new Process("127.0.0.1"))));
      },
    });
  }
}

const [here, there] = ["127.0.0.1", "127.0.0.2"];
const address = { hostname: there, port: 12_000 };

async function connected() {
  const { time, network } = networkOf(0);
  const [one, other] = [new Process(here), new Process(there)];
  const listener = network.transport(other).listen(address);
  const { signal } = new AbortController();
  const dial = network.transport(one).connect(address, signal);
  const [client, server] = await during(time, Promise.all([dial, listener.accept()]));
  return { time, network, one, other, client, server: server! };
}

Deno.test({
  name: "Network.cut() in one direction holds back that direction only, and keeps its order",
  permissions: "none",
  async fn() {
    const { time, network, client, server } = await connected();
    network.cut(here, there);
    await client.write(Uint8Array.of(1));
    await server.write(Uint8Array.of(7));
    const buffer = new Uint8Array(10);
    assertEquals([await during(time, client.read(buffer)), buffer[0]], [1, 7]);
    let got = 0;
    const read = server.read(buffer).then((count) => got = count!);
    await time.runUntil(time.nowMs + 2_000, () => true);
    assertEquals(got, 0);
    network.mend(here, there);
    await client.write(Uint8Array.of(2));
    const mendedMs = time.nowMs;
    await during(time, read);
    assertEquals(buffer[0], 1);
    assert(time.nowMs > mendedMs + 100, "what was lost came without being sent again");
    if (got === 1) await during(time, server.read(buffer.subarray(1)));
    assertEquals([...buffer.subarray(0, 2)], [1, 2]);
  },
});

Deno.test({
  name: "Network.kill() ends a program's connections, and it notices nothing any more",
  permissions: "none",
  async fn() {
    const { time, network, other, client, server } = await connected();
    let noticed = false;
    server.read(new Uint8Array(1)).finally(() => noticed = true);
    network.kill(other);
    assertEquals(await during(time, client.read(new Uint8Array(1))), null);
    const { signal } = new AbortController();
    const dial = network.transport(new Process(here)).connect(address, signal);
    await assertRejects(() => during(time, dial), Error, "refused");
    assert(!noticed);
  },
});

Deno.test({
  name: "Network.powerOff() tells nobody; with the power back, the old connections are refused",
  permissions: "none",
  async fn() {
    const { time, network, other, client } = await connected();
    network.powerOff(other);
    let outcome = "nothing";
    const read = client.read(new Uint8Array(1)).then(
      () => outcome = "end",
      () => outcome = "reset",
    );
    await client.write(Uint8Array.of(1));
    await time.runUntil(time.nowMs + 10_000, () => true);
    assertEquals(outcome, "nothing");
    network.powerOn(there);
    await during(time, read);
    assertEquals(outcome, "reset");
  },
});

Deno.test({
  name: "Process.stop() keeps everything from a program until resume()",
  permissions: "none",
  async fn() {
    const { time, one, client, server } = await connected();
    one.stop();
    let count: number | null = 0;
    client.read(new Uint8Array(1)).then((read) => count = read);
    await server.write(Uint8Array.of(1));
    await time.runUntil(time.nowMs + 1_000, () => true);
    assertEquals(count, 0);
    one.resume();
    await time.runUntil(time.nowMs, () => true);
    await new Promise((resolve) => setImmediate(resolve));
    assertEquals(count, 1);
  },
});
