import { assert, assertEquals } from "@std/assert";
import {
  type ExitStatus,
  type ServerProcess,
  Supervisor,
} from "../../../lib/cli/supervise/supervisor.ts";
import { goodRunMs, killMs, restartMsMax, restartMsMin } from "../../../lib/limits.ts";
import type { Random } from "../../../lib/transport/transport.ts";
import { MemoryClock, settled } from "../../memory_clock.ts";

/** A process that ends when it is told, and notes the signals. */
class FakeProcess implements ServerProcess {
  readonly signals: string[] = [];
  readonly #ending = Promise.withResolvers<ExitStatus>();
  readonly status = this.#ending.promise;

  kill(signal: string): void {
    this.signals.push(signal);
  }

  async exit(code: number, signal: string | null = null): Promise<void> {
    this.#ending.resolve({ code, signal });
    await settled();
  }
}

/** Chance that is always the same. */
function always(fraction: number): Random {
  return { fraction: () => fraction, bytes: (count) => new Uint8Array(count) };
}

/** A supervisor of fake processes. */
function herdOf(names: string[], fraction = 1) {
  const clock = new MemoryClock();
  const starts: [string, FakeProcess][] = [];
  const said: string[] = [];
  const supervisor = new Supervisor({
    names,
    start(name) {
      const process = new FakeProcess();
      starts.push([name, process]);
      return process;
    },
    say: (name, message) => said.push(`${name}: ${message}`),
    clock,
    random: always(fraction),
  });
  const last = (name: string) => {
    const process = starts.findLast(([started]) => started === name)?.[1];
    assert(process);
    return process;
  };
  return { supervisor, clock, starts, said, last };
}

function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, permissions: "none", fn });
}

test("Supervisor has every server that runs read its configuration again", async () => {
  const { supervisor, clock, starts, last } = herdOf(["A", "B"]);
  const ended = supervisor.run();
  await last("A").exit(1);
  supervisor.reload();
  assertEquals([last("A").signals, last("B").signals], [[], ["SIGHUP"]]);
  await clock.run(restartMsMin);
  assertEquals(starts.length, 3);
  supervisor.reload();
  assertEquals([last("A").signals, last("B").signals], [["SIGHUP"], ["SIGHUP", "SIGHUP"]]);
  supervisor.stop();
  await last("A").exit(0);
  await last("B").exit(0);
  await ended;
});

test("Supervisor starts every server, and a server that dies again", async () => {
  const { supervisor, clock, starts, said, last } = herdOf(["A", "B"]);
  const ended = supervisor.run();
  assertEquals(starts.map(([name]) => name), ["A", "B"]);
  await last("A").exit(137, "SIGKILL");
  assertEquals(said, ["A: was killed by SIGKILL; starts again in 0.2 s"]);
  await clock.run(restartMsMin - 1);
  assertEquals(starts.length, 2);
  await clock.run(1);
  assertEquals(starts.map(([name]) => name), ["A", "B", "A"]);
  supervisor.stop();
  for (const [, process] of starts) await process.exit(0);
  assertEquals(await ended, 0);
  assertEquals(clock.timers, 0);
});

test("Supervisor waits twice as long after every short run, up to 5 s", async () => {
  const { supervisor, clock, said, last } = herdOf(["A", "B"]);
  const ended = supervisor.run();
  for (let run = 0; run < 8; run++) {
    await last("A").exit(1);
    await clock.run(restartMsMax);
  }
  assertEquals(said.map((line) => line.match(/[\d.]+ s$/)?.[0]), [
    ...["0.2 s", "0.4 s", "0.8 s", "1.6 s", "3.2 s", "5.0 s", "5.0 s", "5.0 s"],
  ]);
  assert(said[0]?.startsWith("A: ended with status 1; "));
  await clock.run(goodRunMs);
  await last("A").exit(1);
  assertEquals(said.at(-1), "A: ended with status 1; starts again in 0.2 s");
  supervisor.stop();
  await last("B").exit(0);
  assertEquals(await ended, 0);
});

test("Supervisor leaves at most half of a wait to chance", async () => {
  const { supervisor, said, last } = herdOf(["A", "B"], 0);
  const ended = supervisor.run();
  await last("A").exit(1);
  assertEquals(said, ["A: ended with status 1; starts again in 0.1 s"]);
  supervisor.stop();
  await last("B").exit(0);
  assertEquals(await ended, 0);
});

