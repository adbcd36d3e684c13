import { assert, assertEquals, assertRejects, assertThrows } from "@std/assert";
import {
  type Credentials,
  CredentialsError,
  Tls,
  tryCredentials,
} from "../../lib/transport/tls.ts";
import type { Connection } from "../../lib/transport/transport.ts";
import { renewalMs } from "../../lib/limits.ts";
import { needs } from "../needs.ts";
import { credentialsOf, pem } from "../tls/files.ts";
import { contract } from "./contract.ts";

const netAndRead = await needs("net", "read");
const here = { hostname: "127.0.0.1", port: 0 };
const wanted = () => new AbortController().signal;

function tlsOf(name: string, ca = "ca.pem"): Tls {
  return new Tls({ credentials: credentialsOf(name), ca: pem(ca) });
}

for (const [demand, fn] of Object.entries(contract)) {
  Deno.test({ name: `Tls: ${demand}`, ...netAndRead, fn: () => fn(tlsOf("server")) });
}

function test(name: string, fn: () => Promise<void> | void): void {
  Deno.test({ name, ...netAndRead, fn });
}

/** Accepts for ever, and says back what it hears. */
function echo(tls: Tls, address = here) {
  const listener = tls.listen(address);
  const open = new Set<Connection>();
  const talking: Promise<void>[] = [];
  const talk = async (connection: Connection) => {
    open.add(connection);
    const buffer = new Uint8Array(100);
    try {
      for (let count; (count = await connection.read(buffer)) !== null;) {
        await connection.write(buffer.subarray(0, count));
      }
    } catch {
      // Strangers come and go.
    }
    open.delete(connection);
    connection.close();
  };
  const accepting = (async () => {
    for (let next; (next = await listener.accept()) !== null;) talking.push(talk(next));
  })();
  return {
    address: listener.address,
    open,
    async [Symbol.asyncDispose]() {
      listener.close();
      for (const connection of open) connection.close();
      await accepting;
      await Promise.all(talking);
    },
  };
}

/** Says a letter and waits for it. */
async function says(connection: Connection, letter: number): Promise<void> {
  await connection.write(Uint8Array.of(letter));
  const buffer = new Uint8Array(1);
  assertEquals([await connection.read(buffer), buffer[0]], [1, letter]);
}

test("Tls.connect() takes a server for its address, and for its name", async () => {
  const tls = tlsOf("server");
  await using server = echo(tls);
  for (const hostname of ["127.0.0.1", "localhost"]) {
    const connection = await tls.connect({ ...server.address, hostname }, wanted());
    await says(connection, 7);
    connection.close();
  }
});

const strangers = {
  "of another authority": { name: "stranger", why: /UnknownIssuer/ },
  "with another name": { name: "elsewhere", why: /not valid for name|NotValidForName/i },
  "with an expired certificate": { name: "expired", why: /expired/i },
};

for (const [who, { name, why }] of Object.entries(strangers)) {
  test(`Tls.connect() refuses a server ${who}, and says why`, async () => {
    await using server = echo(tlsOf(name));
    const refused = await assertRejects(() => tlsOf("server").connect(server.address, wanted()));
    assert(why.test(String(refused)), String(refused));
  });
}

test("Tls.connect() rejects where the peer speaks no TLS", async () => {
  using plain = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const accepted = plain.accept().then(async (conn) => {
    await conn.write(new TextEncoder().encode("? what\n"));
    return conn;
  });
  const { hostname, port } = plain.addr;
  await assertRejects(() => tlsOf("server").connect({ hostname, port }, wanted()));
  (await accepted).close();
});

test("Tls.connect() is given up while the peer says nothing", async () => {
  using silent = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  const { hostname, port } = silent.addr;
  const abort = new AbortController();
  const dial = tlsOf("server").connect({ hostname, port }, abort.signal);
  const failed = assertRejects(() => dial, Error, "given up");
  using conn = await silent.accept();
  abort.abort(new Error("given up"));
  await failed;
  conn.close();
});

test("A peer that speaks no TLS does not hold up those who do", async () => {
  const tls = tlsOf("server");
  await using server = echo(tls);
  using silent = await Deno.connect(server.address);
  using plain = await Deno.connect(server.address);
  await plain.write(new TextEncoder().encode("IAMAT kiwi +0+0 1\n"));
  const connection = await tls.connect(server.address, wanted());
  await says(connection, 7);
  connection.close();
  assert(silent.localAddr.port !== plain.localAddr.port);
});

