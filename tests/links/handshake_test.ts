// Issue 10, Build 5: in version 2 the dialler proves first, so that who only asks gets nothing to try
// secrets on; with a neighbour that is not upgraded yet version 1 is spoken, which gives it nothing of
// ours that it has not proven it may have.

import { assert, assertEquals, assertMatch } from "@std/assert";
import { helloTimeoutMs } from "../../lib/limits.ts";
import { LineConnection } from "../../lib/links/line_connection.ts";
import { type Claim, proverOf } from "../../lib/links/proof.ts";
import { atLine } from "../locations/lines.ts";
import {
  type HerdOptions,
  MemoryHerd,
  type MemoryServer,
  port,
  Stranger,
} from "./herd_in_memory.ts";

const nonce = "0".repeat(32);
const secrets = { Bona: "a secret of the herd", Clark: "a secret of the herd" };
const prover = await proverOf(secrets.Clark);

function test(name: string, fn: () => Promise<MemoryHerd>): void {
  Deno.test({
    name: `Handshake: ${name}`,
    permissions: "none",
    async fn() {
      const herd = await fn();
      await herd.stop();
      assertEquals(herd.clock.timers, 0, "a timer goes on");
    },
  });
}

/** Clark alone; in Bona's place is the test. */
async function clarkAlone(options: HerdOptions = { secrets }): Promise<[MemoryHerd, MemoryServer]> {
  const herd = await MemoryHerd.make("Bona-Clark", options);
  const clark = herd.server("Clark");
  clark.start();
  await herd.clock.settle();
  clark.events.splice(0);
  return [herd, clark];
}

/** What Clark dials next, with the test in Bona's place. */
async function dialled(herd: MemoryHerd): Promise<Stranger> {
  const hostname = herd.hostnameOf("Bona");
  const listener = herd.network.transport(hostname).listen({ hostname, port });
  const connection = await herd.during(listener.accept());
  listener.close();
  return new Stranger(new LineConnection(connection!), { from: "Bona", to: "Clark" });
}

/** The claim of a link that Clark dialled, when the test's nonce is {@linkcode nonce}. */
function claimOf(hello: string, side: Claim["side"], version: Claim["version"] = 2): Claim {
  const fromNonce = hello.split(" ")[4]!;
  return { version, side, from: "Clark", to: "Bona", fromNonce, toNonce: nonce };
}

test("who says hello and proves nothing is told a nonce and no proof", async () => {
  const [herd, clark] = await clarkAlone();
  const stranger = await herd.dial("Bona", "Clark");
  await stranger.say(`HELLO 2 Bona Clark ${nonce}`);
  assertMatch((await herd.during(stranger.hear()))!, /^HELLO 2 Clark Bona [0-9a-f]{32}$/);
  await stranger.say(`PROOF ${"0".repeat(64)}`);
  assertEquals(await herd.during(stranger.hear()), `? HELLO 2 Bona Clark ${nonce}`);
  assertEquals(await herd.during(stranger.hear()), null);
  assertMatch(clark.events.join(), /a wrong proof of the secret$/);
  assert(!clark.wire.some((line) => /[0-9a-f]{64}/.test(line) && line.startsWith("out")));
  stranger.link.close();
  return herd;
});

test("the acceptor proves itself in its welcome", async () => {
  const [herd, clark] = await clarkAlone();
  const bona = await herd.dial("Bona", "Clark");
  assertEquals(await herd.during(bona.prove(prover)), "WELCOME");
  assertEquals(clark.events, ["INFO link from Bona made"]);
  bona.link.close();
  return herd;
});

