import { assert, assertEquals, assertMatch } from "@std/assert";
import { parse } from "deno-std/yaml/parse.js";
import configuration from "../../deno.json" with { type: "json" };
import { needs } from "../needs.ts";

const root = new URL("../../", import.meta.url);
const files = await needs("read");

/** A workflow as text and as what the text says. */
function workflow(name: string) {
  const text = Deno.readTextFileSync(new URL(`.github/workflows/${name}`, root));
  // deno-lint-ignore no-explicit-any
  return { text, value: parse(text) as any };
}

for (const name of ["ci.yml", "release.yml"]) {
  Deno.test({
    name: `${name} is strict YAML, uses actions by their commit, and runs tasks that there are`,
    ...files,
    fn() {
      const { text, value } = workflow(name);
      assertEquals(value.permissions, { contents: "read" });
      for (const [, action] of text.matchAll(/uses: (\S+)/g)) {
        if (!action!.startsWith("./")) assertMatch(action!, /^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
      }
      const tasks = [...text.matchAll(/deno task ([\w:-]+)/g)].map(([, task]) => task!);
      assert(tasks.length > 0);
      for (const task of tasks) assert(Object.hasOwn(configuration.tasks, task), task);
    },
  });
}

Deno.test({
  name: "ci.yml and release.yml take the Deno of .ci/run",
  ...files,
  fn() {
    const [, version] = Deno.readTextFileSync(new URL(".ci/run", root)).match(/^version=(.*)$/m) ??
      [];
    assertEquals(workflow("ci.yml").value.env.DENO_VERSION, version);
    assertEquals(workflow("release.yml").value.jobs.release.env.DENO_VERSION, version);
  },
});
