import { assert, assertEquals, assertMatch } from "@std/assert";
import { LineConnection } from "../../lib/links/line_connection.ts";
import { proverOf } from "../../lib/links/proof.ts";
import {
  backoffMsMax,
  backoffMsMin,
  catchUpMs,
  dialTimeoutMs,
  heartbeatMs,
  helloTimeoutMs,
  linkLineBytesMax,
  silenceMs,
} from "../../lib/limits.ts";
import { atLine } from "../locations/lines.ts";
import {
  type HerdOptions,
  MemoryHerd,
  type MemoryServer,
  port,
  Stranger,
} from "./herd_in_memory.ts";

const nonce = "0".repeat(32);
const withoutSecret = await proverOf();

function test(name: string, fn: () => Promise<MemoryHerd>): void {
  Deno.test({
    name: `Links: ${name}`,
    permissions: "none",
    async fn() {
      const herd = await fn();
      await herd.stop();
      assertEquals(herd.clock.timers, 0, "a timer goes on");
    },
  });
}

/** Clark alone; in Bona's place is the test. */
async function clarkAlone(options?: HerdOptions): Promise<[MemoryHerd, MemoryServer]> {
  const herd = await MemoryHerd.make("Bona-Clark Bailey-Bona", options);
  const clark = herd.server("Clark");
  clark.start();
  await herd.clock.settle();
  clark.events.splice(0);
  return [herd, clark];
}

/** Clark, and Bona's proven link to it, spoken by hand. */
async function linkedToClark(options?: HerdOptions): Promise<[MemoryHerd, MemoryServer, Stranger]> {
  const [herd, clark] = await clarkAlone(options);
  const bona = await herd.during(herd.dial("Bona", "Clark"));
  const prover = await proverOf(...[options?.secrets?.Bona ?? []].flat());
  assertEquals(await herd.during(bona.prove(prover)), "WELCOME");
  return [herd, clark, bona];
}

/** Listens in a server's place and gives what is dialled. */
async function dialledAs(herd: MemoryHerd, name: string, from: string): Promise<Stranger> {
  const hostname = herd.hostnameOf(name);
  const listener = herd.network.transport(hostname).listen({ hostname, port });
  const connection = await herd.during(listener.accept());
  listener.close();
  return new Stranger(new LineConnection(connection!), { from: name, to: from });
}

test("tell when they are made, each by the neighbour's name", async () => {
  const herd = await MemoryHerd.live("Bona-Clark");
  const made = herd.server("Clark").events.filter((event) => event.endsWith("made"));
  assertEquals(made.sort(), ["INFO link from Bona made", "INFO link to Bona made"]);
  assertEquals(herd.server("Bona").links.live, ["Clark"]);
  return herd;
});

test("that have nothing to say stay live, and their heartbeats are not in the log", async () => {
  const herd = await MemoryHerd.live("Bona-Clark");
  for (const server of herd.servers) server.events.splice(0);
  await herd.clock.run(600_000);
  for (const { links, events, wire } of herd.servers) {
    assertEquals([links.live.length, events], [1, []]);
    assertEquals(wire.filter((line) => line.includes("BEAT")), []);
  }
  return herd;
});

test("to a neighbour that is down are dialled again and again, with backoff, told once", async () => {
  const [herd, clark] = await clarkAlone();
  await herd.clock.run(60_000);
  const waits = clark.dialsMs.slice(1).map((ms, at) => ms - clark.dialsMs[at]!);
  assert(waits.length > 30, `${waits.length} dials in a minute`);
  waits.forEach((wait, at) => {
    const ceilingMs = Math.min(backoffMsMin * 2 ** at, backoffMsMax);
    assert(wait >= ceilingMs / 2 - 1 && wait <= ceilingMs + 1, `${wait} ms at try ${at}`);
  });
  assert(new Set(waits.slice(10)).size > 10, "no jitter");
  assertEquals(clark.events, []);
  return herd;
});