/** By what is wrong with it: the welcome of who is no neighbour, from the dialler's hello and proof. */
const welcomes: [why: string, welcome: (hello: string, proof: string) => string][] = [
  ["no proof", () => "WELCOME"],
  ["the proof of a herd without a secret", () => "WELCOME -"],
  ["any proof", () => `WELCOME ${"0".repeat(64)}`],
  ["the dialler's own proof, reflected", (_hello, proof) => `WELCOME ${proof}`],
  [
    "a proof of the version before",
    (hello) => `WELCOME ${prover.prove(claimOf(hello, "accept", 1))}`,
  ],
  [
    "a proof that was heard before",
    (hello) => `WELCOME ${prover.prove({ ...claimOf(hello, "accept"), fromNonce: nonce })}`,
  ],
  [
    "another server's proof",
    (hello) => `WELCOME ${prover.prove({ ...claimOf(hello, "accept"), to: "Jaquez" })}`,
  ],
];
for (const [why, welcome] of welcomes) {
  test(`the dialler sends no record to who says welcome with ${why}`, async () => {
    const [herd, clark] = await clarkAlone();
    clark.report({ id: "kept", time: "1" });
    const bona = await dialled(herd);
    const hello = (await herd.during(bona.hear()))!;
    await bona.say(`HELLO 2 Bona Clark ${nonce}`);
    const [, proof] = (await herd.during(bona.hear()))!.split(" ");
    await bona.say(`${welcome(hello, proof!)}\nDIGEST ${btoa("\0".repeat(2048))}`);
    assertEquals(await herd.during(bona.hear()), null);
    assertEquals(clark.sent(), []);
    assertEquals(clark.events, [
      "WARN no link to Bona: its proof of the secret is wrong (HERD_SECRET is the same everywhere?)",
    ]);
    bona.link.close();
    return herd;
  });
}

/** By what is wrong with it: the proof of a dialler that is no neighbour. */
const proofs: [why: string, change: Partial<Claim>][] = [
  ["of the version before", { version: 1 }],
  ["of the other side", { side: "accept" }],
  ["of another server", { from: "Jaquez" }],
  ["that was heard before", { toNonce: nonce }],
];
for (const [why, change] of proofs) {
  test(`the acceptor gives no proof for a proof ${why}`, async () => {
    const [herd, clark] = await clarkAlone();
    const bona = await herd.dial("Bona", "Clark");
    await bona.say(`HELLO 2 Bona Clark ${nonce}`);
    const toNonce = (await herd.during(bona.hear()))!.split(" ")[4]!;
    const claim = { version: 2, side: "dial", from: "Bona", to: "Clark" } as const;
    const proof = prover.prove({ ...claim, fromNonce: nonce, toNonce, ...change });
    await bona.say(`PROOF ${proof}`);
    assertEquals(await herd.during(bona.hear()), `? HELLO 2 Bona Clark ${nonce}`);
    assertEquals(await herd.during(bona.hear()), null);
    assertMatch(clark.events.join(), /^WARN refused a link from .*: a wrong proof of the secret$/);
    bona.link.close();
    return herd;
  });
}

test("no proof is in the log, on which who reads it could guess the secret", async () => {
  const herd = await MemoryHerd.live("Bona-Clark", { secrets });
  const said = herd.servers.flatMap(({ wire }) => wire).filter((line) => !line.includes("HELLO"));
  for (const word of ["PROOF", "WELCOME"]) {
    const lines = said.filter((line) => line.includes(word));
    assert(lines.length >= 2, word);
    for (const line of lines) assertMatch(line, new RegExp(`^(in|out) \\S+ ${word}$`));
  }
  return herd;
});

