// Who may do what, by lines: each kind of bearer beside each command and its answer.

import { assert, assertEquals, assertFalse } from "@std/assert";
import { Grant, type GrantClaim } from "../../lib/access/grant.ts";
import { type Bearer, Tokens } from "../../lib/access/tokens.ts";
import { refusalsMax } from "../../lib/limits.ts";
import { textOf } from "../../lib/protocol/ascii.ts";
import { Permit, type TokenCheck } from "../../lib/server/permit.ts";
import { MemoryClock } from "../memory_clock.ts";
import { seededRandom } from "../seeded_random.ts";
import { MemoryServer, type MemoryServerOptions } from "./memory_server.ts";

const secret = "the secret of a herd in memory";
const otherSecret = "another secret, of another herd";
const nowS = 1_621_464_828;
const permissions = "none";

async function tokensOf(clock: MemoryClock, ...secrets: string[]): Promise<Tokens> {
  return await Tokens.of({ secrets, revoked: [], clock, random: seededRandom(1) });
}

async function issue(claim: GrantClaim, { by = secret, days = 1 } = {}) {
  const tokens = await tokensOf(new MemoryClock(), by);
  const grant = Grant.of(claim)!;
  return await tokens.issue({ name: "jane", grant, endS: nowS + days * 86_400 });
}

/** Checks tokens, and tells when all checks under way are over: they take real time. */
class WatchedTokens implements TokenCheck {
  readonly #pending = new Set<Promise<unknown>>();

  constructor(readonly tokens: Tokens) {}

