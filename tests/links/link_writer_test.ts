import type { Block } from "../../lib/block.ts";
import { assert, assertEquals } from "@std/assert";
import { LineConnection } from "../../lib/links/line_connection.ts";
import { LinkWriter, type RecordSource } from "../../lib/links/link_writer.ts";
import { lineOf } from "../../lib/links/hello.ts";
import {
  linkGatherMs,
  linkLineBytesMax,
  linkWriteBytesMax,
  linkWriteBytesMin,
} from "../../lib/limits.ts";
import { bytesOf, textOf } from "../../lib/protocol/ascii.ts";
import { MemoryClock } from "../memory_clock.ts";
import { MemoryNetwork } from "../memory_network.ts";

/** Lines that wait, as a link's outbox gives them. */
class WaitingLines implements RecordSource {
  readonly lines: string[] = [];

  nextBytes(): number {
    return this.lines.length === 0 ? 0 : this.lines[0]!.length + 1;
  }

  fill(buffer: Block, at: number): number {
    while (this.lines.length > 0 && at + this.nextBytes() <= buffer.size) {
      const line = bytesOf(`${this.lines.shift()}\n`);
      buffer.bytes.set(line, at);
      at += line.length;
    }
    return at;
  }
}

/** A writer, and the other end of its link. */
class Desk {
  readonly clock = new MemoryClock();
  readonly records = new WaitingLines();
  readonly writes: number[] = [];
  readonly broken: unknown[] = [];
  readonly link: LineConnection;
  readonly peer: LineConnection;
  readonly writer: LinkWriter;

  constructor(link: LineConnection, peer: LineConnection) {
    this.link = link;
    this.peer = peer;
    const { write } = link;
    link.write = (bytes) => {
      this.writes.push(bytes.length);
      return write.call(link, bytes);
    };
    this.writer = new LinkWriter(link, {
      clock: this.clock,
      records: this.records,
      onBroken: (error) => this.broken.push(error),
    });
  }

  static async make(bufferBytes = 1024 * 1024): Promise<Desk> {
    const address = { hostname: "127.0.0.1", port: 1 };
    const transport = new MemoryNetwork({ bufferBytes }).transport(address.hostname);
    const listener = transport.listen(address);
    const client = await transport.connect(address, new AbortController().signal);
    const server = (await listener.accept())!;
    return new Desk(new LineConnection(client), new LineConnection(server));
  }

  /** Says and marks lines, `SAID` being said. */
  send(...lines: string[]): void {
    for (const line of lines) {
      if (line === "SAID") this.writer.say(lineOf(line));
      else {
        this.records.lines.push(line);
        this.writer.wake();
      }
    }
  }

  async received(count: number): Promise<string[]> {
    const lines: string[] = [];
    while (lines.length < count) lines.push(textOf(await this.peer.line()));
    return lines;
  }

  /** Receives lines while time passes: a link gathers between one write and the next. */
  async receivedSlowly(count: number): Promise<string[]> {
    const received = this.received(count);
    await this.clock.run(count * linkGatherMs);
    return await received;
  }
}

function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, permissions: "none", fn });
}

test("LinkWriter puts all of a turn into one write, what is said first", async () => {
  const desk = await Desk.make();
  desk.send("one", "two", "SAID", "three");
  assertEquals(desk.writes, []);
  await desk.clock.settle();
  assertEquals(await desk.received(4), ["SAID", "one", "two", "three"]);
  assertEquals(desk.writes, [19]);
});

test("LinkWriter has one write in flight, and what came meanwhile goes in the next", async () => {
  const desk = await Desk.make(10);
  desk.send("a".repeat(30));
  await desk.clock.settle();
  desk.send("b", "SAID", "c", "SAID");
  await desk.clock.settle();
  assertEquals(desk.writes, [31]);
  const lines = await desk.receivedSlowly(5);
  assertEquals(lines, ["a".repeat(30), "SAID", "SAID", "b", "c"]);
  await desk.clock.settle();
  assertEquals(desk.writes, [31, 14]);
});

test("LinkWriter writes at most linkWriteBytesMax at once, whole lines", async () => {
  const desk = await Desk.make();
  const lines = Array.from({ length: 3_000 }, (_, at) => `${at} ${"x".repeat(at % 150)}`);
  desk.send(...lines);
  const received = await desk.receivedSlowly(lines.length);
  assertEquals(received, lines);
  assert(desk.writes.length > 1 && Math.max(...desk.writes) <= linkWriteBytesMax);
});

