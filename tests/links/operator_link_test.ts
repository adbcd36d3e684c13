import { assert, assertEquals, assertMatch } from "@std/assert";
import { proverOf } from "../../lib/links/proof.ts";
import { operatorName } from "../../lib/links/operator_link.ts";
import { helloTimeoutMs } from "../../lib/limits.ts";
import { type HerdOptions, MemoryHerd, type Stranger } from "./herd_in_memory.ts";

const permissions = "none";
const secret = "the secret of a herd in memory";

/** Clark and Bona, both with kiwi's record, and somebody who calls himself Clark's operator. */
async function herdWithOperator(options: HerdOptions = {}): Promise<[MemoryHerd, Stranger]> {
  const herd = await MemoryHerd.live("Bona-Clark", options);
  herd.server("Clark").report({ id: "kiwi", time: "1621464827.5" });
  await herd.clock.run(100);
  assert(herd.server("Bona").known("kiwi") !== null);
  return [herd, await herd.during(herd.dial(operatorName, "Clark"))];
}

const secrets = { Clark: secret, Bona: secret };

Deno.test({
  name: "OperatorLink: FORGET deletes a client on every server, and is answered the tombstone",
  permissions,
  async fn() {
    for (const options of [{ secrets }, {}]) {
      const [herd, operator] = await herdWithOperator(options);
      const prover = await proverOf("secrets" in options ? secret : undefined);
      assertEquals(await herd.during(operator.prove(prover)), "WELCOME");
      await operator.say("FORGET kiwi");
      const answer = await herd.during(operator.hear());
      assertMatch(answer!, /^AT Clark \+0\.000000000 kiwi - 16214648\d\d\.\d{9}$/);
      await herd.clock.run(100);
      for (const server of herd.servers) assertEquals(server.known("kiwi"), answer);
      await operator.say("FORGET kiwi");
      assertEquals(await herd.during(operator.hear()), "? FORGET kiwi", "it is deleted already");
      await herd.stop();
    }
  },
});

Deno.test({
  name: "OperatorLink answers ? to what is no FORGET, and takes no record",
  permissions,
  async fn() {
    const [herd, operator] = await herdWithOperator({ secrets });
    await herd.during(operator.prove(await proverOf(secret)));
    const lines = [
      "FORGET",
      "FORGET nobody",
      "FORGET kiwi kiwi",
      "forget kiwi",
      "AT Clark +0.1 forged +1+1 1700000000",
      "DIGEST x",
      `FORGET ${"x".repeat(1025)}`,
      "",
    ];
    for (const line of lines) {
      await operator.say(line);
      assertEquals(await herd.during(operator.hear()), `? ${line}`);
    }
    assertEquals(herd.server("Clark").table.size, 1);
    await herd.stop();
  },
});

Deno.test({
  name: "OperatorLink deletes nobody without the secret",
  permissions,
  async fn() {
    for (const told of ["another secret, long enough", undefined]) {
      const [herd, operator] = await herdWithOperator({ secrets });
      assertMatch((await herd.during(operator.prove(await proverOf(told))))!, /^\? HELLO/);
      assert(herd.server("Clark").known("kiwi")!.includes("+34-118"));
      await herd.stop();
    }
  },
});

Deno.test({
  name: "OperatorLink without a secret is for this machine only, whatever --insecure-links says",
  permissions,
  async fn() {
    const options = { hostnames: "10.0.0.", insecureLinks: true };
    const [herd, operator] = await herdWithOperator(options);
    assertEquals(await herd.during(operator.prove(await proverOf())), null);
    assertEquals(
      herd.server("Clark").events.filter((event) => event.includes("needs HERD_SECRET")).length,
      1,
    );
    await herd.stop();
  },
});

Deno.test({
  name: "OperatorLink speaks version 2 only: no proof is given before one is asked for",
  permissions,
  async fn() {
    const [herd, operator] = await herdWithOperator({ secrets });
    await operator.say(`HELLO 1 ${operatorName} Clark ${"0".repeat(32)}`);
    assertMatch((await herd.during(operator.hear()))!, /^\? HELLO 1/);
    await herd.stop();
  },
});

Deno.test({
  name: "OperatorLink: who says hello and no more is cut off",
  permissions,
  async fn() {
    const [herd, operator] = await herdWithOperator({ secrets });
    await operator.say(`HELLO 2 ${operatorName} Clark ${"0".repeat(32)}`);
    assertMatch((await herd.during(operator.hear()))!, /^HELLO 2 Clark - [0-9a-f]{32}$/);
    await herd.clock.run(helloTimeoutMs + 1);
    assertEquals(await herd.during(operator.hear()), null);
    await herd.stop();
  },
});

Deno.test({
  name: "A tombstone is not sent to a neighbour of version 1, and is to one of version 2",
  permissions,
  async fn() {
    for (const version of [1, 2] as const) {
      const herd = await MemoryHerd.make("Bona-Clark");
      const clark = herd.server("Clark");
      clark.report({ id: "kiwi", time: "1621464827.5" });
      clark.start();
      const hostname = herd.hostnameOf("Bona");
      const bona = await dialled(herd, hostname, version);
      const told: string[] = [];
      const hearing = (async () => {
        for (let line = await bona.hear(); line !== null; line = await bona.hear()) told.push(line);
      })();
      await herd.clock.run(100);
      const operator = await herd.during(herd.dial(operatorName, "Clark"));
      await herd.during(operator.prove(await proverOf()));
      await operator.say("FORGET kiwi");
      await herd.during(operator.hear());
      clark.report({ id: "plum", time: "1621464827.5" });
      await herd.clock.run(1_000);
      const records = told.filter((line) => line.startsWith("AT "));
      assertEquals(records.some((line) => line.includes(" plum ")), true, `version ${version}`);
      assertEquals(records.some((line) => line.includes(" kiwi - ")), version === 2);
      await herd.stop();
      await hearing;
    }
  },
});

/** Takes the link that Clark dials, in Bona's place and in one version. */
async function dialled(herd: MemoryHerd, hostname: string, version: 1 | 2): Promise<Stranger> {
  const { Stranger } = await import("./herd_in_memory.ts");
  const { LineConnection } = await import("../../lib/links/line_connection.ts");
  const listener = herd.network.transport(hostname).listen({ hostname, port: 12_100 });
  for (;;) {
    const connection = await herd.during(listener.accept());
    const stranger = new Stranger(new LineConnection(connection!), { from: "Bona", to: "Clark" });
    const hello = await herd.during(stranger.hear());
    if (!hello!.startsWith(`HELLO ${version} `)) {
      await stranger.say(`? ${hello}`);
      stranger.link.close();
      continue;
    }
    listener.close();
    const proof = version === 1 ? " -" : "";
    await stranger.say(`HELLO ${version} Bona Clark ${"0".repeat(32)}${proof}`);
    await herd.during(stranger.hear());
    await stranger.say(version === 1 ? "WELCOME" : "WELCOME -");
    return stranger;
  }
}
