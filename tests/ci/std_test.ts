import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { importMap, packages, signatures } from "../../.ci/std.ts";
import configuration from "../../deno.json" with { type: "json" };
import { needs } from "../needs.ts";

const isStd = (name: string) => name.startsWith("@std/");

Deno.test({
  name: "packages name every @std import of deno.json, at a pinned version",
  permissions: "none",
  fn() {
    const names = Object.keys(configuration.imports).filter(isStd);
    assertEquals(Object.keys(packages), names);
    for (const [name, specifier] of Object.entries(packages)) {
      const [, room, subpath = ""] = /^(@std\/[^/]+)(\/.*)?$/.exec(name)!;
      assertEquals(specifier.replace(/@\d+\.\d+\.\d+/, ""), `jsr:${room}${subpath}`);
      assert(/@\d+\.\d+\.\d+/.test(specifier), `${specifier} is not pinned`);
    }
  },
});

const tools = await needs("read", "write", "run");

Deno.test({
  name: "signatures: what uses @std passes the type check, and what std does not offer fails it",
  ...tools,
  async fn() {
    const directory = await Deno.makeTempDir();
    try {
      const map = `${directory}/map.json`;
      await Deno.writeTextFile(map, importMap(signatures));
      const check = async (...files: string[]) => {
        const args = ["check", "--quiet", `--import-map=${map}`, ...files];
        const { success, stderr } = await new Deno.Command(Deno.execPath(), { args }).output();
        return { success, text: new TextDecoder().decode(stderr) };
      };
      const users = await check("main.ts", "lib/log", "tests/std", "tests/log");
      assert(users.success, users.text);
      const wider = `${directory}/wider.ts`;
      await Deno.writeTextFile(wider, 'import { LogRecord } from "@std/log";\nnew LogRecord();\n');
      const refused = await check(wider);
      assertEquals(refused.success, false);
      assertStringIncludes(refused.text, "LogRecord");
    } finally {
      await Deno.remove(directory, { recursive: true });
    }
  },
});
