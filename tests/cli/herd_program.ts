/**
 * `herd` as a program for its test: the servers are this program too. What a server does is in its
 * name.
 *
 * @module
 */

import { parseCommandLine } from "../../lib/cli/command_line.ts";
import { herd } from "../../lib/cli/supervise/herd.ts";
import { systemClock } from "../../lib/transport/system.ts";

/** A server that says that it is there, and its process's number. */
async function serve(name: string): Promise<void> {
  const stop = () => {
    console.log("stops");
    Deno.exit(0);
  };
  const ignore = () => console.log("will not stop");
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    Deno.addSignalListener(signal, name === "Stubborn" ? ignore : stop);
  }
  if (Deno.build.os !== "windows") Deno.addSignalListener("SIGHUP", () => console.log("reads"));
  console.log(`${name} is there, process ${Deno.pid}`);
  console.error("and complains");
  if (name === "Misconfigured") Deno.exit(2);
  if (name.startsWith("Failing")) Deno.exit(1);
  await new Promise(() => setInterval(() => {}, 60_000));
}

const line = parseCommandLine(Deno.args);
if (line.command === "serve") await serve(line.name ?? "");
if (line.command === "herd") {
  const program = {
    standalone: false,
    execPath: Deno.execPath(),
    mainModule: import.meta.url,
    runFlags: ["--quiet", "--no-lock"],
  };
  const random = { fraction: () => 0, bytes: (count: number) => new Uint8Array(count) };
  Deno.exit(await herd({ ...line, program, clock: systemClock, random }));
}