test("A connection is closed for this side at once, also where the peer says nothing", async () => {
  const listener = tlsOf("server").listen(here);
  using silent = await Deno.connect(listener.address);
  const connection = (await listener.accept())!;
  const reading = assertRejects(() => connection.read(new Uint8Array(1)), Error, "is closed");
  connection.close();
  connection.close();
  await reading;
  await assertRejects(() => connection.write(new Uint8Array(1)));
  silent.close();
  listener.close();
});

test("Hundreds that never shake hands, and were closed, keep nobody out", async () => {
  const tls = tlsOf("server");
  const listener = tls.listen(here);
  const silent: Deno.TcpConn[] = [];
  // One at a time: not every Deno has a queue for so many that wait to be accepted.
  for (let count = 0; count < 400; count++) {
    silent.push(await Deno.connect(listener.address));
    (await listener.accept())!.close();
  }
  const accepting = listener.accept();
  const client = await tls.connect(listener.address, wanted());
  await (await accepting)!.write(new Uint8Array([7]));
  assertEquals(await client.read(new Uint8Array(1)), 1);
  for (const conn of silent) conn.close();
  client.close();
  listener.close();
});

test("Tls.renew() changes the certificate of connections to come, and none is lost", async () => {
  const served = tlsOf("server");
  const before = tlsOf("server");
  const after = tlsOf("server", "other_ca.pem");
  await using server = echo(served);
  const old = await before.connect(server.address, wanted());
  await says(old, 1);
  for (const name of ["stranger", "server", "stranger"]) {
    await served.renew({ credentials: credentialsOf(name), ca: pem("ca.pem") });
    const [right, wrong] = name === "server" ? [before, after] : [after, before];
    await assertRejects(() => wrong.connect(server.address, wanted()));
    const fresh = await right.connect(server.address, wanted());
    await says(fresh, 2);
    await says(old, 3);
    fresh.close();
  }
  old.close();
});

test("Tls.renew() takes in who waits in the queue, with the old certificate", async () => {
  const served = tlsOf("server");
  const listener = served.listen(here);
  const waiting: Deno.TcpConn[] = [];
  while (waiting.length < 30) waiting.push(await Deno.connect(listener.address));
  const renewing = served.renew({ credentials: credentialsOf("stranger"), ca: null });
  const accepted: Connection[] = [];
  const accepting = (async () => {
    for (let next; (next = await listener.accept()) !== null;) accepted.push(next);
  })();
  await renewing;
  assertEquals(accepted.length, waiting.length);
  for (const conn of waiting) {
    using secure = await Deno.startTls(conn, { hostname: "127.0.0.1", caCerts: [pem("ca.pem")] });
    await secure.handshake();
  }
  listener.close();
  await accepting;
  for (const connection of accepted) connection.close();
});

test("Tls.renew() gives up after renewalMs where nobody is accepted: the old stays", async () => {
  const tls = tlsOf("server");
  const listener = tls.listen(here);
  const began = performance.now();
  const renewed = { credentials: credentialsOf("renewed"), ca: pem("ca.pem") };
  const error = await assertRejects(() => tls.renew(renewed), Error);
  assertEquals(error.message, "the certificate cannot change now: no connection is accepted");
  assert(performance.now() - began > renewalMs - 100);
  listener.close();
});

test("Tls.renew() has dials to come checked against the new authority", async () => {
  await using server = echo(tlsOf("stranger"));
  const tls = tlsOf("server");
  await assertRejects(() => tls.connect(server.address, wanted()));
  await tls.renew({ credentials: credentialsOf("server"), ca: pem("other_ca.pem") });
  (await tls.connect(server.address, wanted())).close();
});

test("Tls.listen() closes for good, also while the certificate is renewed", async () => {
  const tls = tlsOf("server");
  const listener = tls.listen(here);
  const accepting = listener.accept();
  const renewing = tls.renew({ credentials: credentialsOf("renewed"), ca: null });
  listener.close();
  await renewing;
  assertEquals(await accepting, null);
  tls.listen(listener.address).close();
});

test("tryCredentials() says what is wrong, and nothing of the key", () => {
  const { cert, key } = credentialsOf("server");
  const wrong: [Credentials, string][] = [
    [{ cert: "", key }, "the certificate's file holds no certificate in PEM"],
    [{ cert: key, key: cert }, "the certificate's file holds no certificate in PEM"],
    [{ cert, key: "secret" }, "the key's file holds no private key in PEM"],
    [{ cert, key: pem("renewed.key") }, "the key does not belong to the certificate"],
  ];
  for (const [credentials, text] of wrong) {
    const { message } = assertThrows(() => tryCredentials(credentials), CredentialsError);
    assertEquals(message, text);
  }
  tryCredentials({ cert, key });
});
