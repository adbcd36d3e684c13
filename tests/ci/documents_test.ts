// What the Markdown pages say of this repository is so: links, tasks, examples and figures.

import { assert, assertEquals, assertMatch } from "@std/assert";
import configuration from "../../deno.json" with { type: "json" };
import { type CommandName, commands } from "../../lib/cli/commands.ts";
import { usage, usageOf } from "../../lib/cli/usage.ts";
import {
  answerBytesMax,
  bufferBytesMax,
  clientBytes,
  connectionsMax,
  idBytesMax,
  idleClientMs,
  lineBytesMax,
  placesCallsMax,
  placesPerDay,
  placesPerMinute,
  placesTimeoutMs,
  silentClientMs,
  slowClientMs,
  unansweredMax,
} from "../../lib/limits.ts";
import gazetteer from "../../lib/places/gazetteer/gazetteer.json" with { type: "json" };
import { parseHerdFile } from "../../lib/topology/herd_file.ts";
import { herdSchema } from "../../lib/topology/herd_schema.ts";
import type { Run } from "../bench/readme.ts";
import { needs } from "../needs.ts";

const root = new URL("../../", import.meta.url);
const files = await needs("read");
const folders = ["", ".github/", "lib/", "lib/links/", "tests/", "tests/bench/"];
const pages = ["README", "CONTRIBUTING", "SECURITY"].flatMap((name) =>
  folders.map((folder) => `${folder}${name}.md`)
).filter((path) => files.ignore || exists(path));

