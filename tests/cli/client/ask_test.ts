import { assertEquals, assertRejects } from "@std/assert";
import { ask } from "../../../lib/cli/client/ask.ts";
import { Dialler } from "../../../lib/cli/client/dialler.ts";
import { answerTimeoutMs, dialTimeoutMs } from "../../../lib/limits.ts";
import { joined } from "../../../lib/protocol/pending_bytes.ts";
import { MemoryClock, settled } from "../../memory_clock.ts";
import { answering, type Behaviour, MemoryServers, never } from "../memory_servers.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

/** Standard input that a test fills. */
class Input implements AsyncIterable<Uint8Array> {
  readonly #stream = new TransformStream<Uint8Array, Uint8Array>();
  readonly #writer = this.#stream.writable.getWriter();

  async type(text: string | Uint8Array): Promise<void> {
    await this.#writer.write(typeof text === "string" ? bytes(text) : text);
    await settled();
  }

  async end(): Promise<void> {
    await this.#writer.close();
    await settled();
  }

  [Symbol.asyncIterator](): AsyncIterator<Uint8Array> {
    return this.#stream.readable[Symbol.asyncIterator]();
  }
}

interface AskOptions {
  readonly isShown?: boolean;
  readonly isColoured?: boolean;
  readonly write?: (bytes: Uint8Array) => Promise<void>;
}

/** A client that asks the servers of a network. */
function client(network: MemoryServers, options: AskOptions = {}) {
  const clock = new MemoryClock(1_700_000_000_005);
  const input = new Input();
  const written: Uint8Array[] = [];
  const said: string[] = [];
  const terminal = {
    input,
    isInteractive: false,
    isShown: false,
    isColoured: false,
    write: (piece: Uint8Array) => Promise.resolve(void written.push(piece)),
    say: (line: string) => said.push(line),
    ...options,
  };
  const dialler = new Dialler(network.servers, { transport: network, clock });
  return {
    clock,
    input,
    said,
    status: ask(input, { dialler, clock, terminal }),
    outputBytes: () => joined(written),
    output: () => new TextDecoder().decode(joined(written)),
  };
}

/** A server that does something after it has read so many lines, of which the end may be one. */
function afterLines(count: number, then: Behaviour): Behaviour {
  return async (peer) => {
    for (let line = 0; line < count; line++) await peer.readLine();
    await then(peer);
  };
}

function test(name: string, fn: () => Promise<void>): void {
  Deno.test({ name, permissions: "none", fn });
}

test("ask() says lines, half-closes, and prints the answers to the end", async () => {
  const { input, said, status, output } = client(new MemoryServers({ Clark: answering("Clark") }));
  await input.type("IAMAT a +1-1 1\nWHAT");
  assertEquals(output(), "AT Clark +0.1 a +1-1 1.5\n");
  await input.type("SAT a 10 5\nIAMAT b");
  await input.end();
  assertEquals(await status, 0);
  assertEquals(
    output(),
    'AT Clark +0.1 a +1-1 1.5\nAT Clark +0.1 a +1-1 1.5\n{\n  "results" : [],\n' +
      '  "status" : "OK"\n}\n\nAT Clark +0.1 b +1-1 1.5\n',
  );
  assertEquals(said, []);
});

test("ask() is transparent to bytes, both ways", async () => {
  const all = Uint8Array.from({ length: 256 }, (_, i) => i).filter((byte) => byte !== 10);
  const heard: string[] = [];
  const { input, status, outputBytes } = client(
    new MemoryServers({
      async Clark(peer) {
        for (let line; (line = await peer.readLine()) !== null;) heard.push(line);
        peer.say(joined([bytes("? "), all, Uint8Array.of(10)]));
        peer.close();
      },
    }),
  );
  await input.type("é\r\n\n \t last");
  await input.end();
  assertEquals(await status, 2);
  assertEquals(heard, ["é\r\n", "\n", " \t last"]);
  assertEquals(outputBytes(), joined([bytes("? "), all, Uint8Array.of(10)]));
});

test("ask() returns 1 when an answer begins with a question mark", async () => {
  const { input, status, output } = client(new MemoryServers({ Clark: answering("Clark") }));
  await input.type("nonsense\nIAMAT a\n");
  await input.end();
  assertEquals(await status, 1);
  assertEquals(output(), "? nonsense\nAT Clark +0.1 a +1-1 1.5\n");
});

test("ask() puts the time of the clock in the place of an IAMAT's now", async () => {
  const heard: (string | null)[] = [];
  const { input, status } = client(
    new MemoryServers({
      async Clark(peer) {
        heard.push(await peer.readLine(), await peer.readLine());
        peer.say("AT Clark\n");
        peer.close();
      },
    }),
  );
  await input.type("IAMAT a +1-1 now\n");
  await input.end();
  assertEquals(await status, 0);
  assertEquals(heard, ["IAMAT a +1-1 1700000000.005000000\n", null]);
});

test("ask() returns 2 when no server answers", async () => {
  const { said, status } = client(new MemoryServers({ Clark: undefined, Bona: undefined }));
  assertEquals(await status, 2);
  assertEquals(said, ["no answer from Clark, Bona; to start them: deno task herd"]);
});

test("ask() gives a server that neither accepts nor refuses two seconds", async () => {
  const { clock, said, status } = client(new MemoryServers({ Clark: never }));
  await clock.run(dialTimeoutMs - 1);
  assertEquals(said, []);
  await clock.run(1);
  assertEquals(await status, 2);
  assertEquals(clock.timers, 0);
});

