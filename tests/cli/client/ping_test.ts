import { assertEquals } from "@std/assert";
import { probe } from "../../../lib/cli/client/ping.ts";
import { pingTimeoutMs } from "../../../lib/limits.ts";
import { MemoryClock } from "../../memory_clock.ts";
import { type Behaviour, MemoryServers } from "../memory_servers.ts";

/** Asks a server that behaves like this; time passes when a while is given. */
async function pinged(behaviour: Behaviour | undefined, { ms = 0 } = {}) {
  const clock = new MemoryClock();
  const transport = new MemoryServers({ Clark: behaviour });
  const trouble = probe(transport.servers[0]!, { transport, clock });
  await clock.run(ms);
  const result = await trouble;
  assertEquals(clock.timers, 0, "no timer is left");
  return result;
}

const silent = "takes connections, but does not answer";

Deno.test({
  name: "probe() finds none where the line comes back, in pieces or whole",
  permissions: "none",
  async fn() {
    const echo: Behaviour = async (peer) => peer.say(`? ${await peer.readLine()}`);
    assertEquals(await pinged(echo), null);
    const pieces: Behaviour = async (peer) => {
      for (const byte of `? ${await peer.readLine()}`) peer.say(byte);
    };
    assertEquals(await pinged(pieces), null);
  },
});

Deno.test({
  name: "probe() tells a server that takes no connection",
  permissions: "none",
  async fn() {
    assertEquals(await pinged(undefined), "takes no connection");
  },
});

Deno.test({
  name: "probe() tells a server that says nothing, something else, or good-bye",
  permissions: "none",
  async fn() {
    assertEquals(await pinged(() => {}, { ms: pingTimeoutMs }), silent);
    assertEquals(await pinged((peer) => peer.say("220 smtp ready\r\n")), silent);
    assertEquals(await pinged((peer) => peer.close()), silent);
    assertEquals(await pinged((peer) => peer.reset()), silent);
  },
});