function exists(path: string): boolean {
  try {
    Deno.statSync(new URL(path, root));
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

function read(path: string): string {
  return Deno.readTextFileSync(new URL(path, root));
}

/** @returns the paths of all TypeScript files in a folder */
function* sources(folder: string): Generator<string> {
  for (const { name, isDirectory } of Deno.readDirSync(new URL(folder, root))) {
    if (isDirectory) yield* sources(`${folder}${name}/`);
    else if (name.endsWith(".ts")) yield folder + name;
  }
}

Deno.test({
  name: "Links in the pages lead to files of the repository",
  ...files,
  fn() {
    assert(pages.length >= 7, pages.join());
    for (const page of pages) {
      for (const [, target] of read(page).matchAll(/\]\(([^)#\s]+)[^)]*\)/g)) {
        if (/^https?:/.test(target!)) continue;
        const { pathname } = new URL(target!, new URL(page, "file:///"));
        assert(exists(pathname.slice(1)), `${page}: ${target}`);
      }
    }
  },
});

Deno.test({
  name: "Pages that comments cite are in the repository",
  ...files,
  fn() {
    for (const source of [...sources("lib/"), ...sources("tests/")]) {
      for (const [cited] of read(source).matchAll(/(?<![\w/.])[\w./]*[A-Z]+\.md\b/g)) {
        const folder = source.replace(/[^/]*$/, "");
        assert(exists(cited) || exists(folder + cited), `${source} cites ${cited}`);
      }
    }
  },
});

Deno.test({
  name: "Tests that the pages name are in the repository",
  ...files,
  fn() {
    let count = 0;
    for (const page of pages) {
      for (const [, path] of read(page).matchAll(/`(tests\/[\w/.]+)`/g)) {
        assert(exists(path!), `${page} names ${path}`);
        count++;
      }
    }
    assert(count >= 30, `${count} tests are named`);
  },
});

Deno.test({
  name: "README: each promise names a test",
  ...files,
  fn() {
    const [, section = ""] = read("README.md").split(/^## What it promises$|^What survives what/m);
    const promises = section.split("\n").filter((line) => line.startsWith("| **"));
    assert(promises.length >= 9, section);
    for (const promise of promises) assertMatch(promise, /`tests\/[\w/]+_test\.ts`/);
  },
});

Deno.test({
  name: "Tasks that the pages name are in deno.json",
  ...files,
  fn() {
    for (const page of pages) {
      for (
        const [, task] of read(page).matchAll(/deno(?:@[\d.]+)? task (?:--quiet )?([a-z:-]+)/g)
      ) {
        assert(Object.hasOwn(configuration.tasks, task!), `${page}: deno task ${task}`);
      }
    }
  },
});

Deno.test({
  name: "README: herd.json's example is right, and its keys are those of the table",
  ...files,
  fn() {
    const readme = read("README.md");
    const [, text = ""] = readme.match(/```json\n([^]*?)```/) ?? [];
    const { durable, forgetAfterS, maxClockAheadS } = parseHerdFile(text, "README.md");
    assertEquals([durable, forgetAfterS, maxClockAheadS], [true, 30 * 86_400, 300]);
    const [, section = ""] = readme.split(/^## herd\.json$|^## Running it$/m);
    const keys = [...section.matchAll(/^\| `(\$?\w+)/gm)].map(([, key]) => key);
    assertEquals([...new Set(keys)].sort(), Object.keys(herdSchema.shape).sort());
  },
});

Deno.test({
  name: "README: commands, flags and variables are those of --help",
  ...files,
  fn() {
    const [, section = ""] = read("README.md").split(/^## Commands$|^## herd\.json$/m);
    const named = [
      ...section.matchAll(/(--[a-z][a-z-]+)|\b([A-Z]+_[A-Z_]+)\b/g),
    ].map(([word]) => word);
    assert(named.length >= 10, named.join());
    const help = [usage, ...(Object.keys(commands) as CommandName[]).map(usageOf)].join("\n");
    for (const word of named) assert(help.includes(word), word);
    for (const [word] of help.matchAll(/--[a-z][a-z-]+|\b[A-Z]+_[A-Z_]+\b/g)) {
      assert(section.includes(word), word);
    }
    for (const [, command] of usage.matchAll(/herd-server ([a-z]+)/g)) {
      assertMatch(section, new RegExp(`\\| \`${command}\\b`));
    }
  },
});

Deno.test({
  name: "README: limits are those of limits.ts",
  ...files,
  fn() {
    const [, section = ""] = read("README.md").split(/^## Limits$|^## Dependencies$/m);
    const stated = section.replaceAll(/ +/g, " ");
    for (
      const row of [
        `bytes of a line | ${lineBytesMax / 1024} KiB |`,
        `connections | ${connectionsMax.toLocaleString("en")} |`,
        `| ${silentClientMs / 1_000} s, ${idleClientMs / 3_600_000} hours |`,
        `half of the memory at ${clientBytes} bytes each`,
        `grow to | ${bufferBytesMax / 2 ** 20} MiB |`,
        `bytes of an ID | ${idBytesMax.toLocaleString("en")} |`,
        `${placesPerMinute}, ${placesPerDay.toLocaleString("en")} |`,
        `wait for an answer | ${unansweredMax} |`,
        `wait for one client | ${answerBytesMax / 1024} KiB |`,
        `reads nothing for ${slowClientMs / 1_000} s`,
        `calls to Google at once | ${placesCallsMax} |`,
        `one call to Google | ${placesTimeoutMs / 1_000} s,`,
      ]
    ) assert(stated.includes(row), row);
  },
});

Deno.test({
  name: "README: figures are those of the benchmarks' last run",
  ...files,
  fn() {
    const readme = read("README.md");
    const { sections } = JSON.parse(read("tests/bench/result.json")) as Run;
    const gates = sections.flatMap((section) => section.gates ?? []);
    const got = (what: string) => gates.find((gate) => gate.what === what)!.got;
    for (const [flight, ...cells] of readme.matchAll(/^\|\s+(\d+) \|(.*)\|$/gm)) {
      const [count, figures] = cells as [string, string];
      const [redis, echo, , node, java] = figures.split("|").map(Number);
      const stated = {
        "Redis GEOADD": redis,
        "the echo": echo,
        "Node net": node,
        "Java NIO": java,
      };
      for (const [rival, ratio] of Object.entries(stated)) {
        const measured = got(`${count} in flight, to ${rival}`);
        assert(Math.abs(measured / ratio! - 1) < 0.05, `${flight}: ${rival} ${measured}`);
      }
    }
    assert(
      readme.includes(`${Math.round(got("bytes a client at 1,000k clients"))} bytes of memory`),
    );
    assert(
      readme.includes(`${Math.round(got("`deno run` to listening, warm, in ms"))} ms from source`),
    );
    assert(readme.includes(`${gazetteer.features?.length} places`));
  },
});
