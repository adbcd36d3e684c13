import { assertEquals } from "@std/assert";
import { Heartbeat } from "../../lib/links/heartbeat.ts";
import { heartbeatMs, silenceMs } from "../../lib/limits.ts";
import { MemoryClock } from "../memory_clock.ts";

/** A link that counts. */
class CountingLink {
  beats = 0;
  silences = 0;
  readonly clock = new MemoryClock();
  readonly heartbeat = new Heartbeat(this, this.clock);
  onBeat = () => {};

  beat(): void {
    this.beats++;
    this.onBeat();
  }

  silent(): void {
    this.silences++;
  }
}

Deno.test({
  name: "Heartbeat beats once every heartbeatMs",
  permissions: "none",
  fn() {
    const link = new CountingLink();
    link.clock.advance(heartbeatMs - 1);
    assertEquals(link.beats, 0);
    link.clock.advance(1);
    assertEquals(link.beats, 1);
    for (let beat = 2; beat < 100; beat++) {
      link.heartbeat.heard();
      link.clock.advance(heartbeatMs);
      assertEquals([link.beats, link.silences], [beat, 0]);
    }
  },
});

Deno.test({
  name: "Heartbeat says once that a link is silent, within a beat of silenceMs, and then no more",
  permissions: "none",
  fn() {
    const link = new CountingLink();
    link.clock.advance(heartbeatMs / 2);
    link.heartbeat.heard();
    link.clock.advance(silenceMs);
    assertEquals(link.silences, 0);
    link.clock.advance(heartbeatMs);
    assertEquals(link.silences, 1);
    const { beats } = link;
    link.clock.advance(100 * silenceMs);
    assertEquals([link.silences, link.beats, link.clock.timers], [1, beats, 0]);
  },
});

Deno.test({
  name: "Heartbeat hears a link that speaks just in time",
  permissions: "none",
  fn() {
    const link = new CountingLink();
    for (let time = 0; time < 50; time++) {
      link.clock.advance(silenceMs);
      link.heartbeat.heard();
    }
    assertEquals(link.silences, 0);
  },
});

Deno.test({
  name: "Heartbeat of a process that was stopped gives the link the time to be heard",
  permissions: "none",
  fn() {
    // A clock that goes on while nothing is called, as when a process is stopped.
    let stoppedMs = 0;
    const clock = new MemoryClock();
    const link = { silences: 0, beat() {}, silent: () => link.silences++ };
    const heartbeat = new Heartbeat(link, {
      now: (instant) => clock.now(instant),
      steadyMs: () => clock.steadyMs() + stoppedMs,
      after: (ms, callback) => clock.after(ms, callback),
      soon: (callback) => clock.soon(callback),
    });
    clock.advance(2 * heartbeatMs);
    heartbeat.heard();
    stoppedMs = 60_000;
    clock.advance(heartbeatMs);
    assertEquals(link.silences, 0, "what came meanwhile has not been read yet");
    clock.advance(silenceMs - heartbeatMs);
    assertEquals(link.silences, 0);
    clock.advance(2 * heartbeatMs);
    assertEquals(link.silences, 1, "nothing came after all");
  },
});

Deno.test({
  name: "Heartbeat.stop() ends the watch, within a beat too",
  permissions: "none",
  fn() {
    const link = new CountingLink();
    link.heartbeat.stop();
    link.clock.advance(100 * silenceMs);
    assertEquals([link.beats, link.silences, link.clock.timers], [0, 0, 0]);
    const other = new CountingLink();
    other.onBeat = () => other.heartbeat.stop();
    other.clock.advance(100 * silenceMs);
    assertEquals([other.beats, other.silences, other.clock.timers], [1, 0, 0]);
  },
});
