/**
 * What the suite tells: sections with tables, plots and gates, as text for a terminal and as Markdown.
 *
 * @module
 */

import type { Plot } from "./plot.ts";

/** A table; numbers are already in words. */
export interface Table {
  readonly caption?: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Something that must show. */
export interface Gate {
  readonly what: string;
  readonly got: number;
  /** `got` must be at least, or at most, this. */
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** What one measurement tells. */
export interface Section {
  readonly title: string;
  /** What was measured and how, in a paragraph. */
  readonly text: string;
  readonly tables: readonly Table[];
  readonly plots?: readonly Plot[];
  readonly gates?: readonly Gate[];
  /** The same as data, for JSON. */
  readonly data: unknown;
}

/** @returns whether it shows */
export function isMet({ got, atLeast = -Infinity, atMost = Infinity }: Gate): boolean {
  return got >= atLeast && got <= atMost;
}

/** @returns the table of all gates */
export function gateTable(gates: readonly Gate[]): Table {
  return {
    columns: ["what must show", "wanted", "got", ""],
    rows: gates.map((gate) => [
      gate.what,
      gate.atLeast !== undefined ? `≥ ${gate.atLeast}` : `≤ ${gate.atMost}`,
      Number.isFinite(gate.got) ? String(Number(gate.got.toPrecision(3))) : "not measured",
      isMet(gate) ? "pass" : Number.isFinite(gate.got) ? "MISS" : "—",
    ]),
  };
}

/** @returns a table for a terminal */
export function tableText({ caption, columns, rows }: Table): string {
  const all = [columns, ...rows];
  const widths = columns.map((_, at) => Math.max(...all.map((row) => (row[at] ?? "").length)));
  const lines = all.map((row) =>
    row.map((cell, at) => at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!)).join(
      "  ",
    )
  );
  return [...(caption === undefined ? [] : [caption]), ...lines].join("\n");
}

/** @returns a table in Markdown */
export function tableMarkdown({ caption, columns, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const rule = columns.map((_, at) => at === 0 ? "---" : "--:");
  const table = [line(columns), line(rule), ...rows.map(line)].join("\n");
  return caption === undefined ? table : `${caption}:\n\n${table}`;
}

/** @returns a section for a terminal */
export function sectionText({ title, text, tables }: Section): string {
  return [`\n== ${title}`, wrapped(text), ...tables.map(tableText)].join("\n\n");
}

/** @returns a section in Markdown; its plots are files in `plots/` */
export function sectionMarkdown({ title, text, tables, plots = [] }: Section): string {
  const images = plots.map(({ id, title }) => `![${title}](plots/${id}.svg)`);
  return [`### ${title}`, wrapped(text), ...tables.map(tableMarkdown), ...images].join("\n\n");
}

function wrapped(text: string): string {
  const lines = [""];
  for (const word of text.split(/\s+/)) {
    const last = lines.at(-1)!;
    if (last.length + word.length > 98) lines.push(word);
    else lines[lines.length - 1] = last === "" ? word : `${last} ${word}`;
  }
  return lines.join("\n");
}

/** @returns `1234567` as `1,235k` and `3` as `3` */
export function count(number: number): string {
  if (!Number.isFinite(number)) return "—";
  if (Math.abs(number) < 10_000) return Math.round(number).toLocaleString("en");
  return `${Math.round(number / 1000).toLocaleString("en")}k`;
}

/** @returns a number with so many digits behind the point */
export function fixed(number: number, digits: number): string {
  return Number.isFinite(number) ? number.toFixed(digits) : "—";
}