test("ask() takes the server that answers first, and says which", async () => {
  const network = new MemoryServers({
    Bona: undefined,
    Campbell: never,
    Clark: answering("Clark"),
  });
  const { clock, input, said, status, output } = client(network);
  await input.type("IAMAT a\n");
  await input.end();
  assertEquals(await status, 0);
  assertEquals(network.dialled, ["Bona", "Campbell", "Clark"]);
  assertEquals([said, output()], [["connected to Clark"], "AT Clark +0.1 a +1-1 1.5\n"]);
  assertEquals(clock.timers, 0);
});

test("ask() moves on when its server dies, and tells what was not answered", async () => {
  const network = new MemoryServers({
    Clark: afterLines(2, (peer) => peer.reset()),
    Bona: undefined,
  });
  const { input, said, status, output } = client(network);
  await input.type("IAMAT a\n");
  network.start("Bona", answering("Bona"));
  await input.type("IAMAT b\n");
  await input.type("IAMAT c\n");
  await input.end();
  assertEquals(await status, 2);
  assertEquals(output(), "AT Bona +0.1 c +1-1 1.5\n");
  assertEquals(said, [
    "connected to Clark",
    "the connection to Clark broke",
    "not answered: IAMAT a",
    "not answered: IAMAT b",
    "connected to Bona",
  ]);
});

test("ask() returns 0 when its server dies between lines and another goes on", async () => {
  const network = new MemoryServers({
    async Clark(peer) {
      await peer.readLine();
      peer.say("AT Clark\n");
      peer.close();
    },
    Bona: undefined,
  });
  const { input, said, status, output } = client(network);
  await settled();
  network.start("Bona", answering("Bona"));
  await input.type("IAMAT a\n");
  await input.type("IAMAT b\n");
  await input.end();
  assertEquals(await status, 0);
  assertEquals(output(), "AT Clark\nAT Bona +0.1 b +1-1 1.5\n");
  assertEquals(said.slice(1), ["Clark closed the connection", "connected to Bona"]);
});

test("ask() does not go round for ever among servers that let it in and close", async () => {
  const closing: Behaviour = (peer) => peer.close();
  const network = new MemoryServers({ Clark: closing, Bona: closing });
  const { status } = client(network);
  assertEquals(await status, 2);
  assertEquals(network.dialled.length, 3);
});

test("ask() does not leave a server that it was told to ask", async () => {
  const { said, status } = client(new MemoryServers({ Clark: (peer) => peer.close() }));
  assertEquals(await status, 2);
  assertEquals(said, ["Clark closed the connection"]);
});

test("ask() returns 2 when a server closes before the last answer", async () => {
  const network = new MemoryServers({
    Clark: afterLines(2, async (peer) => {
      assertEquals(await peer.readLine(), null);
      peer.say("AT Clark\n{");
      peer.close();
    }),
  });
  const { input, said, status, output } = client(network);
  await input.type("IAMAT a\nWHATSAT a 1 1\n");
  await input.end();
  assertEquals(await status, 2);
  assertEquals(said, ["Clark closed the connection", "not answered: WHATSAT a 1 1"]);
  assertEquals(output(), "AT Clark\n{");
});

test("ask() tells the first lines that were not answered, and how many more there are", async () => {
  const { input, said, status } = client(
    new MemoryServers({ Clark: afterLines(9, (p) => p.close()) }),
  );
  await input.type("1\x1b\n2\n3\n4\n5\n6\n7\n8\n");
  await input.end();
  assertEquals(await status, 2);
  assertEquals(said, [
    "Clark closed the connection",
    "not answered: 1\\x1b",
    ...["2", "3", "4", "5"].map((line) => `not answered: ${line}`),
    "and 3 more lines",
  ]);
});

test("ask() gives up a server that is silent for 30 s, counted from its last word", async () => {
  const network = new MemoryServers({
    Clark: afterLines(2, async (peer) => {
      peer.say("AT Clark\n");
      await new Promise(() => {});
    }),
  });
  const { clock, input, said, status } = client(network);
  await clock.run(10 * answerTimeoutMs);
  await input.type("IAMAT a\n");
  await clock.run(answerTimeoutMs - 1);
  await input.type("IAMAT b\n");
  await clock.run(answerTimeoutMs - 1);
  assertEquals(said, []);
  await clock.run(1);
  assertEquals(await status, 2);
  assertEquals(said, ["Clark did not answer for 30 s", "not answered: IAMAT b"]);
  assertEquals(clock.timers, 0);
});

test("ask() shows whole lines on a terminal, coloured and without control characters", async () => {
  const network = new MemoryServers({
    Clark: afterLines(2, (peer) => {
      for (const piece of ["AT \x1b[", "31m\n{", "}\n\n", "unended"]) peer.say(piece);
      peer.close();
    }),
  });
  const { input, status, output } = client(network, { isShown: true, isColoured: true });
  await input.type("WHATSAT a 1 1\n");
  await input.end();
  assertEquals(await status, 0);
  assertEquals(output(), "AT \\x1b[31m\n{}\n\nunended");
});

test("ask() rejects when nobody reads its output", async () => {
  const { input, status } = client(new MemoryServers({ Clark: answering("Clark") }), {
    write: () => Promise.reject(new Deno.errors.BrokenPipe()),
  });
  const rejected = assertRejects(() => status, Deno.errors.BrokenPipe);
  await input.type("IAMAT a\n");
  await rejected;
});
