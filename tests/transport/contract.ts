/**
 * What every transport does, so that the network of the tests is known to be like the real one.
 *
 * @module
 */

import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  AddressInUseError,
  type Connection,
  type Listener,
  type Transport,
} from "../../lib/transport/transport.ts";
import { bytesOf, textOf } from "../../lib/protocol/ascii.ts";

const here = { hostname: "127.0.0.1", port: 0 };

/** Two ends of a connection, and who listens. */
class Line implements Disposable {
  constructor(
    readonly listener: Listener,
    readonly client: Connection,
    readonly server: Connection,
  ) {}

  [Symbol.dispose](): void {
    this.client.close();
    this.server.close();
    this.listener.close();
  }
}

async function connected(transport: Transport): Promise<Line> {
  const listener = transport.listen(here);
  const accepting = listener.accept();
  const client = await transport.connect(listener.address, new AbortController().signal);
  return new Line(listener, client, (await accepting)!);
}

/** Reads to the end of file. */
async function readAll(connection: Connection): Promise<string> {
  const buffer = new Uint8Array(1_000);
  let text = "";
  for (let count = await connection.read(buffer); count !== null;) {
    assert(count > 0);
    text += textOf(buffer.subarray(0, count));
    count = await connection.read(buffer);
  }
  return text;
}

async function writeAll(connection: Connection, text: string): Promise<void> {
  const bytes = Uint8Array.from(bytesOf(text));
  for (let at = 0; at < bytes.length;) {
    const count = await connection.write(bytes.subarray(at));
    assert(count > 0 && count <= bytes.length - at);
    at += count;
  }
}

/** A case of the contract, on a transport. */
type Case = (transport: Transport) => Promise<void>;

/** The contract, by what it demands. */
export const contract: Record<string, Case> = {
  "listens on a port of its own where 0 is asked for": async (transport) => {
    const [one, other] = [transport.listen(here), transport.listen(here)];
    assert(one.address.port > 0 && one.address.port !== other.address.port);
    assertEquals(one.address.hostname, "127.0.0.1");
    one.close();
    other.close();
    await Promise.resolve();
  },

  "throws AddressInUseError where somebody listens, until that one closes": async (transport) => {
    const listener = transport.listen(here);
    const error = assertThrows(() => transport.listen(listener.address), AddressInUseError);
    assert(error.message.includes(`127.0.0.1:${listener.address.port}`), error.message);
    listener.close();
    transport.listen(listener.address).close();
    await Promise.resolve();
  },

  "accept() is null once the listener is closed, also where it waits already": async (
    transport,
  ) => {
    const listener = transport.listen(here);
    const waiting = listener.accept();
    listener.close();
    listener.close();
    assertEquals([await waiting, await listener.accept()], [null, null]);
  },

  "connect() rejects where nobody listens": async (transport) => {
    const listener = transport.listen(here);
    listener.close();
    await assertRejects(() => transport.connect(listener.address, new AbortController().signal));
  },

  "connect() rejects with the reason of a signal that has aborted": async (transport) => {
    const listener = transport.listen(here);
    const abort = new AbortController();
    abort.abort(new Error("no longer wanted"));
    await assertRejects(
      () => transport.connect(listener.address, abort.signal),
      Error,
      "no longer wanted",
    );
    // An attempt that was given up may have arrived all the same; who accepts it finds it closed.
    listener.close();
  },

  "each end knows the other's address": async (transport) => {
    using line = await connected(transport);
    assertEquals(line.client.remote, line.listener.address);
    assertEquals(line.server.remote.hostname, "127.0.0.1");
    assert(line.server.remote.port > 0);
  },

  "bytes come as they were sent, both ways, then the end of file": async (transport) => {
    using line = await connected(transport);
    const everyByte = String.fromCharCode(...Array(256).keys());
    const text = everyByte.repeat(40);
    for (const [from, to] of [[line.client, line.server], [line.server, line.client]] as const) {
      const reading = readAll(to);
      await writeAll(from, text);
      await from.closeWrite();
      assertEquals(await reading, text);
    }
  },

  "an end that was half-closed still reads": async (transport) => {
    using line = await connected(transport);
    await line.client.closeWrite();
    assertEquals(await readAll(line.server), "");
    await writeAll(line.server, "the answer");
    await line.server.closeWrite();
    assertEquals(await readAll(line.client), "the answer");
    await assertRejects(() => line.client.write(Uint8Array.of(1)));
  },

  "close() lets the peer read what was written, then the end of file": async (transport) => {
    using line = await connected(transport);
    await writeAll(line.client, "last words");
    line.client.close();
    line.client.close();
    assertEquals(await readAll(line.server), "last words");
  },

  "close() fails what is pending and what comes later on this side": async (transport) => {
    using line = await connected(transport);
    const reading = line.client.read(new Uint8Array(10));
    const failed = assertRejects(() => reading);
    line.client.close();
    await failed;
    await assertRejects(() => line.client.read(new Uint8Array(10)));
    await assertRejects(() => line.client.write(Uint8Array.of(1)));
  },

  "writes to a peer that has closed fail in the end": async (transport) => {
    using line = await connected(transport);
    line.server.close();
    await assertRejects(async () => {
      for (;;) await writeAll(line.client, "x".repeat(10_000));
    });
  },

  "a writer waits for a peer that does not read, and goes on when it does": async (transport) => {
    using line = await connected(transport);
    const bytes = new Uint8Array(16 * 1024 * 1024);
    let written = 0;
    const write = async () => {
      while (written < bytes.length) written += await line.client.write(bytes.subarray(written));
      await line.client.closeWrite();
    };
    const writing = write();
    const buffer = new Uint8Array(64 * 1024);
    let read = 0;
    for (let count = await line.server.read(buffer); count !== null;) {
      read += count;
      if (read === count) assert(written < bytes.length, "all was taken before any was read");
      count = await line.server.read(buffer);
    }
    await writing;
    assertEquals([written, read], [bytes.length, bytes.length]);
  },
};