test("Supervisor does not start a server again whose configuration is wrong", async () => {
  const { supervisor, clock, starts, said, last } = herdOf(["A", "B"]);
  const ended = supervisor.run();
  await last("A").exit(2);
  await clock.run(60_000);
  assertEquals(starts.length, 2);
  assertEquals(said, ["A: cannot run as it is configured: not started again"]);
  supervisor.stop();
  await last("B").exit(0);
  assertEquals(await ended, 0);
});

test("Supervisor returns 2 when no server can run as it is configured", async () => {
  const { supervisor, last } = herdOf(["A", "B"]);
  const ended = supervisor.run();
  await last("A").exit(2);
  await last("B").exit(2);
  assertEquals(await ended, 2);
});

test("Supervisor returns 1 when the first run of every server failed", async () => {
  const { supervisor, clock, starts, last } = herdOf(["A", "B", "C"]);
  const ended = supervisor.run();
  await last("A").exit(1);
  await clock.run(restartMsMin);
  assertEquals(starts.length, 4);
  await last("B").exit(2);
  await last("C").exit(1);
  assertEquals(last("A").signals, ["SIGTERM"]);
  await last("A").exit(0);
  assertEquals(await ended, 1);
  assertEquals(clock.timers, 0);
});

test("Supervisor takes servers that were killed for servers that came up", async () => {
  const { supervisor, clock, starts, last } = herdOf(["A"]);
  const ended = supervisor.run();
  await last("A").exit(137, "SIGKILL");
  await clock.run(restartMsMin);
  assertEquals(starts.length, 2);
  supervisor.stop();
  await last("A").exit(0);
  assertEquals(await ended, 0);
});

test("Supervisor tries again when a process cannot be started", async () => {
  const clock = new MemoryClock();
  const said: string[] = [];
  let calls = 0;
  const running = new FakeProcess();
  const supervisor = new Supervisor({
    names: ["A", "B"],
    start(name) {
      if (name === "A" && ++calls === 1) throw new Error("no memory");
      return running;
    },
    say: (name, message) => said.push(`${name}: ${message}`),
    clock,
    random: always(1),
  });
  const ended = supervisor.run();
  await settled();
  assertEquals(said[0], "A: cannot be started: no memory");
  await clock.run(restartMsMin);
  assertEquals(calls, 2);
  supervisor.stop();
  await running.exit(0);
  assertEquals(await ended, 0);
});

test("stop() asks every server to end, and kills what has not ended in 3 s", async () => {
  const { supervisor, clock, last } = herdOf(["A", "B"]);
  const ended = supervisor.run();
  supervisor.stop();
  supervisor.stop();
  await last("A").exit(0);
  await clock.run(killMs - 1);
  assertEquals(last("B").signals, ["SIGTERM"]);
  await clock.run(1);
  assertEquals([last("A").signals, last("B").signals], [["SIGTERM"], ["SIGTERM", "SIGKILL"]]);
  await last("B").exit(137, "SIGKILL");
  assertEquals(await ended, 0);
});

test("stop() ends the wait of a server that would start again", async () => {
  const { supervisor, clock, starts, last } = herdOf(["A", "B"]);
  const ended = supervisor.run();
  await last("A").exit(1);
  supervisor.stop();
  await last("B").exit(0);
  assertEquals(await ended, 0);
  assertEquals([starts.length, clock.timers], [2, 0]);
});

test("Supervisor leaves a server alone that runs already, and starts one again that ran", async () => {
  const { supervisor, clock, starts, said, last } = herdOf(["A", "B", "C"]);
  const ended = supervisor.run();
  await last("A").exit(3);
  assertEquals(said, [
    "A: is left alone: it runs already, or another program listens at its address",
  ]);
  await last("B").exit(1);
  await clock.run(restartMsMax);
  assertEquals(starts.map(([name]) => name), ["A", "B", "C", "B"]);
  // What took the address in between may be gone soon.
  await last("B").exit(3);
  await clock.run(restartMsMax);
  assertEquals(starts.map(([name]) => name), ["A", "B", "C", "B", "B"]);
  supervisor.stop();
  await last("B").exit(0);
  await last("C").exit(0);
  assertEquals(await ended, 0);
});

test("Supervisor returns 1 when every server runs already", async () => {
  const { supervisor, last } = herdOf(["A", "B"]);
  const ended = supervisor.run();
  await last("A").exit(3);
  await last("B").exit(3);
  assertEquals(await ended, 1);
});
