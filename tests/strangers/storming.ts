/**
 * The thread of a {@linkcode Storm}.
 *
 * @module
 */

/// <reference lib="deno.worker" />

import net from "node:net";
import type { StormPlan } from "./storm.ts";

/** Dials that are under way at once. */
const atOnce = 50;

/** Connects and resets, again and again. */
async function resetAll({ port, count }: StormPlan): Promise<void> {
  let left = count;
  const resetSome = async () => {
    while (left-- > 0) {
      await new Promise<void>((resolve) => {
        const socket = net.connect(port, "127.0.0.1", () => socket.resetAndDestroy());
        socket.on("error", () => {});
        socket.on("close", () => resolve());
      });
    }
  };
  await Promise.all(Array.from({ length: atOnce }, resetSome));
}

/** Holds connections, each of them anew when it is closed. */
async function holdAll({ port, count }: StormPlan): Promise<void> {
  let left = count;
  const hold = (begun: () => void) => {
    const socket = net.connect(port, "127.0.0.1", begun);
    socket.on("error", begun);
    socket.on("close", () => setTimeout(() => hold(() => {}), 100));
    socket.resume();
  };
  const holdSome = async () => {
    while (left-- > 0) await new Promise<void>(hold);
  };
  await Promise.all(Array.from({ length: atOnce }, holdSome));
}

self.onmessage = async ({ data }: MessageEvent<StormPlan>) => {
  await (data.kind === "reset" ? resetAll(data) : holdAll(data));
  self.postMessage("begun");
};