test("go on with the others while a neighbour is down", async () => {
  const herd = await MemoryHerd.live("Bona-Clark Clark-Jaquez");
  herd.server("Clark").events.splice(0);
  await herd.server("Jaquez").stop();
  await herd.clock.run(10_000);
  const [bona, clark] = [herd.server("Bona"), herd.server("Clark")];
  assertEquals(clark.links.live, ["Bona"]);
  const words = { id: "k", time: "1", server: "Bona" };
  bona.report(words);
  await herd.clock.settle();
  assertEquals(clark.known("k"), atLine(words));
  assert(clark.events.includes("INFO link to Jaquez lost"));
  assert(clark.events.includes("INFO link from Jaquez lost"));
  assertEquals(clark.events.filter((event) => event.startsWith("WARN")), [
    "WARN no link to Jaquez: closed by the neighbour",
    "WARN no link to Jaquez: connection refused",
  ]);
  return herd;
});

test("are dialled at once when the neighbour says hello", async () => {
  const herd = await MemoryHerd.make("Bona-Clark");
  const [bona, clark] = [herd.server("Bona"), herd.server("Clark")];
  clark.start();
  await herd.clock.run(30_000);
  while (clark.dialsMs.at(-1)! < herd.clock.steadyMs() - 100) await herd.clock.run(10);
  bona.start();
  await herd.clock.settle();
  assertEquals([clark.links.live, bona.links.live], [["Bona"], ["Clark"]]);
  return herd;
});

test("that were live once are dialled again after the shortest wait", async () => {
  const [herd, clark] = await clarkAlone();
  await herd.clock.run(30_000);
  const bona = await dialledAs(herd, "Bona", "Clark");
  await herd.during(bona.hear());
  await bona.say(`HELLO 2 Bona Clark ${nonce}`);
  assertEquals(await herd.during(bona.hear()), "PROOF -");
  await bona.say("WELCOME -");
  await herd.clock.settle();
  assertEquals(clark.links.live, ["Bona"]);
  const dials = clark.dialsMs.length;
  bona.link.close();
  await herd.clock.run(backoffMsMin);
  assertEquals(clark.dialsMs.length, dials + 1);
  return herd;
});

test("give up a dial that is not answered after dialTimeoutMs, and dial again", async () => {
  const herd = await MemoryHerd.make("Bona-Clark");
  const clark = herd.server("Clark");
  herd.network.cut(herd.hostnameOf("Bona"), clark.hostname);
  clark.start();
  await herd.clock.run(dialTimeoutMs - 1);
  assertEquals([clark.dialsMs.length, clark.events], [1, []]);
  await herd.clock.run(backoffMsMin + 1);
  assertEquals(clark.dialsMs.length, 2);
  assertEquals(clark.events, ["WARN no link to Bona: no answer"]);
  return herd;
});

test("give up a neighbour that does not answer our hello after helloTimeoutMs", async () => {
  const [herd, clark] = await clarkAlone();
  const bona = await dialledAs(herd, "Bona", "Clark");
  assertMatch((await bona.hear())!, /^HELLO 2 Clark Bona [0-9a-f]{32}$/);
  await herd.clock.run(helloTimeoutMs + 100);
  assertEquals(clark.events[0], "WARN no link to Bona: no answer to our hello");
  assertEquals(await bona.hear(), null);
  bona.link.close();
  return herd;
});

test("give up a neighbour that says hello and no more after helloTimeoutMs", async () => {
  const [herd, clark] = await clarkAlone();
  const bona = await herd.dial("Bona", "Clark");
  await bona.say(`HELLO 2 Bona Clark ${nonce}`);
  assertMatch((await herd.during(bona.hear()))!, /^HELLO 2 Clark Bona [0-9a-f]{32}$/);
  await herd.clock.run(helloTimeoutMs - 100);
  assertEquals(clark.events, []);
  await herd.clock.run(200);
  assertMatch(clark.events.join(), /^WARN refused a link from 127\.0\.0\.2:\d+: no proof in time$/);
  assertEquals(await herd.during(bona.hear()), null);
  bona.link.close();
  return herd;
});

