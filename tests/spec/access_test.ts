// Who may do what, with the real program: a herd that wants tokens, the commands `token`, `client` and
// `forget`, and what is found of a token or the secret where nothing of them may be.

import { assert, assertEquals, assertFalse, assertMatch } from "@std/assert";
import { chapter, processes } from "../process/chapter.ts";
import { ask } from "../process/client.ts";
import { run } from "../process/program.ts";
import { RunningHerd } from "../process/running_herd.ts";
import { until } from "../process/waiting.ts";

const secret = "the secret of a herd with tokens";
const names = ["Clark", "Bona"];
const env = { HERD_SECRET: secret };

const says = chapter("A herd whose clients need tokens", async () => {
  const herd = new RunningHerd({
    servers: names,
    links: [["Clark", "Bona"]],
    memory: { clients: "token" },
    env,
  });
  await Promise.all(names.map((name) => herd.start(name)));
  await until(() => names.every((name) => /link from \S+ made/.test(herd.log(name))), "links");
  return herd;
});

/** Makes a token by the command. @returns it, and the `jti` */
async function token(...args: string[]): Promise<{ token: string; jti: string }> {
  const { code, output, errors } = await run(["token", ...args], { env });
  assertEquals(code, 0, errors);
  const [, jti = ""] = /revoke it by (\S+)/.exec(errors) ?? [];
  return { token: output.trim(), jti };
}

const report = "IAMAT family/jane +34.068930-118.445127 1621464827";

says("token prints a token and nothing else, and says what it allows beside it", async () => {
  const { output, errors } = await run(
    ["token", "jane", "--report", "family/jane", "--read", "family/*", "--places", "--days", "365"],
    { env },
  );
  assertMatch(output, /^eyJ[\w-]+\.[\w-]+\.[\w-]+\n$/);
  assertMatch(
    errors,
    /^jane may report family\/jane, read family\/\*, ask about places near those until \d{4}-\d\d-\d\dT[\d:]+Z; revoke it by [\w-]{16}\n$/,
  );
});

says("What token cannot make is one line, and exit status 2", async () => {
  const wrong: Record<string, [args: string[], says: RegExp]> = {
    "no name": [["--admin"], /token takes the name/],
    "a name of two words": [["jane doe", "--admin"], /token takes the name/],
    "no right": [["jane"], /without a right is of no use/],
    "an ID with a space": [["jane", "--read", "a b"], /--read: "a b" should have no white space/],
    "no days": [["jane", "--admin", "--days", "soon"], /--days "soon" should be a number of days/],
    "none at all": [["jane", "--admin", "--days", "0"], /--days "0" should be a number of days/],
  };
  for (const [what, [args, says]] of Object.entries(wrong)) {
    const { code, output, errors } = await run(["token", ...args], { env });
    assertEquals([code, output], [2, ""], what);
    assertMatch(errors, says, what);
    assertEquals(errors.trim().split("\n").length, 1, errors);
  }
  const { code, errors } = await run(["token", "jane", "--admin"]);
  assertEquals(code, 2);
  assertMatch(errors, /HERD_SECRET is not set/);
});

says("Without a token every line is refused, and after three the connection ends", async (herd) => {
  const answer = await ask(herd.port("Clark"), `${report}\n`.repeat(5));
  assertEquals(answer, `? ${report}\n`.repeat(3));
});

says("With one, AUTH is answered, and every server knows it", async (herd) => {
  const { token: jane } = await token("jane", "--report", "family/jane", "--read", "family/*");
  const said = await ask(herd.port("Clark"), `AUTH ${jane}\n${report}\n`);
  assertMatch(said, /^AUTH jane \d{10}\nAT Clark \S+ family\/jane /);
  const asked = () => ask(herd.port("Bona"), `AUTH ${jane}\nWHATSAT family/jane 1 0\n`);
  await until(async () => (await asked()).includes("AT Clark"), "Bona knows jane");
  const other = await ask(herd.port("Bona"), `AUTH ${jane}\nWHATSAT dog 1 0\nIAMAT dog +1+1 1\n`);
  assertEquals(other.split("\n").slice(1), ["? WHATSAT dog 1 0", "? IAMAT dog +1+1 1", ""]);
});

