/**
 * Writes what a run found into README.md, between two marks, and its plots beside it. What stands
 * outside of the marks is written by people.
 *
 * @module
 */

import { plotSvg } from "./plot.ts";
import { gateTable, type Section, sectionMarkdown, tableMarkdown } from "./report.ts";

/** A whole run. */
export interface Run {
  readonly machine: Readonly<Record<string, string>>;
  readonly commands: readonly string[];
  readonly missing: readonly string[];
  readonly sections: readonly Section[];
}

const begin = "<!-- the run begins -->";
const end = "<!-- the run ends -->";
const beside = (name: string) => new URL(`./${name}`, import.meta.url);

/** @param run what is written */
export async function writeReadme(run: Run): Promise<void> {
  const readme = await Deno.readTextFile(beside("README.md"));
  const before = readme.slice(0, readme.indexOf(begin) + begin.length);
  const after = readme.slice(readme.indexOf(end));
  await Deno.writeTextFile(beside("README.md"), `${before}\n\n${markdown(run)}\n\n${after}`);
  await Deno.writeTextFile(beside("result.json"), `${JSON.stringify(run)}\n`);
  await Deno.mkdir(beside("plots"), { recursive: true });
  const plots = run.sections.flatMap(({ plots = [] }) => plots);
  for (const plot of plots) {
    await Deno.writeTextFile(beside(`plots/${plot.id}.svg`), plotSvg(plot));
  }
  const files = ["README.md", "result.json", ...plots.map(({ id }) => `plots/${id}.svg`)];
  const args = [
    "fmt",
    "--quiet",
    ...files.map((file) => decodeURIComponent(beside(file).pathname)),
  ];
  await new Deno.Command(Deno.execPath(), { args }).output();
}

function markdown({ machine, commands, missing, sections }: Run): string {
  const { cores, cpu, memory, os, ...versions } = machine;
  const named = Object.entries(versions).map(([name, version]) => `${name} ${version}`).join(", ");
  const gates = sections.flatMap((section) => section.gates ?? []);
  return [
    "## The run",
    `The machine: ${cores} cores (${cpu}), ${memory}, ${os}.\n${named}.`,
    missing.length === 0 ? "Nothing was missing." : `Not there, left out: ${missing.join("; ")}.`,
    "### What must show",
    tableMarkdown(gateTable(gates)),
    ...sections.map(sectionMarkdown),
    "### The command lines",
    ["```sh", ...commands.filter(isFirstOfItsKind), "```"].join("\n"),
  ].join("\n\n");
}

/** Ports and counts differ from start to start; one line of a kind is enough to read. */
function isFirstOfItsKind(command: string, at: number, commands: readonly string[]): boolean {
  const kind = (text: string) => text.replaceAll(/\d+/g, "N");
  return commands.findIndex((other) => kind(other) === kind(command)) === at;
}
