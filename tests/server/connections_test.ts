import { assertEquals } from "@std/assert";
import { Connections, type Seat } from "../../lib/server/connections.ts";
import { Gauges } from "../../lib/server/gauges.ts";
import { MemoryClock } from "../memory_clock.ts";

/** Connections with names, and who of them was closed. */
class Room {
  readonly clock = new MemoryClock();
  readonly gauges = new Gauges();
  readonly connections: Connections;
  readonly closed: string[] = [];
  readonly seats = new Map<string, Seat>();

  constructor(connections: number) {
    const { clock, gauges } = this;
    const bounds = { connections, silentMs: 60_000, idleMs: 3_600_000 };
    this.connections = new Connections({ ...bounds, clock, gauges });
  }

  /** These connect, in this order, a second apart. */
  enter(...names: string[]): void {
    for (const name of names) {
      this.seats.set(name, this.connections.add({ close: () => void this.closed.push(name) }));
      this.pass(1);
    }
  }

  /** These say a command, in this order, a second apart. */
  speak(...names: string[]): void {
    for (const name of names) {
      this.connections.spoke(this.seats.get(name)!);
      this.pass(1);
    }
  }

  pass(seconds: number): void {
    for (let second = 0; second < seconds; second++) {
      this.clock.advance(1_000);
      this.connections.sweep();
    }
  }
}

Deno.test({
  name: "Connections.add() drops who was silent longest, then who was idle longest, never a link",
  permissions: "none",
  fn() {
    const room = new Room(6);
    room.enter("neighbour", "old", "older", "silent", "quiet", "late");
    room.connections.linked(room.seats.get("neighbour")!);
    room.speak("older", "old", "late", "older");
    room.enter("a", "b", "c", "d");
    assertEquals(room.closed, ["silent", "quiet", "a", "b"]);
    room.speak("c", "d");
    room.enter("e", "f");
    assertEquals(room.closed.slice(4), ["old", "e"]);
    room.speak("f");
    room.enter("g");
    assertEquals(room.closed.slice(6), ["late"]);
    assertEquals(room.connections.counts, { silent: 1, talking: 4, links: 1 });
    assertEquals([room.gauges.accepted, room.gauges.dropped.full], [13, 7]);
  },
});

Deno.test({
  name: "Connections take one in beyond the bound when all others are links",
  permissions: "none",
  fn() {
    const room = new Room(2);
    room.enter("one", "other");
    for (const seat of room.seats.values()) room.connections.linked(seat);
    room.enter("client");
    room.enter("next");
    assertEquals(room.closed, ["client"]);
    assertEquals(room.connections.counts, { silent: 1, talking: 0, links: 2 });
  },
});

Deno.test({
  name: "Connections.leave() gives a seat up once, whatever became of it before",
  permissions: "none",
  fn() {
    const room = new Room(3);
    room.enter("silent", "talking", "link");
    room.speak("talking");
    room.connections.linked(room.seats.get("link")!);
    for (const seat of room.seats.values()) {
      room.connections.leave(seat);
      room.connections.leave(seat);
      room.connections.spoke(seat);
      room.connections.linked(seat);
    }
    assertEquals(room.connections.counts, { silent: 0, talking: 0, links: 0 });
    assertEquals(room.closed, []);
  },
});

Deno.test({
  name: "Connections.sweep() drops nobody before its time, whoever spoke between two sweeps",
  permissions: "none",
  fn() {
    const room = new Room(10);
    room.enter("silent", "idle", "busy");
    room.speak("idle");
    room.pass(54);
    room.speak("busy");
    assertEquals(room.closed, []);
    room.pass(2);
    assertEquals(room.closed, ["silent"]);
    for (let minute = 0; minute < 60; minute++) {
      room.pass(59);
      room.speak("busy");
    }
    assertEquals(room.closed, ["silent", "idle"]);
    assertEquals(room.gauges.dropped, {
      full: 0,
      silent: 1,
      idle: 1,
      unread: 0,
      endless: 0,
      HTTP: 0,
      denied: 0,
    });
  },
});