test("LinkWriter writes more than its buffer holds when so much is said, then what waits", async () => {
  const desk = await Desk.make();
  const long = "x".repeat(linkLineBytesMax);
  const said = Array(2 * linkWriteBytesMin / linkLineBytesMax).fill(long);
  for (const line of said) desk.writer.say(lineOf(line));
  const lines = ["short", long, "short again", long];
  desk.send(...lines);
  const received = await desk.receivedSlowly(said.length + 4);
  assertEquals(received, [...said, ...lines]);
  assert(desk.writes[0]! > linkWriteBytesMin);
});

test("LinkWriter writes nothing when woken for nothing", async () => {
  const desk = await Desk.make();
  desk.writer.wake();
  await desk.clock.settle();
  assertEquals(desk.writes, []);
  desk.send("one");
  await desk.clock.settle();
  assertEquals(await desk.received(1), ["one"]);
});

test("LinkWriter gathers for linkGatherMs after a write, and writes at once when it was idle", async () => {
  const desk = await Desk.make();
  desk.send("one");
  await desk.clock.settle();
  assertEquals(desk.writes, [4], "idle");
  desk.send("two");
  await desk.clock.run(linkGatherMs / 2);
  desk.send("three");
  assertEquals(desk.writes, [4]);
  await desk.clock.run(linkGatherMs / 2);
  assertEquals(desk.writes, [4, 10], "together");
  await desk.clock.run(linkGatherMs);
  desk.send("four");
  await desk.clock.settle();
  assertEquals(desk.writes, [4, 10, 5], "idle again");
});

test("LinkWriter writes at most once in linkGatherMs, whatever comes", async () => {
  const desk = await Desk.make();
  for (let step = 0; step < 1_000; step++) {
    desk.send("x", "SAID");
    await desk.clock.run(linkGatherMs / 10);
  }
  assert(desk.writes.length <= 101, `${desk.writes.length} writes`);
  assert(desk.writes.length >= 50, `${desk.writes.length} writes`);
});

test("LinkWriter.stop() leaves what waits to whoever writes next", async () => {
  for (const before of ["idle", "gathering", "writing"]) {
    const desk = await Desk.make(10);
    if (before !== "idle") desk.send(before === "writing" ? "a".repeat(30) : "a");
    if (before !== "idle") await desk.clock.settle();
    const writes = desk.writes.length;
    desk.send("b", "SAID");
    desk.writer.stop();
    if (before === "writing") await desk.received(1);
    desk.send("c", "SAID");
    await desk.clock.run(10 * linkGatherMs);
    assertEquals([desk.writes.length, desk.records.lines], [writes, ["b", "c"]], before);
    assertEquals(desk.clock.timers, 0);
  }
});

test("LinkWriter tells of a broken connection once and writes no more", async () => {
  const desk = await Desk.make(10);
  desk.send("a".repeat(100));
  await desk.clock.settle();
  desk.peer.close();
  await desk.clock.settle();
  assertEquals(desk.broken.length, 1);
  desk.send("b", "SAID");
  await desk.clock.settle();
  assertEquals([desk.broken.length, desk.writes.length], [1, 1]);
});

test("LinkWriter.beat() says something only where nothing else is on its way, and logs nothing", async () => {
  const desk = await Desk.make(10);
  const logged: string[] = [];
  desk.link.onLineOut = (line) => logged.push(textOf(line));
  desk.writer.beat();
  desk.writer.beat();
  await desk.clock.settle();
  assertEquals(await desk.received(1), ["BEAT"]);
  await desk.clock.run(linkGatherMs);
  desk.send("a".repeat(30));
  desk.writer.beat();
  await desk.clock.settle();
  desk.writer.beat();
  desk.send("SAID");
  assertEquals(await desk.receivedSlowly(2), ["a".repeat(30), "SAID"]);
  await desk.clock.run(linkGatherMs);
  desk.writer.beat();
  await desk.clock.settle();
  assertEquals(await desk.received(1), ["BEAT"]);
  assertEquals(logged, ["SAID\n"]);
});
