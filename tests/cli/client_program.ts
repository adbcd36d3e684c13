/**
 * `client` as a program for its tests, over TCP.
 *
 * @module
 */

import { client } from "../../lib/cli/client/client.ts";
import { parseCommandLine } from "../../lib/cli/command_line.ts";
import type { Clock, Connection, Transport } from "../../lib/transport/transport.ts";

const clock: Clock = {
  now(instant) {
    instant.seconds = Math.floor(Date.now() / 1000);
    instant.nanoseconds = (Date.now() % 1000) * 1_000_000;
  },
  steadyMs: () => performance.now(),
  after(ms, callback) {
    const id = setTimeout(callback, ms);
    return { cancel: () => clearTimeout(id) };
  },
  soon: (callback) => void setTimeout(callback),
};

const transport: Transport = {
  listen() {
    throw new Error("a client does not listen");
  },
  async connect(address): Promise<Connection> {
    const connection = await Deno.connect(address);
    let open = true;
    return {
      remote: address,
      read: (into) => connection.read(into),
      write: (bytes) => connection.write(bytes),
      closeWrite: () => connection.closeWrite(),
      close() {
        if (open) connection.close();
        open = false;
      },
    };
  },
};

const line = parseCommandLine(Deno.args);
if (line.command === "client") Deno.exit(await client({ ...line, transport, clock }));
