// Issue of one herd: any two of the five are killed and started again, while clients go on talking to
// the rest. No answer is lost, no server stops, and flooding reaches whatever the links still connect.

import { assert, assertEquals } from "@std/assert";
import { processes } from "../process/chapter.ts";
import type { Client } from "../process/client.ts";
import { RunningHerd, theFive } from "../process/running_herd.ts";

/** A client that goes on asking one server, and checks each answer. */
class Talk {
  /** Commands answered so far. */
  answered = 0;
  readonly #id: string;
  readonly #client: Client;
  readonly #server: string;
  readonly #done: Promise<void>;
  #isOver = false;

  constructor(client: Client, server: string, id: string) {
    this.#client = client;
    this.#server = server;
    this.#id = id;
    this.#done = this.#talk();
    // What went wrong is told when the talk is ended.
    this.#done.catch(() => {});
  }

  /** Ends the talk with the server's last word. */
  async end(): Promise<void> {
    this.#isOver = true;
    await this.#done;
    await this.#client.halfClose();
    assertEquals(await this.#client.rest(), "", "an answer to nothing");
    this.#client[Symbol.dispose]();
  }

  async #talk(): Promise<void> {
    for (let round = 0; !this.#isOver; round++) {
      const report = `${this.#id} +34.068930-118.445127 ${round}.5`;
      await this.#client.send(`IAMAT ${report}\nnonsense ${round}\nWHATSAT ${this.#id} 10 0\n`);
      const at = await this.#client.line() ?? "no answer";
      assert(at.startsWith(`AT ${this.#server} `) && at.endsWith(` ${report}`), at);
      assertEquals(await this.#client.line(), `? nonsense ${round}`);
      assertEquals(await this.#client.line(), at);
      for (let json: string | null = at; json !== ""; json = await this.#client.line()) {
        assert(json !== null, "an answer without its end");
      }
      this.answered += 3;
    }
  }
}

/** Every way to choose two. */
const pairs = theFive.flatMap((one, index) =>
  theFive.slice(index + 1).map((other) => [one, other] as const)
);

/** Fails unless news gets from each running server to all that it is connected with, and to no other. */
async function assertFloods(herd: RunningHerd, running: ReadonlySet<string>, id: string) {
  for (const from of running) {
    const reached = herd.reachable(from, running);
    const line = await herd.report(from, `${id}.${from}`);
    await Promise.all([...reached].map((name) => herd.learns(name, `${id}.${from}`, line)));
    for (const name of running) {
      if (!reached.has(name)) assertEquals(await herd.record(name, `${id}.${from}`), null);
    }
  }
}

Deno.test({
  name: "Any two of the five die and come back, and the others lose no answer",
  ...processes,
  async fn(test) {
    await using herd = await RunningHerd.start();
    let answered = 0;
    for (const pair of pairs) {
      await test.step(`${pair[0]} and ${pair[1]}`, async () => {
        const rest = theFive.filter((name) => !pair.includes(name));
        const talks = await Promise.all(
          [...rest, ...rest].map(async (name, index) =>
            new Talk(await herd.connect(name), name, `talk.${pair.join(".")}.${index}`)
          ),
        );
        await Promise.all(pair.map((name) => herd.kill(name)));
        await herd.connected(new Set(rest));
        await assertFloods(herd, new Set(rest), `without.${pair.join(".")}`);
        await Promise.all(pair.map((name) => herd.start(name)));
        await herd.connected();
        await assertFloods(herd, new Set(theFive), `again.${pair.join(".")}`);
        for (const talk of talks) await talk.end();
        answered += talks.reduce((sum, talk) => sum + talk.answered, 0);
        assert(talks.every((talk) => talk.answered > 0));
        for (const name of rest) assertEquals(herd.program(name).ending, null, name);
      });
    }
    console.log(`${pairs.length} pairs killed, ${answered} commands answered meanwhile`);
    for (const name of theFive) assertEquals(herd.program(name).errors, "");
  },
});
