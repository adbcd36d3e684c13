import { assert, assertEquals } from "@std/assert";
import { compileArgs, executableName, sumLine, targets } from "../../.ci/compile.ts";
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
