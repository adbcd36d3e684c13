/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />
/**
 * The worker of pings.ts: reports to a server now and then, and notes how long each answer took.
 *
 * @module
 */

const pingMs = 5;
const encoder = new TextEncoder();
const tookMs: number[] = [];
let isOver = false;

self.onmessage = ({ data }: MessageEvent<number | "end">) => {
  if (data === "end") isOver = true;
  else ping(data).then(() => self.postMessage(tookMs), (error) => self.postMessage(`${error}`));
};

async function ping(port: number): Promise<void> {
  using conn = await Deno.connect({ hostname: "127.0.0.1", port });
  conn.setNoDelay(true);
  const buffer = new Uint8Array(4096);
  for (let time = 1; !isOver || time <= 2; time++) {
    const begun = performance.now();
    await conn.write(encoder.encode(`IAMAT well.behaved.${port} +34-118 ${time}\n`));
    const count = await conn.read(buffer);
    if (count === null || buffer[0] !== 0x41 || buffer[count - 1] !== 0x0a) {
      throw new Error("a wrong answer");
    }
    if (time === 1) self.postMessage("begun");
    else tookMs.push(performance.now() - begun);
    await new Promise((resolve) => setTimeout(resolve, pingMs));
  }
}