  check(token: string) {
    const check = this.tokens.check(token);
    this.#pending.add(check);
    return check.finally(() => this.#pending.delete(check));
  }

  isValid(bearer: Bearer): boolean {
    return this.tokens.isValid(bearer);
  }

  async settle(server: MemoryServer): Promise<void> {
    do {
      await Promise.all(this.#pending);
      await server.clock.settle();
    } while (this.#pending.size > 0);
  }
}

/** A server that wants tokens, with a client `family/jim` and one `dog`, and its log. */
async function strict(options: MemoryServerOptions = {}, ...secrets: string[]) {
  const clock = new MemoryClock();
  const tokens = new WatchedTokens(
    await tokensOf(clock, ...secrets.length > 0 ? secrets : [secret]),
  );
  const log: string[] = [];
  const line = (bytes: Uint8Array) => void log.push(textOf(bytes));
  const server = await MemoryServer.start({
    tokens,
    clock,
    wire: {
      at: () => {},
      line: (_, bytes, start, end) => line(bytes.subarray(start, end)),
      plainLine: (_, view, start, end) => line(new Uint8Array(view.buffer).subarray(start, end)),
      shownLine: () => {},
    },
    ...options,
  });
  const { token } = await issue({ admin: true }, { by: secrets[0] ?? secret });
  const begin = ["family/jim", "dog"].map((id) => `IAMAT ${id} +1+1 1621464827\n`).join("");
  const settle = () => tokens.settle(server);
  /** What a client that says this and half-closes is answered. */
  const ask = async (text: string) => {
    const client = await server.client();
    client.send(text);
    client.end();
    await server.clock.settle();
    await settle();
    return client.received;
  };
  await ask(`AUTH ${token}\n${begin}`);
  log.splice(0);
  return { server, tokens: tokens.tokens, log, ask, settle };
}

/** What may be said, by a short name. */
const commands = {
  "report own": "IAMAT family/jane +1+1 1621464827",
  "report other": "IAMAT dog +1+1 1621464827.5",
  "ask own": "WHATSAT family/jim 10 0",
  "ask other": "WHATSAT dog 0 0",
  "places own": "WHATSAT family/jim 10 5",
} as const;
type Command = keyof typeof commands;

const all = Object.keys(commands) as Command[];

/** Of each kind of bearer, what it may. */
const bearers: Record<string, { claim: GrantClaim | null; may: readonly Command[] }> = {
  "no token": { claim: null, may: [] },
  "no right": { claim: {}, may: [] },
  report: { claim: { report: ["family/jane"] }, may: ["report own"] },
  "report of a group": { claim: { report: ["fam*"] }, may: ["report own"] },
  read: { claim: { read: ["family/*"] }, may: ["ask own"] },
  "read and places": {
    claim: { read: ["family/*"], places: true },
    may: ["ask own", "places own"],
  },
  "places without read": { claim: { places: true }, may: [] },
  "read of all": { claim: { read: ["*"] }, may: ["ask own", "ask other"] },
  monitor: { claim: { monitor: true }, may: [] },
  admin: { claim: { admin: true }, may: all },
};

for (const [who, { claim, may }] of Object.entries(bearers)) {
  for (const command of all) {
    const allowed = may.includes(command);
    Deno.test({
      name: `Session: a client with ${who} ${allowed ? "may" : "may not"} ${command}`,
      permissions,
      async fn() {
        const { server, settle } = await strict();
        const client = await server.client();
        if (claim !== null) client.send(`AUTH ${(await issue(claim)).token}\n`);
        await server.clock.settle();
        await settle();
        const line = commands[command];
        client.send(`${line}\n`);
        await server.clock.settle();
        server.places.findAll();
        await server.clock.settle();
        const answers = client.lines.slice(claim === null ? 0 : 1);
        if (allowed) assert(answers[0]?.startsWith("AT Clark "), answers[0]);
        else assertEquals(answers, [`? ${line}`]);
        assertEquals(client.ending, null, "once is no reason to close");
      },
    });
  }
}

/** Tokens that are none, or no longer one. */
const refused: Record<string, () => Promise<string>> = {
  "that has ended": async () => (await issue({ admin: true }, { days: -1 })).token,
  "of another herd": async () => (await issue({ admin: true }, { by: otherSecret })).token,
  "that was changed": async () => {
    const [head, , signature] = (await issue({ read: ["*"] })).token.split(".");
    return [head, (await issue({ admin: true })).token.split(".")[1], signature].join(".");
  },
  "without a signature": async () => {
    const [, body] = (await issue({ admin: true })).token.split(".");
    return `${btoa('{"alg":"none"}').replaceAll("=", "")}.${body}.`;
  },
  "that is none": () => Promise.resolve("kiwi"),
  "that is empty": () => Promise.resolve(""),
};

for (const [which, make] of Object.entries(refused)) {
  Deno.test({
    name: `Session refuses a token ${which}, of whose line only the word comes back`,
    permissions,
    async fn() {
      const { ask, log } = await strict();
      const token = await make();
      const asked = `AUTH ${token}\n${commands["ask own"]}\n`;
      assertEquals(await ask(asked), `? AUTH\n? ${commands["ask own"]}\n`);
      assertEquals(log.slice(0, 2), ["AUTH", "? AUTH"]);
    },
  });
}

Deno.test({
  name: "Session answers AUTH with whose the token is and until when; the log has neither more",
  permissions,
  async fn() {
    const { ask, log } = await strict();
    const { token } = await issue({ read: ["*"] });
    assertEquals(await ask(`AUTH ${token}\n`), `AUTH jane ${nowS + 86_400}\n`);
    assertEquals(await ask(` \tAUTH\t${token} \r\n`), `AUTH jane ${nowS + 86_400}\n`);
    assertEquals(log, ["AUTH", `AUTH jane ${nowS + 86_400}`, "AUTH", `AUTH jane ${nowS + 86_400}`]);
  },
});

Deno.test({
  name: "Session: a token in any line is in no log and no answer",
  permissions,
  async fn() {
    const { ask, log } = await strict();
    const { token } = await issue({ admin: true });
    const lines = [
      `auth ${token}`,
      `Authorization: Bearer ${token}`,
      token,
      `AUTH ${token} ${token}`,
    ];
    const answers = [];
    for (const line of lines) answers.push(await ask(`${line}\n`));
    assertEquals(answers, ["? auth\n", "? Authorization:\n", "? AUTH\n", "? AUTH\n"]);
    assertFalse(log.join("\n").includes(token.slice(0, 12)), log.join("\n"));
  },
});

Deno.test({
  name: "refusalsMax: so many lines beyond its rights, and the connection is closed",
  permissions,
  async fn() {
    const { server } = await strict();
    const client = await server.client();
    const line = "WHATSAT dog 0 0\n";
    client.send(line.repeat(refusalsMax + 2));
    await server.clock.run(2_000);
    assertEquals(client.received, `? ${line}`.repeat(refusalsMax));
    assertEquals(client.ending, "end of file");
    assertEquals(server.server.gauges.dropped.denied, 1);
  },
});

Deno.test({
  name: "Session: who has shown a token may err as often as ever",
  permissions,
  async fn() {
    const { ask } = await strict();
    const { token } = await issue({ read: ["*"] });
    const errors = "WHATSAT dog 51 0\nhello?\nWHATSAT nobody 0 0\n".repeat(5);
    const answers = await ask(`AUTH ${token}\n${errors}WHATSAT dog 0 0\n`);
    assertEquals(answers.split("\n").filter((line) => line.startsWith("? ")).length, 15);
    assert(answers.includes("AT Clark "));
  },
});

Deno.test({
  name: "Session: a token that ends, or is revoked, ends what it allowed",
  permissions,
  async fn() {
    for (const end of ["time", "revoked"]) {
      const { server, tokens, settle } = await strict();
      const { token, jti } = await issue({ read: ["*"] });
      const client = await server.client();
      client.send(`AUTH ${token}\nWHATSAT dog 0 0\n`);
      await server.clock.settle();
      await settle();
      assert(client.received.includes("AT Clark "));
      if (end === "time") await server.clock.run(86_400_000);
      else await tokens.renew({ secrets: [secret], revoked: [jti] });
      const before = client.received.length;
      client.send("WHATSAT dog 0 0\n");
      await server.clock.settle();
      // A day later the connection itself is gone, since it was idle.
      if (client.ending === null) {
        assertEquals(client.received.slice(before), "? WHATSAT dog 0 0\n");
      } else assertEquals(end, "time");
    }
  },
});

Deno.test({
  name: "Session takes tokens of both secrets while a herd changes from one to the other",
  permissions,
  async fn() {
    const { ask } = await strict({}, secret, otherSecret);
    for (const by of [secret, otherSecret]) {
      const { token } = await issue({ read: ["*"] }, { by });
      assert((await ask(`AUTH ${token}\nWHATSAT dog 0 0\n`)).includes("AT Clark "), by);
    }
  },
});

Deno.test({
  name: "Session: another token takes the place of the one that was shown before",
  permissions,
  async fn() {
    const { ask } = await strict();
    const wide = (await issue({ read: ["*"] })).token;
    const narrow = (await issue({ read: ["family/*"] })).token;
    const asked = [`AUTH ${wide}`, "WHATSAT dog 0 0", `AUTH ${narrow}`, "WHATSAT dog 0 0"];
    const answers = (await ask(asked.join("\n") + "\n")).split("\n");
    assertEquals(answers.filter((line) => line.startsWith("AT ")).length, 1);
    assertEquals(answers.at(-2), "? WHATSAT dog 0 0");
  },
});

Deno.test({
  name: "Session: neighbours link without a token, by the herd's secret",
  permissions,
  async fn() {
    const { server: clark } = await strict({ name: "Clark", neighbours: ["Bona"], secret });
    const bona = await MemoryServer.start({
      name: "Bona",
      neighbours: ["Clark"],
      secret,
      network: clark.network,
      clock: clark.clock,
    });
    await clark.clock.run(3_000);
    assertEquals([clark.links.live, bona.links.live], [["Bona"], ["Clark"]]);
    assertEquals(bona.table.size, 2);
  },
});

Deno.test({
  name: "Session where clients are open takes AUTH for any other invalid command",
  permissions,
  async fn() {
    const server = await MemoryServer.start();
    assertEquals(
      await server.ask("AUTH x\nIAMAT k +1+1 1\n").then((text) => text.slice(0, 17)),
      [
        "? AUTH x\nAT Clark",
      ][0],
    );
  },
});

Deno.test({
  name: "Permit.isAuth() takes the word and nothing that begins with it",
  permissions,
  fn() {
    const isAuth = (text: string) => Permit.isAuth(new TextEncoder().encode(`${text}\n`), 0);
    for (const line of ["AUTH", "AUTH x", " \tAUTH x", "AUTH\tx"]) assert(isAuth(line), line);
    for (const line of ["", "AUTHX x", "auth x", "XAUTH", "AUT H"]) assertFalse(isAuth(line), line);
  },
});