const refusals: [why: string, hello: string, event: RegExp][] = [
  ["of another version", `HELLO 3 Bona Clark ${nonce} and more`, /link version 3/],
  ["to another server", `HELLO 2 Bona Jaquez ${nonce}`, /a hello to "Jaquez"/],
  ["from no neighbour", `HELLO 2 Bailey Clark ${nonce}`, /"Bailey" is no neighbour of Clark/],
  ["from nobody we know", `HELLO 2 Eve Clark ${nonce}`, /"Eve" is no neighbour of Clark/],
  ["from itself", `HELLO 2 Clark Clark ${nonce}`, /"Clark" is no neighbour of Clark/],
  ["without a nonce", "HELLO 2 Bona Clark", /a malformed hello/],
  ["of more than there is to say", `HELLO 2 Bona Clark ${nonce} -`, /a malformed hello/],
  ["without a version", "HELLO", /a hello without a version/],
];
for (const [why, hello, event] of refusals) {
  test(`refuse a hello ${why}`, async () => {
    const [herd, clark] = await clarkAlone();
    const stranger = await herd.dial("Bona", "Clark");
    await stranger.say(hello);
    assertEquals(await herd.during(stranger.hear()), `? ${hello}`);
    assertMatch(clark.events.join("\n"), event);
    assertEquals(clark.events.length, 1);
    stranger.link.close();
    return herd;
  });
}

const answers: [why: string, answer: string, event: RegExp][] = [
  ["that refuses our hello", "? HELLO", /it refused our hello/],
  ["of another version", "HELLO 3 Bona Clark", /link version 3/],
  ["of the version before", `HELLO 1 Bona Clark ${nonce} -`, /link version 1 in answer to 2/],
  ["of another name", `HELLO 2 Jaquez Clark ${nonce}`, /a hello from "Jaquez" where "Bona"/],
  ["to another server", `HELLO 2 Bona Jaquez ${nonce}`, /a hello to "Jaquez"/],
  ["that is malformed", "HELLO 2 Bona Clark -", /a malformed hello/],
];
for (const [why, answer, event] of answers) {
  test(`refuse an answer ${why}, once in the log, and dial again`, async () => {
    const [herd, clark] = await clarkAlone();
    for (let time = 0; time < 3; time++) {
      const bona = await dialledAs(herd, "Bona", "Clark");
      await bona.hear();
      await bona.say(answer);
      assertEquals(await herd.during(bona.hear()), null);
      bona.link.close();
    }
    const told = clark.events.filter((line) => event.test(line));
    assert(told.length >= 1 && told.every((line) => line.startsWith("WARN no link to Bona: ")));
    assertEquals(clark.links.live, []);
    return herd;
  });
}

test("go on when a neighbour refuses our proof", async () => {
  const [herd, clark] = await clarkAlone();
  const bona = await dialledAs(herd, "Bona", "Clark");
  await bona.hear();
  await bona.say(`HELLO 2 Bona Clark ${nonce}`);
  assertEquals(await herd.during(bona.hear()), "PROOF -");
  await bona.say("? PROOF -");
  assertEquals(await herd.during(bona.hear()), null);
  bona.link.close();
  assertEquals(clark.events, [
    "WARN no link to Bona: it refused our proof of the secret (HERD_SECRET is the same everywhere?)",
  ]);
  return herd;
});

test("with the same secret are made, from any machine", async () => {
  const secrets = { Bona: "a long secret", Clark: "a long secret" };
  return await MemoryHerd.live("Bona-Clark", { secrets, hostnames: "10.0.0." });
});

test("with different secrets are not made, and both say why", async () => {
  const secrets = { Bona: "a long secret", Clark: "another secret" };
  const herd = await MemoryHerd.make("Bona-Clark", { secrets });
  for (const server of herd.servers) server.start();
  await herd.clock.run(10_000);
  for (const { links, events } of herd.servers) {
    assertEquals(links.live, []);
    assert(events.some((event) => /it refused our proof of the secret/.test(event)), events.join());
    assert(events.some((event) => /a wrong proof of the secret/.test(event)), events.join());
    assert(!events.some((event) => /a long|another/.test(event)), "a secret in the log");
  }
  return herd;
});

