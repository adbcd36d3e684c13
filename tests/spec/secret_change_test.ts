// A herd's secret is changed while it runs, in three steps, by HERD_SECRET_FILE and SIGHUP: no link is lost,
// and afterwards the old secret is refused.

import { assert, assertEquals, assertMatch } from "@std/assert";
import { chapter, processes } from "../process/chapter.ts";
import { RunningHerd } from "../process/running_herd.ts";
import { until } from "../process/waiting.ts";
import { dialLink, greet, type Parties, prove } from "./link_peer.ts";

const before = "the old secret of the herd";
const after = "the new secret of the herd";
const names = ["Clark", "Bona", "Jaquez"];

const says = chapter("The secret of a running herd is changed", async () => {
  const herd = new RunningHerd({
    servers: names,
    links: [["Clark", "Bona"], ["Bona", "Jaquez"]],
  });
  writeSecrets(herd, before);
  await Promise.all(names.map((name) => herd.start(name, { HERD_SECRET_FILE: fileOf(herd) })));
  await herd.connected();
  return herd;
}, { ignore: processes.ignore || Deno.build.os === "windows" });

function fileOf(herd: RunningHerd): string {
  return `${herd.directory}/secret`;
}

function writeSecrets(herd: RunningHerd, ...secrets: string[]): void {
  Deno.writeTextFileSync(fileOf(herd), secrets.map((secret) => `${secret}\n`).join(""));
  Deno.chmodSync(fileOf(herd), 0o600);
}

/** Has one server after the other read the file again; news goes on at every moment. */
async function reload(herd: RunningHerd, what: RegExp): Promise<void> {
  for (const name of names) {
    const program = herd.program(name);
    const { length } = program.output;
    program.signal("SIGHUP");
    const said = await until(
      () => program.output.slice(length).match(/has read \S+ again: .*\n/)?.[0] ?? null,
      `${name} reads its secrets again`,
    );
    assertMatch(said, what);
    await herd.connected();
  }
}

function assertNothingLost(herd: RunningHerd): void {
  for (const name of names) {
    assert(!/link (from|to) \S+ lost/.test(herd.log(name)), herd.log(name));
  }
}

says("First every server takes the new one, too", async (herd) => {
  writeSecrets(herd, before, after);
  await reload(herd, /: a new secret is taken\n/);
  assertNothingLost(herd);
});

says("Then every server proves with the new one, and still takes the old", async (herd) => {
  writeSecrets(herd, after, before);
  await reload(herd, /: another secret is proven with\n/);
  assertNothingLost(herd);
  for (const secret of [before, after]) {
    using _link = await dialLink(herd.port("Clark"), { self: "Bona", other: "Clark", secret })
      // The old one is taken, and Clark proves itself with the new one.
      .catch((error) => {
        if (secret === after) throw error;
        assertMatch(error.message, /refused, or did not prove: WELCOME [0-9a-f]{64}$/);
        return { [Symbol.dispose]() {} };
      });
  }
});

says("Then the old one is taken out, and refused from then on", async (herd) => {
  await herd.connected();
  writeSecrets(herd, after);
  await reload(herd, /: an old secret is refused\n/);
  const parties: Parties = { self: "Bona", other: "Clark", secret: before };
  const { link, claim } = await greet(herd.port("Clark"), parties);
  using _link = link;
  await link.send(`PROOF ${await prove(before, { ...claim, side: "dial" })}\n`);
  assertMatch(await link.rest(), /^\? HELLO 2 Bona Clark /);
  using _new = await dialLink(herd.port("Clark"), { ...parties, secret: after });
});

says("A server that comes back with the new one alone is linked, and knows all", async (herd) => {
  const line = await herd.report("Clark", "kept");
  await herd.learns("Jaquez", "kept", line);
  await herd.kill("Jaquez");
  await herd.start("Jaquez", { HERD_SECRET_FILE: fileOf(herd) });
  await herd.learns("Jaquez", "kept", line);
});

says("A secret that is too short changes nothing", async (herd) => {
  writeSecrets(herd, "kiwi");
  const program = herd.program("Clark");
  program.signal("SIGHUP");
  await program.prints(/the secret has 4 bytes, and could be guessed/);
  await program.prints(/nothing has changed/);
  await herd.connected();
  assertEquals(program.ending, null);
});
