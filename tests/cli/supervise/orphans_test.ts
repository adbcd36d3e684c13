import { assertEquals, assertMatch } from "@std/assert";
import { killMs } from "../../../lib/limits.ts";
import { processes } from "../../process/chapter.ts";
import { Program } from "../../process/program.ts";
import { freePorts } from "../../process/running_herd.ts";
import { until } from "../../process/waiting.ts";

const host = "127.0.0.1";

/** A directory with a herd.json of two servers, and a way to ask whether one of them listens. */
async function withHerd(
  fn: (cwd: string, listens: (name: "Ann" | "Bob") => Promise<boolean>) => Promise<void>,
): Promise<void> {
  const cwd = await Deno.makeTempDir({ prefix: "herd-test-" });
  const [ann = 0, bob = 0] = freePorts(2);
  const servers = { Ann: { host, port: ann }, Bob: { host, port: bob } };
  try {
    await Deno.writeTextFile(
      `${cwd}/herd.json`,
      JSON.stringify({ servers, links: [["Ann", "Bob"]] }),
    );
    await fn(cwd, async (name) => {
      try {
        (await Deno.connect({ hostname: host, port: servers[name].port })).close();
        return true;
      } catch {
        return false;
      }
    });
  } finally {
    await Deno.remove(cwd, { recursive: true });
  }
}

Deno.test({
  name: "herd leaves no server behind when it is killed",
  ...processes,
  ignore: processes.ignore || Deno.build.os === "windows",
  fn: () =>
    withHerd(async (cwd, listens) => {
      const herd = new Program(["herd"], { cwd });
      try {
        await until(async () => await listens("Ann") && await listens("Bob"), "a herd");
      } finally {
        herd.signal("SIGKILL");
      }
      const begunMs = performance.now();
      await until(async () => !await listens("Ann") && !await listens("Bob"), "an empty field");
      assertEquals(performance.now() - begunMs < killMs, true, "within the time of a stop");
      const log = await Deno.readTextFile(`${cwd}/logs/Ann.log`);
      assertMatch(log, /Ann stops\n/);
    }),
});

Deno.test({
  name: "herd leaves a server alone that runs already, says so once, and starts the others",
  ...processes,
  fn: () =>
    withHerd(async (cwd, listens) => {
      await using ann = new Program(["Ann"], { cwd });
      await until(() => listens("Ann"), "Ann");
      await using herd = new Program(["herd"], { cwd });
      await until(() => listens("Bob"), "Bob");
      await until(() => herd.printed.includes("left alone"), "a word on Ann");
      await until(() => herd.printed.includes("Bob logs to"), "Bob's start");
      assertEquals(herd.printed.match(/left alone/g)?.length, 1);
      assertEquals(herd.printed.match(/Ann cannot listen/g)?.length, 1);
      assertEquals(/starts again/.test(herd.printed), false);
      herd.signal("SIGTERM");
      await until(() => herd.ending !== null, "the herd's end");
      assertEquals(await listens("Ann"), true);
      assertEquals(ann.ending, null);
    }),
});

Deno.test({
  name: "herd ends with 1 where every server runs already",
  ...processes,
  fn: () =>
    withHerd(async (cwd, listens) => {
      await using first = new Program(["herd"], { cwd });
      await until(async () => await listens("Ann") && await listens("Bob"), "a herd");
      await using second = new Program(["herd"], { cwd });
      await until(() => second.ending !== null, "an end");
      assertEquals(second.ending?.code, 1);
      assertEquals(first.ending, null);
    }),
});