test("from other machines need a secret, or leave to do without", async () => {
  const hostnames = "10.0.0.";
  const herd = await MemoryHerd.make("Bona-Clark", { hostnames });
  for (const server of herd.servers) server.start();
  await herd.clock.run(1_000);
  for (const { links, events } of herd.servers) {
    assertEquals(links.live, []);
    assert(events.some((event) => /links from other machines need HERD_SECRET/.test(event)));
  }
  await herd.stop();
  return await MemoryHerd.live("Bona-Clark", { hostnames, insecureLinks: true });
});

const secrets = { Bona: "a long secret", Clark: "a long secret" };
const wrongProofs: [why: string, change: Record<string, string>][] = [
  ["of another conversation", { toNonce: nonce }],
  ["of the other side", { side: "accept" }],
  ["of another server", { from: "Jaquez" }],
];
for (const [why, change] of wrongProofs) {
  test(`refuse a proof ${why}`, async () => {
    const [herd, clark] = await clarkAlone({ secrets });
    const bona = await herd.dial("Bona", "Clark");
    const prover = await proverOf(secrets.Bona);
    const end = await herd.during(bona.prove(prover, change));
    assertMatch(end!, /^\? HELLO 2 Bona Clark /);
    assertMatch(clark.events.join(), /^WARN refused a link .*: a wrong proof of the secret$/);
    bona.link.close();
    return herd;
  });
}

test("refuse records before the proof", async () => {
  const [herd, clark] = await clarkAlone({ secrets });
  const bona = await herd.dial("Bona", "Clark");
  await bona.say(`HELLO 2 Bona Clark ${nonce}\n${atLine({ id: "k", time: "1" })}`);
  await herd.during(bona.hear());
  assertMatch((await herd.during(bona.hear()))!, /^\? HELLO/);
  assertEquals(clark.known("k"), null);
  assertMatch(clark.events.join(), /no proof after the hello$/);
  bona.link.close();
  return herd;
});

test("take records that come in the same piece as the proof", async () => {
  const [herd, clark] = await clarkAlone();
  const bona = await herd.dial("Bona", "Clark");
  await bona.say(`HELLO 2 Bona Clark ${nonce}\nPROOF -\n${atLine({ id: "k", time: "1" })}`);
  await herd.clock.settle();
  assertEquals(clark.known("k"), atLine({ id: "k", time: "1" }));
  bona.link.close();
  return herd;
});

test("take a second link from the same neighbour in the first one's place", async () => {
  const [herd, clark, first] = await linkedToClark();
  clark.events.splice(0);
  const second = await herd.dial("Bona", "Clark");
  assertEquals(await herd.during(second.prove(withoutSecret)), "WELCOME");
  await herd.clock.settle();
  assertEquals(await herd.during(first.hear()), null);
  assertEquals(clark.events, ["INFO link from Bona lost", "INFO link from Bona made"]);
  await second.say(atLine({ id: "k", time: "1" }));
  await herd.clock.settle();
  assertEquals(clark.known("k"), atLine({ id: "k", time: "1" }));
  first.link.close();
  second.link.close();
  await herd.clock.settle();
  assertEquals(clark.events.slice(2), ["INFO link from Bona lost"]);
  return herd;
});

const cuts: [why: string, line: string, event: RegExp][] = [
  ["a record of a forged origin", atLine({ id: "k", time: "1", server: "Eve" }), /origin/],
  [
    "a record whose origin only begins right",
    atLine({ id: "k", time: "1", server: "Clar" }),
    /origin/,
  ],
  ["a malformed record", "AT Clark +0.1 k +1-2 3", /a malformed record/],
  ["a record with a sign in its time", atLine({ id: "k", time: "+1" }), /a malformed record/],
  ["a record beyond the pole", atLine({ id: "k", time: "1", location: "+91-2" }), /malformed/],
  ["a client's command", "IAMAT k +1-2 3", /a line that no server sends/],
  ["a blank line", "", /a line that no server sends/],
  ["a list of groups that no table has", "DIFFER 1 256", /a group that no table has/],
  ["an empty list of groups", "DIFFER", /a malformed list of groups/],
  ["a second hello", `HELLO 2 Bona Clark ${nonce}`, /a line that no server sends/],
];
for (const [why, line, event] of cuts) {
  test(`are cut by ${why}, which changes nothing`, async () => {
    const [herd, clark, bona] = await linkedToClark();
    await bona.say(`${atLine({ id: "before", time: "1" })}\n${line}`);
    await bona.say(atLine({ id: "behind", time: "1" })).catch(() => {});
    assertEquals(await herd.during(bona.hear()), null);
    assert(clark.known("before") !== null);
    assertEquals([clark.known("k"), clark.known("behind")], [null, null]);
    assertMatch(clark.events.at(-2)!, /^WARN link from Bona cut: /);
    assertMatch(clark.events.at(-2)!, event);
    assertEquals(clark.events.at(-1), "INFO link from Bona lost");
    bona.link.close();
    return herd;
  });
}

