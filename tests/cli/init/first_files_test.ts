import { assert, assertEquals } from "@std/assert";
import * as z from "zod";
import { check } from "../../../lib/cli/check/check.ts";
import { type CommandName, commandNamed, commands } from "../../../lib/cli/commands.ts";
import { completions } from "../../../lib/cli/init/completions.ts";
import { firstHerd } from "../../../lib/cli/init/first_herd.ts";
import { jsonSchema } from "../../../lib/cli/init/json_schema.ts";
import { manPage } from "../../../lib/cli/init/man_page.ts";
import { parseHerdFile } from "../../../lib/topology/herd_file.ts";
import { needs } from "../../needs.ts";
import { rightHerd, wrongHerds } from "../../topology/wrong_herds.ts";

/** What a program prints, and whether it found fault with its input; null where there is none. */
async function run(command: string, args: readonly string[], input: string) {
  try {
    const options = { stdin: "piped", stdout: "piped", stderr: "piped" } as const;
    const child = new Deno.Command(command, { args: [...args], ...options }).spawn();
    const writer = child.stdin.getWriter();
    await writer.write(new TextEncoder().encode(input));
    await writer.close();
    const { success, stdout, stderr } = await child.output();
    const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
    return { success, output: text(stdout), errors: text(stderr) };
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return null;
    throw error;
  }
}

const programs = await needs("run");

/** A test of what a program says, where there is such a program. */
async function testWith(program: string, name: string, fn: () => Promise<void>): Promise<void> {
  const ignore = programs.ignore || await run(program, ["--version"], "") === null;
  Deno.test({ name, ignore, fn });
}

/** The schema as a validator. */
function validator(): z.ZodType {
  return z.fromJSONSchema(JSON.parse(jsonSchema()));
}

Deno.test({
  name: "firstHerd is a herd in which check finds nothing wrong, and which the schema takes",
  ...(await needs("read", "write")),
  async fn() {
    const config = await Deno.makeTempFile();
    try {
      await Deno.writeTextFile(config, firstHerd);
      const errors: string[] = [];
      const print = { log: () => {}, error: (line: string) => void errors.push(line) };
      const faultsOf = () => Promise.resolve({ errors: [], warnings: [] });
      assertEquals([await check(config, { print, faultsOf }), errors], [0, []]);
    } finally {
      await Deno.remove(config);
    }
    assertEquals(parseHerdFile(firstHerd, "herd.json").topology.diameter(), 1);
    assert(validator().safeParse(JSON.parse(firstHerd)).success);
  },
});

Deno.test({
  name: "jsonSchema() refuses every wrong herd.json of the wrong shape, and takes right ones",
  permissions: "none",
  fn() {
    const schema = validator();
    const full = {
      ...rightHerd,
      $schema: "herd.schema.json",
      servers: { ...rightHerd.servers, Bob: { ...rightHerd.servers.Bob, bind: "::" } },
      places: { provider: "google", endpoint: "https://x.example/", perDay: 5, file: "a" },
      durable: "sync",
      forgetAfter: "P1DT12H",
      maxClockAheadS: 0.5,
      "//": ["a", "comment"],
    };
    for (const herd of [rightHerd, full]) {
      assertEquals(parseHerdFile(JSON.stringify(herd), "h.json").links.length, 1);
      assert(schema.safeParse(herd).success);
    }
    for (const { what, text, isOfShape } of wrongHerds) {
      if (isOfShape) assert(!schema.safeParse(JSON.parse(text)).success, what);
    }
  },
});

Deno.test({
  name: "jsonSchema() says what every key means",
  permissions: "none",
  fn() {
    const silent: string[] = [];
    const look = (part: Record<string, unknown>, path: string) => {
      const properties = Object.entries(part["properties"] ?? {});
      for (const [key, value] of properties) {
        if (value.description === undefined && key !== "$schema") silent.push(`${path}.${key}`);
        look(value, `${path}.${key}`);
      }
      if (typeof part["additionalProperties"] === "object") {
        look(part["additionalProperties"] as Record<string, unknown>, `${path}.NAME`);
      }
    };
    look(JSON.parse(jsonSchema()), "");
    assertEquals(silent, []);
  },
});

Deno.test({
  name: "manPage() and completions() name every command and each of its flags",
  permissions: "none",
  fn() {
    const page = manPage("1.0.0").replaceAll("\\-", "-");
    for (const name of Object.keys(commands) as CommandName[]) {
      for (const word of [name, ...commandNamed(name).flags.map((flag) => `--${flag}`)]) {
        assert(page.includes(word), word);
        for (const shell of ["bash", "zsh"] as const) assert(completions(shell).includes(word));
        assert(completions("fish").includes(word.replace(/^--/, "-l ")), word);
      }
    }
  },
});

await testWith("groff", "manPage() is a page in which groff finds nothing wrong", async () => {
  const page = await run("groff", ["-man", "-Tascii", "-ww"], manPage("1.0.0"));
  assertEquals(page?.errors, "");
  // deno-lint-ignore no-control-regex
  const text = page!.output.replace(/\x1b\[[\d;]*m|.\x08/g, "");
  assert(/^NAME\n +herd-server - a server herd/m.test(text), text);
  assert(/^COMMANDS\n +serve NAME\n +start the server NAME$/m.test(text), text);
});

await testWith(
  "bash",
  "completions() complete commands, servers, kinds and flags in bash",
  async () => {
    const fake =
      "herd-server() { printf 'h: 2 servers\\n\\nserver  address\\nAnn     h:1\\nBob     h:2\\n\\n" +
      "places: x\\n'; }\n";
    const complete = async (...words: string[]) => {
      const script = `${fake}${completions("bash")}
COMP_WORDS=(herd-server ${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length}
_herd_server; echo "\${COMPREPLY[@]}"`;
      const ran = await run("bash", ["--norc"], script);
      assertEquals(ran?.errors, "");
      return ran!.output.trim().split(" ").filter((word) => word !== "");
    };
    assertEquals(await complete("che"), ["check"]);
    assertEquals(await complete("B"), ["Bob"]);
    assertEquals(await complete("serve", ""), ["Ann", "Bob"]);
    assertEquals(await complete("client", "A"), ["Ann"]);
    assertEquals(await complete("init", "com"), ["compose", "completions"]);
    assertEquals(await complete("init", "completions", "z"), ["zsh"]);
    assertEquals(await complete("export", "Ann", "--f"), ["--format"]);
    assertEquals(await complete("export", "Ann", "--format", "g"), ["geojson"]);
    assertEquals(await complete("help", "im"), ["import"]);
  },
);

for (const shell of ["zsh", "fish"] as const) {
  await testWith(
    shell,
    `completions() are a script in which ${shell} finds no mistake`,
    async () => {
      const checked = await run(shell, ["-n"], completions(shell));
      assertEquals([checked?.success, checked?.errors], [true, ""]);
    },
  );
}
