import { assertEquals, assertRejects } from "@std/assert";
import { LinkError } from "../../lib/links/hello.ts";
import { LineConnection } from "../../lib/links/line_connection.ts";
import { LiveLink } from "../../lib/links/live_link.ts";
import { heartbeatMs, linkGatherMs, silenceMs } from "../../lib/limits.ts";
import { bytesOf, textOf } from "../../lib/protocol/ascii.ts";
import type { Connection } from "../../lib/transport/transport.ts";
import { MemoryClock } from "../memory_clock.ts";
import { MemoryNetwork } from "../memory_network.ts";

/** A live link, and the other end of its connection. */
class World {
  readonly clock = new MemoryClock();
  readonly link: LineConnection;
  readonly live: LiveLink;
  readonly peer: Connection;

  private constructor(own: Connection, peer: Connection) {
    this.peer = peer;
    this.link = new LineConnection(own);
    this.live = new LiveLink(this.link, { clock: this.clock });
  }

  static async make(): Promise<World> {
    const network = new MemoryNetwork();
    const address = { hostname: "127.0.0.1", port: 1 };
    const listener = network.transport("127.0.0.1").listen(address);
    const dialled = network.transport("127.0.0.2").connect(address, new AbortController().signal);
    const [own, peer] = await Promise.all([dialled, listener.accept()]);
    return new World(own, peer!);
  }

  async hear(): Promise<string | null> {
    const into = new Uint8Array(1024);
    const count = await this.peer.read(into);
    return count === null ? null : textOf(into.subarray(0, count));
  }
}

Deno.test({
  name: "LiveLink says something at least every heartbeatMs",
  permissions: "none",
  async fn() {
    const world = await World.make();
    using live = world.live;
    for (let beat = 0; beat < 3; beat++) {
      world.link.onHeard();
      await world.clock.run(heartbeatMs);
      assertEquals(await world.hear(), "BEAT\n");
    }
    live.writer.say(Uint8Array.from(bytesOf("a line\n")));
    await world.clock.run(linkGatherMs);
    assertEquals(await world.hear(), "a line\n");
  },
});

Deno.test({
  name: "LiveLink cuts a neighbour that is silent: that is what reading throws",
  permissions: "none",
  async fn() {
    const world = await World.make();
    using _live = world.live;
    const cut = assertRejects(() => world.link.line(), LinkError, "silent");
    await world.clock.run(silenceMs + 2 * heartbeatMs);
    await cut;
  },
});

Deno.test({
  name: "LiveLink is kept by a neighbour that says anything, half a line or nothing but heartbeats",
  permissions: "none",
  async fn() {
    const world = await World.make();
    using _live = world.live;
    let ending: unknown = null;
    const lines: string[] = [];
    (async () => {
      for (;;) lines.push(textOf(await world.link.line()));
    })().catch((error) => ending = error);
    for (const said of ["BE", "AT\n", "BEAT\n", "B", "EAT\n"]) {
      await world.peer.write(Uint8Array.from(bytesOf(said)));
      await world.clock.run(silenceMs - heartbeatMs);
    }
    assertEquals([lines, ending], [["BEAT", "BEAT", "BEAT"], null]);
  },
});

Deno.test({
  name: "LiveLink leaves nothing behind when it is disposed of",
  permissions: "none",
  async fn() {
    const world = await World.make();
    let worked = 0;
    {
      using live = world.live;
      live.slices.add((function* () {
        for (;;) {
          worked++;
          yield;
          if (worked > 10) return;
        }
      })());
    }
    await world.clock.run(10 * heartbeatMs);
    assertEquals([world.clock.timers, worked], [0, 0]);
    assertEquals(await world.hear(), null);
  },
});