says("client shows the token of HERD_TOKEN, and says when it is not accepted", async (herd) => {
  const { token: reader } = await token("reader", "--read", "*");
  const args = ["client", "--config", herd.config, "Clark", "WHATSAT family/jane 1 0"];
  const shown = await run(args, { env: { HERD_TOKEN: reader } });
  assertEquals(shown.code, 0, shown.errors);
  assertMatch(shown.output, /^AT Clark \S+ family\/jane /);
  const refused = await run(args, { env: { HERD_TOKEN: `${reader}x` } });
  assertEquals(refused.code, 2);
  assertMatch(refused.errors, /does not accept the token of HERD_TOKEN/);
  assertFalse(refused.errors.includes(reader));
});

says("A token that herd.json revokes counts no more after SIGHUP", async (herd) => {
  const { token: guest, jti } = await token("guest", "--read", "*");
  const asked = () => ask(herd.port("Clark"), `AUTH ${guest}\nWHATSAT family/jane 1 0\n`);
  assertMatch(await asked(), /^AUTH guest/);
  const config = JSON.parse(Deno.readTextFileSync(herd.config));
  Deno.writeTextFileSync(herd.config, JSON.stringify({ ...config, revoked: [jti] }));
  herd.program("Clark").signal("SIGHUP");
  await until(() => herd.program("Clark").output.includes("tokens revoked: 1"), "Clark reloads");
  assertEquals(await asked(), "? AUTH\n? WHATSAT family/jane 1 0\n");
});

says("forget deletes a client everywhere, by the secret alone", async (herd) => {
  const forget = (env: Record<string, string>, id = "family/jane") =>
    run(["forget", "--config", herd.config, id], { env });
  const without = await forget({});
  assertEquals(without.code, 2);
  assertMatch(without.errors, /deletes nobody: .*HERD_SECRET/);
  const wrong = await forget({ HERD_SECRET: "another secret, as long as it" });
  assertEquals(wrong.code, 2);
  const done = await forget(env);
  assertEquals(done.code, 0, done.errors);
  assertMatch(
    done.output,
    /^Clark has deleted family\/jane: AT Clark \+0\.000000000 family\/jane - /,
  );
  const { token: reader } = await token("reader", "--read", "*");
  for (const name of names) {
    const asked = () => ask(herd.port(name), `AUTH ${reader}\nWHATSAT family/jane 1 0\n`);
    await until(async () => (await asked()).endsWith("? WHATSAT family/jane 1 0\n"), name);
  }
  const again = await forget(env);
  assertEquals([again.code, again.errors], [1, "Clark knows no client family/jane\n"]);
  const spaced = await forget(env, "family jane");
  assertEquals(spaced.code, 2);
});

says("No token and no secret is in a log, nor in what a server printed", (herd) => {
  for (const name of names) {
    const { output, errors } = herd.program(name);
    const all = [herd.log(name), output, errors].join("\n");
    assert(/ AUTH jane \d/.test(all), "the log has who came");
    assertFalse(/eyJ/.test(all), "a token");
    assertFalse(all.includes(secret), "the secret");
  }
});

Deno.test({
  name: 'serve refuses "clients": "token" without a secret, in one line',
  ...processes,
  async fn() {
    const herd = new RunningHerd({ servers: ["Clark"], memory: { clients: "token" } });
    await using _herd = herd;
    const { code, errors } = await run(["serve", "Clark", "--config", herd.config]);
    assertEquals(code, 2);
    assertMatch(errors, /herd\.json: clients: "token" needs HERD_SECRET in the environment/);
  },
});