test("are cut by an endless line", async () => {
  const [herd, clark, bona] = await linkedToClark();
  const writing = bona.say("x".repeat(2 * linkLineBytesMax)).catch(() => {});
  await herd.during(writing);
  assertEquals(await herd.during(bona.hear()), null);
  assert(clark.events.includes("WARN link from Bona cut: an endless line"));
  bona.link.close();
  return herd;
});

test("drop an unfinished line at the end of file, which may be half of a time", async () => {
  const [herd, clark, bona] = await linkedToClark();
  const whole = atLine({ id: "k", time: "1" });
  const half = new TextEncoder().encode(`${whole}\n${atLine({ id: "k", time: "16214648" })}`);
  await bona.link.write(half);
  bona.link.close();
  await herd.clock.settle();
  assertEquals(clark.known("k"), whole);
  assertEquals(clark.events.at(-1), "INFO link from Bona lost");
  return herd;
});

test("on which nothing is heard are dropped within silenceMs and a beat, and made again", async () => {
  const herd = await MemoryHerd.live("Bona-Clark");
  const [bona, clark] = [herd.server("Bona"), herd.server("Clark")];
  herd.network.cut(bona.hostname, clark.hostname);
  await herd.clock.run(silenceMs - heartbeatMs);
  assertEquals([bona.links.live, clark.links.live], [["Clark"], ["Bona"]]);
  await herd.clock.run(2 * heartbeatMs + 100);
  assertEquals([bona.links.live, clark.links.live], [[], []]);
  for (const { events } of herd.servers) {
    assert(events.some((event) => /^WARN no link to \w+: silent$/.test(event)), events.join("\n"));
    assert(events.some((event) => /^WARN link from \w+ cut: silent$/.test(event)));
  }
  clark.report({ id: "k", time: "1" });
  herd.network.mend(bona.hostname, clark.hostname);
  await herd.clock.run(backoffMsMax);
  assertEquals([bona.links.live, clark.links.live], [["Clark"], ["Bona"]]);
  await herd.clock.settle();
  assertEquals(bona.known("k"), atLine({ id: "k", time: "1" }));
  return herd;
});

test("that are silent with a write stuck in them say that they are silent", async () => {
  const herd = await MemoryHerd.live("Bona-Clark", { bufferBytes: 500 });
  const [bona, clark] = [herd.server("Bona"), herd.server("Clark")];
  herd.network.cut(bona.hostname, clark.hostname);
  for (let client = 0; client < 100; client++) clark.report({ id: `c${client}`, time: "1" });
  await herd.clock.run(silenceMs + 2 * heartbeatMs);
  const warnings = clark.events.filter((event) => event.startsWith("WARN"));
  assertEquals(warnings[0], "WARN no link to Bona: silent");
  herd.network.mend(bona.hostname, clark.hostname);
  return herd;
});

test("that are reset are made again, and flooding goes on", async () => {
  const herd = await MemoryHerd.live("Bona-Clark");
  const [bona, clark] = [herd.server("Bona"), herd.server("Clark")];
  for (let time = 1; time <= 20; time++) {
    herd.network.reset(bona.hostname, clark.hostname);
    await herd.clock.run(backoffMsMax);
    assertEquals([bona.links.live, clark.links.live], [["Clark"], ["Bona"]]);
    const words = { id: "k", time: String(time), server: "Clark" };
    clark.report(words);
    await herd.clock.settle();
    assertEquals(bona.known("k"), atLine(words));
  }
  return herd;
});

