import { assert, assertEquals, assertLess } from "@std/assert";
import { linesAtOnceMax, turnLinesMax, turnsMs } from "../../lib/limits.ts";
import { Turns } from "../../lib/pacing/turns.ts";
import type { Timer } from "../../lib/transport/transport.ts";
import { MemoryClock } from "../memory_clock.ts";
import { MemoryServer } from "../server/memory_server.ts";

/** A clock on which every look at it takes a millisecond, and turns of the event loop are counted. */
class TurnClock extends MemoryClock {
  turns = 0;
  #looks = 0;
  #next: (() => void)[] = [];

  override steadyMs(): number {
    return super.steadyMs() + this.#looks++;
  }

  override soon(callback: () => void): void {
    this.#next.push(callback);
  }

  override after(ms: number, callback: () => void): Timer {
    if (ms > 0) return super.after(ms, callback);
    this.soon(callback);
    return { cancel: () => {} };
  }

  /** One turn: what was put off, and then all that it makes possible. */
  async turn(): Promise<void> {
    this.turns++;
    for (const callback of this.#next.splice(0)) callback();
    await new Promise((resolve) => setImmediate(resolve));
  }
}

Deno.test({
  name: "turnsMs: Turns are given in their order, so many milliseconds at once",
  permissions: "none",
  async fn() {
    const clock = new TurnClock();
    const turns = new Turns(clock);
    const order: number[] = [];
    const work = async (who: number) => {
      for (let times = 0; times < 2; times++) {
        await turns.next();
        order.push(who);
      }
    };
    const all = Array.from({ length: 6 }, (_, who) => work(who));
    assertEquals(order, []);
    await clock.turn();
    assertEquals(order, Array.from({ length: turnsMs }, (_, who) => who));
    while (order.length < 12) await clock.turn();
    await Promise.all(all);
    assertEquals(order, [0, 1, 2, 3, 4, 5, 0, 1, 2, 3, 4, 5]);
    const before = clock.turns;
    const again = turns.next();
    await clock.turn();
    await again;
    assertEquals(clock.turns, before + 1);
  },
});

Deno.test({
  name: "linesAtOnceMax, turnLinesMax: who floods takes turns, who says little is answered at once",
  permissions: "none",
  async fn() {
    const clock = new TurnClock();
    const server = await MemoryServer.start({ clock });
    const flooding = await server.client();
    flooding.send("flood\n".repeat(5_000));
    await clock.turn();
    // What was in its first buffer, which is small.
    const { length: first } = flooding.lines;
    assertLess(first, linesAtOnceMax);
    const others = await Promise.all(Array.from({ length: 20 }, () => server.client()));
    for (const other of others) other.send("a line\n".repeat(linesAtOnceMax));
    // What has come is read before the next turn is given.
    await new Promise((resolve) => setImmediate(resolve));
    for (const other of others) assertEquals(other.lines.length, linesAtOnceMax);
    assertEquals(flooding.lines.length, first);
    const begun = clock.turns;
    while (flooding.lines.length < 5_000) await clock.turn();
    assert(clock.turns - begun >= (5_000 - linesAtOnceMax) / turnLinesMax - 1);
    assertLess(clock.turns - begun, 10);
    assertEquals(new Set(flooding.lines), new Set(["? flood"]));
  },
});

Deno.test({
  name: "A session that waits for its turn ends when the server stops, or its client goes",
  permissions: "none",
  async fn() {
    for (const end of ["stop", "go"]) {
      const clock = new TurnClock();
      const server = await MemoryServer.start({ clock });
      const client = await server.client();
      client.send("flood\n".repeat(5_000));
      await new Promise((resolve) => setImmediate(resolve));
      if (end === "go") client.connection.close();
      else server.server.stop();
      for (let turn = 0; turn < 20; turn++) await clock.turn();
      assertEquals(server.network.connections, 0, end);
      if (end === "stop") {
        assertEquals(client.ending, "end of file");
        assertLess(client.lines.length, 2 * linesAtOnceMax);
      }
    }
  },
});
