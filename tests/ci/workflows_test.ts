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

Deno.test({
  name: "ci.yml runs the one gate on every system that there are executables for",
  ...files,
  fn() {
    const { steps, strategy } = workflow("ci.yml").value.jobs.ok;
    assertEquals(steps.at(-1), { run: "deno task ok --with-executable" });
    const systems: string[] = strategy.matrix.os;
    for (const system of [/^ubuntu-[\d.]+$/, /^ubuntu-[\d.]+-arm$/, /^macos/, /^windows/]) {
      assert(systems.some((name) => system.test(name)), String(system));
    }
  },
});

Deno.test({
  name: "release.yml publishes what was packed, summed and attested, in this order",
  ...files,
  fn() {
    const { permissions, steps } = workflow("release.yml").value.jobs.release;
    assertEquals(permissions, {
      ...{ "contents": "write", "id-token": "write", "attestations": "write" },
    });
    const indexOf = (part: string) =>
      steps.findIndex(({ run = "", uses = "" }) => `${run}${uses}`.includes(part));
    const order = ["compile:all", "archives", "sha256sum", "attest-build-provenance", "gh release"];
    const places = order.map(indexOf);
    assertEquals(places.includes(-1), false);
    assertEquals(places, places.toSorted((one, other) => one - other));
    const subject = steps[indexOf("attest-build-provenance")].with["subject-path"];
    assertEquals(subject, "dist/*");
    assert(steps[indexOf("gh release")].run.endsWith(` ${subject}`));
  },
});
