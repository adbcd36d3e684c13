import { assertEquals, assertRejects, assertStrictEquals, assertThrows } from "@std/assert";
import { tcp, throwUnlessReset } from "../../lib/transport/tcp.ts";
import { TooManyFilesError } from "../../lib/transport/transport.ts";
import { needs } from "../needs.ts";
import { contract } from "./contract.ts";

const net = await needs("net");

for (const [demand, fn] of Object.entries(contract)) {
  Deno.test({ name: `tcp: ${demand}`, ...net, fn: () => fn(tcp) });
}

Deno.test({
  name: "tcp: a dial that is given up rejects at once and leaves no connection behind",
  ...net,
  async fn() {
    using listener = closing(tcp.listen({ hostname: "127.0.0.1", port: 0 }));
    const abort = new AbortController();
    const dial = tcp.connect(listener.address, abort.signal);
    const failed = assertRejects(() => dial, Error, "given up");
    abort.abort(new Error("given up"));
    await failed;
    const accepted = await listener.accept();
    assertEquals(await accepted?.read(new Uint8Array(1)), null);
    accepted?.close();
  },
});

Deno.test({
  name: "tcp: an address of IPv6 is listened on and dialled",
  ...(await needsIpv6()),
  async fn() {
    using listener = closing(tcp.listen({ hostname: "::1", port: 0 }));
    const client = await tcp.connect(listener.address, new AbortController().signal);
    const server = await listener.accept();
    assertEquals([client.remote.hostname, server?.remote.hostname], ["::1", "::1"]);
    client.close();
    server?.close();
  },
});

/** Not every machine has IPv6. */
async function needsIpv6(): Promise<{ ignore: boolean }> {
  if (net.ignore) return net;
  try {
    await Promise.resolve(tcp.listen({ hostname: "::1", port: 0 }).close());
    return { ignore: false };
  } catch {
    return { ignore: true };
  }
}

function closing<T extends { close(): void }>(resource: T): T & Disposable {
  return Object.assign(resource, { [Symbol.dispose]: () => resource.close() });
}

Deno.test({
  name: "throwUnlessReset() passes over what one connection's end is, and nothing else",
  permissions: "none",
  fn() {
    const failed = (code: string) => Object.assign(new Error("os error"), { code });
    for (const code of ["ENOTCONN", "ECONNABORTED", "ECONNRESET"]) throwUnlessReset(failed(code));
    for (const code of ["EMFILE", "ENFILE"]) {
      assertThrows(() => throwUnlessReset(failed(code)), TooManyFilesError, "too many open files");
    }
    for (const error of [failed("EINVAL"), new TypeError("a fault")]) {
      assertStrictEquals(assertThrows(() => throwUnlessReset(error)), error);
    }
  },
});