test("the acceptor's welcome of one link is no proof for another", async () => {
  const [herd, clark] = await clarkAlone();
  const [first, second] = [await herd.dial("Bona", "Clark"), await herd.dial("Bona", "Clark")];
  await first.say(`HELLO 2 Bona Clark ${nonce}`);
  const toNonce = (await herd.during(first.hear()))!.split(" ")[4]!;
  const claim = { version: 2, from: "Bona", to: "Clark", fromNonce: nonce, toNonce } as const;
  await first.say(`PROOF ${prover.prove({ ...claim, side: "dial" })}`);
  const welcome = (await herd.during(first.hear()))!;
  assertEquals(welcome, `WELCOME ${prover.prove({ ...claim, side: "accept" })}`);
  await second.say(`HELLO 2 Bona Clark ${nonce}\n${welcome.replace("WELCOME", "PROOF")}`);
  await herd.during(second.hear());
  assertMatch((await herd.during(second.hear()))!, /^\? HELLO 2/);
  assertEquals(clark.events.filter((event) => /a wrong proof/.test(event)).length, 1);
  first.link.close();
  second.link.close();
  return herd;
});

test("a neighbour of version 1 is dialled again in version 1, and proves first", async () => {
  const [herd, clark] = await clarkAlone();
  clark.report({ id: "kept", time: "1", server: "Clark" });
  for (let times = 0; times < 2; times++) {
    const refusing = await dialled(herd);
    const hello = (await herd.during(refusing.hear()))!;
    assertMatch(hello, /^HELLO 2 Clark Bona [0-9a-f]{32}$/);
    await refusing.say(`? ${hello}`);
    const bona = await dialled(herd);
    const again = (await herd.during(bona.hear()))!;
    assertMatch(again, /^HELLO 1 Clark Bona [0-9a-f]{32}$/);
    await bona.say(`HELLO 1 Bona Clark ${nonce} ${prover.prove(claimOf(again, "accept", 1))}`);
    assertEquals(
      await herd.during(bona.hear()),
      `PROOF ${prover.prove(claimOf(again, "dial", 1))}`,
    );
    await bona.say("WELCOME");
    await herd.clock.settle();
    assertEquals(clark.links.live, ["Bona"]);
    clark.report({ id: "kept", time: `${2 + times}`, server: "Clark" });
    const line = atLine({ id: "kept", time: `${2 + times}`, server: "Clark" });
    assertEquals(await herd.during(bona.hear()), line);
    // When the link is lost, the neighbour may come back upgraded: version 2 is tried first again.
    refusing.link.close();
    bona.link.close();
    await herd.clock.settle();
  }
  assertEquals(clark.events.filter((event) => /Bona (made|lost)/.test(event)), [
    "INFO link to Bona made, in version 1",
    "INFO link to Bona lost",
    "INFO link to Bona made, in version 1",
    "INFO link to Bona lost",
  ]);
  return herd;
});

test("who stands between and answers ? HELLO 2 is proven nothing", async () => {
  const [herd, clark] = await clarkAlone();
  const said: string[] = [];
  for (let times = 0; times < 6; times++) {
    const between = await dialled(herd);
    const hello = (await herd.during(between.hear()))!;
    said.push(hello);
    // The second time it makes a proof up: Clark ends the link before it says its own.
    await between.say(
      times % 2 === 0 ? `? ${hello}` : `HELLO 1 Bona Clark ${nonce} ${"0".repeat(64)}`,
    );
    for (let line = ""; line !== null;) {
      line = (await herd.during(between.hear()))!;
      if (line !== null) said.push(line);
    }
    between.link.close();
  }
  assertEquals(
    said.map((line) => line.slice(0, 8)),
    Array(3).fill(["HELLO 2 ", "HELLO 1 "]).flat(),
  );
  assertEquals(clark.events, [
    "WARN no link to Bona: its proof of the secret is wrong (HERD_SECRET is the same everywhere?)",
  ]);
  return herd;
});

