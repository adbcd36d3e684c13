import { assert, assertEquals, assertRejects } from "@std/assert";
import { compileArgs, executableName, replaceFile, sumLine, targets } from "../../.ci/compile.ts";
import { needs } from "../needs.ts";
import configuration from "../../deno.json" with { type: "json" };

Deno.test({
  name: "compileArgs() compile in the permissions of the task, and no others",
  permissions: "none",
  fn() {
    const allowed = (words: string[]) => words.filter((word) => word.startsWith("--allow"));
    const task = configuration.tasks["herd-server"].command.split(" ");
    const args = compileArgs({ bundle: "b.js", output: "herd-server" });
    assertEquals(allowed(args), allowed(task));
    assertEquals(args.some((arg) => arg === "--allow-all" || arg === "-A"), false);
    const env = allowed(args).find((arg) => arg.startsWith("--allow-env"));
    assert(env?.includes("=HERD_SECRET,"), "variables by name");
    assertEquals(args.slice(-3), ["--output", "herd-server", "b.js"]);
  },
});

Deno.test({
  name: "compileArgs() names the target where one is asked for",
  permissions: "none",
  fn() {
    for (const target of targets) {
      const args = compileArgs({ bundle: "b.js", output: "o", target });
      assertEquals(args[args.indexOf("--target") + 1], target);
    }
    assertEquals(compileArgs({ bundle: "b.js", output: "o" }).includes("--target"), false);
  },
});

Deno.test({
  name: "executableName() ends with .exe on Windows only",
  permissions: "none",
  fn() {
    assertEquals(targets.map(executableName), [
      "herd-server-x86_64-unknown-linux-gnu",
      "herd-server-aarch64-unknown-linux-gnu",
      "herd-server-x86_64-apple-darwin",
      "herd-server-aarch64-apple-darwin",
      "herd-server-x86_64-pc-windows-msvc.exe",
    ]);
  },
});

Deno.test({
  name: "sumLine() is as sha256sum prints it",
  permissions: "none",
  async fn() {
    assertEquals(
      await sumLine(Uint8Array.from(new TextEncoder().encode("abc")), "abc.txt"),
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  abc.txt\n",
    );
  },
});

Deno.test({
  name: "replaceFile() keeps the old file until the new one is there, and where there is none",
  ...(await needs("read", "write")),
  async fn() {
    const directory = await Deno.makeTempDir();
    const path = `${directory}/herd-server`;
    const read = () => Deno.readTextFileSync(path);
    try {
      await Deno.writeTextFile(path, "old");
      const half = async (path: string) => {
        await Deno.writeTextFile(path, "half");
        assertEquals(read(), "old");
        return false;
      };
      assertEquals([await replaceFile(path, half), read()], [false, "old"]);
      const throwing = () => Promise.reject(new Error("no disk"));
      await assertRejects(() => replaceFile(path, throwing), Error, "no disk");
      assertEquals(read(), "old");
      const whole = async (path: string) => {
        await Deno.writeTextFile(path, "new");
        return true;
      };
      assertEquals([await replaceFile(path, whole), read()], [true, "new"]);
      assertEquals([...Deno.readDirSync(directory)].map(({ name }) => name), ["herd-server"]);
    } finally {
      await Deno.remove(directory, { recursive: true });
    }
  },
});
