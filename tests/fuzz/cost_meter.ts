/**
 * What it costs a server to answer: the processor's time from the first byte to the last of the answer,
 * the log on disk included, on a network in memory that costs little itself.
 *
 * @module
 */

import process from "node:process";
import { delay } from "@std/async/delay";
import { lineBytesMax, logBufferBytes, logFileBytesMax, logFlushMs } from "../../lib/limits.ts";
import { LogFile, type WireLog } from "../../lib/log/log_file.ts";
import { bytesOf } from "../../lib/protocol/ascii.ts";
import { MemoryClock } from "../memory_clock.ts";
import { MemoryNetwork } from "../memory_network.ts";
import { MemoryServer } from "../server/memory_server.ts";

/** What a line of 64 KiB may cost, and what 64 KiB of lines may cost before these are counted. */
export const lineMsMax = 2;

/** What each further line may cost, in milliseconds: it has two lines in the log and an answer. */
export const furtherLineMsMax = 0.02;

/** On a slow or busy machine it may cost more, but not so many times what 64 KiB of letters cost then. */
const lettersTimesMax = 3;

const letters = new Uint8Array(lineBytesMax + 1).fill(0x78);
letters[lineBytesMax] = 0x0a;

/** How often what costs too much is said again: on a busy machine, the least is the cost. */
const tries = 5;

/** A server that is asked with a watch in hand. */
export class CostMeter implements AsyncDisposable {
  readonly #server: MemoryServer;
  readonly #log: LogFile;
  readonly #dir: string;

  private constructor(server: MemoryServer, log: LogFile, dir: string) {
    this.#server = server;
    this.#log = log;
    this.#dir = dir;
  }

  /** @param around what the server's log is wrapped in, if anything */
  static async open(around = (log: WireLog): WireLog => log): Promise<CostMeter> {
    const dir = Deno.makeTempDirSync();
    const clock = new MemoryClock();
    const log = new LogFile({
      path: `${dir}/Clark.log`,
      fileBytesMax: logFileBytesMax,
      filesKept: 1,
      bufferBytes: logBufferBytes,
      flushMs: logFlushMs,
      clock,
      onTrouble: (message) => console.error(message),
    });
    const network = new MemoryNetwork({ bufferBytes: 1024 * 1024 });
    const server = await MemoryServer.start({
      network,
      clock,
      wire: around(log),
      neighbours: ["Bona"],
      secret: "a secret of the herd",
    });
    return new CostMeter(server, log, dir);
  }

  /**
   * Fails when an input costs too much each time that it is said.
   *
   * @param name what it is, for the error
   * @param text one line or many, one character a byte
   * @returns what it cost, in milliseconds
   * @throws {Error} when it costs more than it may
   */
  async check({ name, text }: { readonly name: string; readonly text: string }): Promise<number> {
    const bytes = bytesOf(`${text}\n`) as Uint8Array<ArrayBuffer>;
    const further = bytes.reduce((lines, byte) => lines + (byte === 0x0a ? 1 : 0), -1);
    const msMax = lineMsMax + further * furtherLineMsMax;
    let least = { ms: Infinity, times: Infinity };
    for (let left = tries; left > 0; left--) {
      const ms = await this.#askMs(bytes);
      if (ms <= msMax) return ms;
      const times = ms / await this.#askMs(letters);
      least = { ms: Math.min(least.ms, ms), times: Math.min(least.times, times) };
      // What disturbs a machine passes; what a line costs does not.
      await delay(10);
    }
    if (least.times <= lettersTimesMax) return least.ms;
    throw new Error(
      `${name}: ${least.ms.toFixed(2)} ms, more than ${msMax}, ` +
        `and ${least.times.toFixed(1)} times as much as letters`,
    );
  }

  async #askMs(bytes: Uint8Array<ArrayBuffer>): Promise<number> {
    const { connection } = await this.#server.silentClient();
    const answer = new Uint8Array(1024 * 1024);
    const begun = performance.now();
    const before = process.cpuUsage();
    let tookMs = Infinity;
    const talk = async () => {
      const written = await connection.write(bytes);
      if (written < bytes.length) throw new Error("the network takes less than a line at once");
      await connection.closeWrite();
      while (await connection.read(answer) !== null);
      const { user, system } = process.cpuUsage(before);
      // Other threads of this process count towards its processor time, other processes do not.
      tookMs = Math.min((user + system) / 1000, performance.now() - begun);
      connection.close();
    };
    await Promise.all([talk(), this.#server.clock.settle()]);
    return tookMs;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const stopped = this.#server.server.stop();
    await this.#server.clock.run(5_000);
    await stopped;
    this.#log.destroy();
    Deno.removeSync(this.#dir, { recursive: true });
  }
}