test("a neighbour that refuses both versions is dialled no more often than any other", async () => {
  const [herd, clark] = await clarkAlone();
  const hostname = herd.hostnameOf("Bona");
  const listener = herd.network.transport(hostname).listen({ hostname, port });
  const refuse = async () => {
    for (let next = await listener.accept(); next !== null; next = await listener.accept()) {
      const bona = new Stranger(new LineConnection(next), { from: "Bona", to: "Clark" });
      await bona.say(`? ${await bona.hear()}`);
      await bona.hear();
      bona.link.close();
    }
  };
  const refusing = refuse();
  await herd.clock.run(10_000);
  const dials = clark.dialsMs.length;
  await herd.clock.run(60_000);
  // The longest wait is 2 s, half of it by chance.
  assert(clark.dialsMs.length - dials <= 60, `${clark.dialsMs.length - dials} dials a minute`);
  assertEquals(clark.events, ["WARN no link to Bona: it refused our hello"]);
  listener.close();
  await refusing;
  return herd;
});

test("a hello of version 1 gets no proof where there is a secret, and the log says why", async () => {
  const [herd, clark] = await clarkAlone();
  const bona = await herd.dial("Bona", "Clark");
  await bona.say(`HELLO 1 Bona Clark ${nonce}`);
  assertEquals(await herd.during(bona.hear()), `? HELLO 1 Bona Clark ${nonce}`);
  assertMatch(
    clark.events.join(),
    /link version 1 .*: upgrade Bona, or have "acceptLinks1": true in herd\.json until it is$/,
  );
  bona.link.close();
  return herd;
});

for (
  const [how, options] of [
    ["without a secret", {}],
    ["with acceptLinks1", { secrets, acceptLinks1: true }],
  ] as const
) {
  test(`a neighbour of version 1 is accepted ${how}`, async () => {
    const [herd, clark] = await clarkAlone(options);
    const bona = await herd.dial("Bona", "Clark");
    const prover = await proverOf("secrets" in options ? secrets.Bona : undefined);
    assertEquals(await herd.during(bona.prove(prover, { version: 1 })), "WELCOME");
    assertEquals(clark.events, ["INFO link from Bona made, in version 1"]);
    await bona.say(atLine({ id: "k", time: "1" }));
    await herd.clock.settle();
    assertEquals(clark.known("k"), atLine({ id: "k", time: "1" }));
    bona.link.close();
    return herd;
  });
}

test("links that accept version 1 take a proof of version 2 for none of version 1", async () => {
  const [herd, clark] = await clarkAlone({ secrets, acceptLinks1: true });
  const bona = await herd.dial("Bona", "Clark");
  await bona.say(`HELLO 1 Bona Clark ${nonce}`);
  const [, , , , toNonce, theirs] = (await herd.during(bona.hear()))!.split(" ");
  const names = { side: "dial", from: "Bona", to: "Clark" } as const;
  const claim = { version: 2, ...names, fromNonce: nonce, toNonce: toNonce! } as const;
  await bona.say(`PROOF ${prover.prove(claim)}`);
  assertMatch((await herd.during(bona.hear()))!, /^\? HELLO 1/);
  assertEquals(theirs?.length, 64);
  assertMatch(clark.events.join(), /a wrong proof of the secret$/);
  bona.link.close();
  return herd;
});

test("a dialler that is slow to prove is let go, as ever", async () => {
  const [herd, clark] = await clarkAlone();
  const bona = await herd.dial("Bona", "Clark");
  await bona.say(`HELLO 2 Bona Clark ${nonce}`);
  await herd.during(bona.hear());
  await herd.clock.run(helloTimeoutMs);
  assertEquals(await herd.during(bona.hear()), null);
  assertMatch(clark.events.join(), /no proof in time$/);
  bona.link.close();
  return herd;
});

test("of two secrets the first is proven with and either is taken", async () => {
  const [before, after] = ["the old secret of the herd", "the new secret of the herd"];
  const steps: [bona: string[], clark: string[]][] = [
    [[before], [before, after]],
    [[before, after], [after, before]],
    [[after, before], [after]],
  ];
  for (const [bona, clark] of steps) {
    const herd = await MemoryHerd.live("Bona-Clark", { secrets: { Bona: bona, Clark: clark } });
    await herd.stop();
  }
  return await MemoryHerd.make("Bona-Clark");
});