test("stop in every state: nothing is dialled, open or told any more", async () => {
  for (let beginMs = 0; beginMs < 60; beginMs += 7) {
    const herd = await MemoryHerd.make("Bona-Clark Clark-Jaquez Clark-Campbell");
    const clark = herd.server("Clark");
    herd.network.cut(clark.hostname, herd.hostnameOf("Campbell"));
    herd.server("Bona").start();
    clark.start();
    // One more that is being proven: it is Jaquez by its word, and says no more.
    const jaquez = await herd.dial("Jaquez", "Clark");
    await jaquez.say(`HELLO 2 Jaquez Clark ${nonce}`);
    await herd.clock.run(beginMs);
    await herd.server("Bona").stop();
    await herd.clock.settle();
    await clark.stop();
    const dials = clark.dialsMs.length;
    await herd.clock.run(60_000);
    assertEquals(clark.dialsMs.length, dials);
    assertEquals(clark.links.live, []);
    jaquez.link.close();
    await herd.clock.settle();
    assertEquals([herd.clock.timers, herd.network.connections], [0, 0]);
  }
  return await MemoryHerd.live("Bona-Clark");
});

test("write no hashes into the log, but what differs", async () => {
  const herd = await MemoryHerd.live("Bona-Clark");
  const clark = herd.server("Clark");
  for (const server of herd.servers) server.wire.splice(0);
  await herd.clock.run(600_000);
  const lines = clark.wire.splice(0);
  assert(lines.length >= 2 * 600_000 / (1.5 * catchUpMs), `${lines.length} lines`);
  assertEquals(new Set(lines), new Set([`in Bona DIGEST same`, `out Bona DIGEST`]));
  const bona = herd.server("Bona");
  for (const server of herd.servers) server.wire.splice(0);
  herd.network.reset(bona.hostname, clark.hostname);
  bona.report({ id: "k", time: "1", server: "Bona" });
  bona.report({ id: "k", time: "2", server: "Bona" });
  clark.report({ id: "k", time: "1", server: "Clark" });
  await herd.clock.run(backoffMsMax + 1_000);
  assertEquals(clark.known("k"), bona.known("k"));
  const group = bona.wire.find((line) => line.startsWith("out Clark DIFFER "))?.split(" ")[3];
  assert(bona.wire.includes("in Clark DIGEST 1 of 256 groups differ"), bona.wire.join("\n"));
  assert(bona.wire.includes(`in Clark BUCKETS ${group}`));
  assert(clark.wire.includes(`out Bona BUCKETS ${group}`));
  return herd;
});

test("say what went wrong inside, with its stack, once a minute", async () => {
  const [herd, clark] = await clarkAlone();
  clark.table.merge = () => {
    throw new TypeError("a bug of ours");
  };
  for (let times = 0; times < 3; times++) {
    const bona = await herd.dial("Bona", "Clark");
    assertEquals(await herd.during(bona.prove(withoutSecret)), "WELCOME");
    await bona.say(atLine({ id: "k", time: "1" }));
    assertEquals(await herd.during(bona.hear()), null);
    bona.link.close();
  }
  const errors = clark.events.filter((event) => event.startsWith("ERROR"));
  assertEquals(errors.length, 1);
  assertMatch(errors[0]!, /^ERROR unexpected, in the link from Bona: TypeError: a bug of ours at /);
  return herd;
});

test("that break are no fault of the program", async () => {
  const herd = await MemoryHerd.live("Bona-Clark");
  const [bona, clark] = [herd.server("Bona"), herd.server("Clark")];
  for (let times = 0; times < 5; times++) {
    herd.network.reset(bona.hostname, clark.hostname);
    await herd.clock.run(backoffMsMax);
  }
  for (const { events } of herd.servers) {
    assertEquals(events.filter((event) => event.startsWith("ERROR")), []);
  }
  return herd;
});
