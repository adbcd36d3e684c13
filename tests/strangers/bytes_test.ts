// Issue "The edge", 1: every byte has a bounded cost. Each attack froze a server of the first version for
// 0.4 to 7 s and cut its links. Two real servers with a secret; the stranger has none.

import { assert, assertEquals } from "@std/assert";
import { delay } from "@std/async/delay";
import { bytesOf } from "../../lib/protocol/ascii.ts";
import { chapter } from "../process/chapter.ts";
import { Client } from "../process/client.ts";
import { RunningHerd } from "../process/running_herd.ts";

/** What a client waits for an answer at the most, in milliseconds. */
const waitMsMax = 300;

/** How long each attack goes on, in milliseconds. */
const attackMs = 3_000;

/** How often the probing client asks, in milliseconds. */
const probeMs = 20;

const location = "+34.068930-118.445127";

const says = chapter("A stranger sends bytes that cost much", () =>
  RunningHerd.start({
    servers: ["Clark", "Bona"],
    links: [["Clark", "Bona"]],
    env: { HERD_SECRET: "a secret of more than sixteen bytes" },
  }));

/** Says the same again and again on one connection, and reads what is answered. */
class Stranger implements AsyncDisposable {
  readonly #conn: Deno.Conn;
  readonly #done: Promise<unknown>;
  #isOver = false;
  sentBytes = 0;

  private constructor(conn: Deno.Conn, lines: Uint8Array, pauseMs: number) {
    this.#conn = conn;
    this.#done = Promise.allSettled([this.#send(lines, pauseMs), this.#read()]);
  }

  static async begin(port: number, lines: Uint8Array, pauseMs: number): Promise<Stranger> {
    return new Stranger(await Deno.connect({ hostname: "127.0.0.1", port }), lines, pauseMs);
  }

  async #send(lines: Uint8Array, pauseMs: number): Promise<void> {
    while (!this.#isOver) {
      for (let at = 0; at < lines.length && !this.#isOver;) {
        const count = await this.#conn.write(lines.subarray(at));
        at += count;
        this.sentBytes += count;
      }
      await delay(pauseMs);
    }
  }

  async #read(): Promise<void> {
    const into = new Uint8Array(256 * 1024);
    while (await this.#conn.read(into) !== null);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isOver = true;
    this.#conn.close();
    await this.#done;
  }
}

/** Reports again and again for a while. @returns the longest wait for an answer, in milliseconds */
async function longestWaitMs(port: number): Promise<number> {
  using client = await Client.connect(port);
  const begun = performance.now();
  let longestMs = 0;
  while (performance.now() - begun < attackMs) {
    const asked = performance.now();
    const answer = await client.say(`IAMAT probe ${location} ${Date.now() / 1000}`);
    longestMs = Math.max(longestMs, performance.now() - asked);
    assert(answer?.startsWith("AT Clark "), `${answer}`);
    await delay(probeMs);
  }
  return longestMs;
}

/**
 * Has a stranger attack Clark while others talk to it.
 *
 * @param lines what the stranger says over and over
 * @param pauseMs how long it waits between
 */
async function attack(herd: RunningHerd, lines: string, pauseMs: number): Promise<void> {
  const port = herd.port("Clark");
  const logged = herd.names.map((name) => herd.log(name).length);
  await using stranger = await Stranger.begin(port, bytesOf(lines), pauseMs);
  const waitedMs = await longestWaitMs(port);
  assert(stranger.sentBytes >= lines.length, `${stranger.sentBytes} bytes sent`);
  assert(waitedMs <= waitMsMax, `a client waited ${waitedMs.toFixed(0)} ms`);
  herd.names.forEach((name, index) => {
    const since = herd.log(name).slice(logged[index]);
    assertEquals(since.match(/^.* link (from|to) \S+ (lost|cut).*$/m), null, name);
  });
}

const long = 65_000;
const iamat = (id: string, place = location, time = "1.5") => `IAMAT ${id} ${place} ${time}\n`;

says("Two lines of 65,000 bytes 0xff", (herd) => {
  return attack(herd, `${"\xff".repeat(long)}\n`.repeat(2), 1_000);
});

says("An ID of 65,000 bytes 0xff, once a second", (herd) => {
  return attack(herd, iamat("\xff".repeat(long)), 1_000);
});

says("IDs of 1,024 bytes 0xff, several megabytes a second", (herd) => {
  return attack(herd, iamat("\xff".repeat(1_024)).repeat(60), 20);
});

says("Lines of 65,000 bytes of private use, several megabytes a second", (herd) => {
  return attack(herd, `${"\xee\x80\x80".repeat(long / 3)}\n`, 20);
});

says("Stamps of 60,000 digits, several megabytes a second", (herd) => {
  return attack(herd, iamat("stamps", location, "9".repeat(60_000)), 10);
});

says("Stamps of 64 digits, several megabytes a second", (herd) => {
  return attack(herd, iamat("stamps", location, "9".repeat(64)).repeat(500), 10);
});

says("Stamps of 60,000 zeros, several megabytes a second", (herd) => {
  return attack(herd, iamat("zeros", location, "0".repeat(60_000)), 10);
});

says("Locations and times of 30,000 decimals, several megabytes a second", (herd) => {
  const decimals = "3".repeat(30_000);
  return attack(herd, iamat("decimals", `+1.${decimals}-1`, `1.${decimals}`), 10);
});

says("White space of 60,000 bytes between fields, several megabytes a second", (herd) => {
  return attack(herd, iamat("white", "\t\v\f\r".repeat(15_000) + location), 10);
});

says("Questions with 60,000 digits, several megabytes a second", (herd) => {
  return attack(herd, `WHATSAT white ${"0".repeat(60_000)}1 0\n`, 10);
});

says("A hello of 32,000 words, again and again", (herd) => {
  return attack(herd, `HELLO ${"k ".repeat(32_000)}\n`, 10);
});
